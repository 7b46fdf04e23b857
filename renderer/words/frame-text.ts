/** The number of a frame; behind that of its file, from 1, where there are several. */
export function frameText(
  { file, frame }: { readonly file: number; readonly frame: number },
  files: number,
): string {
  return files > 1 ? `${file + 1}:${frame}` : String(frame);
}
