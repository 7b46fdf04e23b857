/** The room that is left where captures go. */
import { statfs } from 'node:fs/promises';
import { failureOf, type RingFailure } from './ring-failure.ts';

/** The disk is asked this often, and after so many bytes. */
export const GUARD_MS = 1000;
export const GUARD_BYTES = 64 * 1024 * 1024;

export interface FreeSpace {
  /** null where it could not be asked. */
  readonly bytes: number | null;
  readonly failure: RingFailure | undefined;
}

/** @param keepFreeBytes less is a failure */
export async function freeSpaceOf(folder: string, keepFreeBytes: number): Promise<FreeSpace> {
  try {
    const { bavail, bsize } = await statfs(folder);
    const bytes = bavail * bsize;
    if (bytes >= keepFreeBytes) return { bytes, failure: undefined };
    const message = `${folder} has ${bytes} bytes left, less than the ${keepFreeBytes} to be kept free`;
    return { bytes, failure: { code: 'disk-full', message } };
  } catch (error) {
    return { bytes: null, failure: failureOf(error, folder) };
  }
}
