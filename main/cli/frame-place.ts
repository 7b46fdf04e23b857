/** A frame as people name it on the command line: `11`, or `2:11` and `server.pcap:11` where several files are read. */
import { basename } from 'node:path';

export interface FramePlace {
  /** From 0; undefined for a name that none of the files has. */
  readonly file: number | undefined;
  readonly frame: number;
}

/** @returns undefined for what names no frame */
export function framePlace(text: string, files: readonly string[]): FramePlace | undefined {
  const [, name, digits] = /^(?:(.+):)?(\d{1,10})$/u.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const frame = Number(digits);
  if (name === undefined) return { file: 0, frame };
  const byName = files.findIndex((path) => path === name || basename(path) === name);
  if (byName >= 0) return { file: byName, frame };
  const number = /^\d+$/u.test(name) ? Number(name) - 1 : -1;
  return { file: number >= 0 && number < files.length ? number : undefined, frame };
}
