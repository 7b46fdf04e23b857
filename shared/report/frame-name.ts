/** How a report calls a frame: by its number, with the name of its file before it where there are several. */
import type { ReportFrame } from '../model/report.ts';

/** The name of a file without its folders. */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

/** `17`, or `client.pcap:17`: what `--reset` takes. @param paths of all files, by their numbers */
export function frameName(paths: readonly string[], { file, frame }: ReportFrame): string {
  return paths.length < 2 ? String(frame) : `${baseName(paths[file] ?? `file ${file + 1}`)}:${frame}`;
}

/** Several frames, each file named once: `17, 18`, or `client.pcap:17, 18; server.pcap:3`. */
export function frameNames(paths: readonly string[], frames: readonly ReportFrame[]): string {
  let text = '';
  for (const [index, at] of frames.entries()) {
    const isSameFile = index > 0 && frames[index - 1].file === at.file;
    if (index > 0) text += isSameFile || paths.length < 2 ? ', ' : '; ';
    text += isSameFile ? String(at.frame) : frameName(paths, at);
  }
  return text;
}

/** The paths that some frames of a case have to name: none where all are of the one file that its heading names. */
export function pathsToName(
  { file }: ReportFrame,
  frames: readonly ReportFrame[],
  paths: readonly string[],
): readonly string[] {
  return frames.every((frame) => frame.file === file) ? [] : paths;
}
