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
