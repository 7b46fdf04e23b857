/** Names of files for people. Whoever made a file chose its name: it may try to hide or reorder what stands around it. */
import { sanitiseText } from '../../shared/format/text.ts';

/** The longest path that Linux takes. */
const MAX_PATH = 4096;

export function pathAsText(path: string): string {
  return sanitiseText(path, MAX_PATH);
}

/** The part behind the last slash. */
export function fileName(path: string): string {
  return pathAsText(path.slice(nameStart(path)) || path);
}

/** The part before the last slash; empty where there is none. */
export function folderName(path: string): string {
  return pathAsText(path.slice(0, Math.max(0, lastSlash(path))));
}

/** Index at which the name of the file begins: behind the last slash of either kind. */
export function nameStart(path: string): number {
  return lastSlash(path) + 1;
}

function lastSlash(path: string): number {
  return Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
}
