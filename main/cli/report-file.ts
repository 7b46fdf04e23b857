/**
 * Where `-o` writes the report: a file that is whole or not there, or a device or pipe that is there already. It is
 * opened before captures are read, so that nobody waits for a report that cannot be written.
 */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { tryWholeFile, WholeFile, WriteError } from '../capture/whole-file.ts';

export interface ReportFile {
  readonly stream: Writable;
  /** Where it is put in place when it is whole. */
  readonly folders: readonly string[];
  /** What went wrong with writing to the stream, for people. */
  explain(error: unknown): unknown;
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
      explain: (error) => error,
      commit: () => Promise.resolve(),
      discard: () => Promise.resolve(void stream.destroy()),
    };
  }
  const options = { existing: 'replace', mode: 0o666 } as const;
  // A disk may be full.
  await tryWholeFile(path, options);
  const file = await WholeFile.create(path, options);
  return {
    explain: (error) => new WriteError(resolve(path), error),
    folders: [dirname(resolve(path))],
    // The handle's own streams would hold it open until they are destroyed.
    stream: createWriteStream('', { fd: file.handle.fd, autoClose: false }),
    commit: () => file.commit(),
    discard: () => file.discard(),
  };
}

/** Links to what this process has open already; they must not be replaced. */
const OWN_DESCRIPTOR = /^\/(?:dev\/(?:stdout|stderr|fd\/\d+)|proc\/(?:self|thread-self|\d+)\/fd\/\d+)$/u;

/**
 * Only those links are followed: /dev has folders in which everybody may make others. A pipe of another user is none of
 * ours either: he would read the report.
 */
async function isDevice(path: string): Promise<boolean> {
  if (OWN_DESCRIPTOR.test(resolve(path))) return true;
  const stats = await lstat(path).catch(() => undefined);
  if (stats === undefined || stats.isFile() || stats.isSymbolicLink() || stats.isDirectory()) return false;
  return !stats.isFIFO() || process.geteuid === undefined || stats.uid === process.geteuid();
}
