/**
 * Where `-o` writes the report: a file that is whole or not there, or a device or pipe that is there already. It is
 * opened before captures are read, so that nobody waits for a report that cannot be written.
 */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { WholeFile } from '../capture/whole-file.ts';

export interface ReportFile {
  readonly stream: Writable;
  /** Where it is put in place when it is whole. */
  readonly folders: readonly string[];
  /** All was written to the stream, and it has ended. */
  commit(): Promise<void>;
  discard(): Promise<void>;
}

/** @throws WriteError, or what opening a device reports */
export async function openReportFile(path: string): Promise<ReportFile> {
  if (await isDevice(path)) {
    const stream = createWriteStream(path);
    await once(stream, 'open');
    return {
      stream,
      folders: [],
      commit: () => Promise.resolve(),
      discard: () => Promise.resolve(void stream.destroy()),
    };
  }
  const file = await WholeFile.create(path, { existing: 'replace', mode: 0o666 });
  return {
    folders: [dirname(resolve(path))],
    // The handle's own streams would hold it open until they are destroyed.
    stream: createWriteStream('', { fd: file.handle.fd, autoClose: false }),
    commit: () => file.commit(),
    discard: () => file.discard(),
  };
}

/** /dev/stdout is a link, which must not be replaced. */
async function isDevice(path: string): Promise<boolean> {
  if (/^\/(?:dev|proc)\//u.test(resolve(path))) return true;
  const stats = await lstat(path).catch(() => undefined);
  return stats !== undefined && !stats.isFile() && !stats.isSymbolicLink() && !stats.isDirectory();
}
