/** A case: a stretch of a capture's ring, as a file of its own. */
import { unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { LIVE_CAPTURE_LIMITS } from '../../capture/live/live-limits.ts';
import { copyWindow } from '../../capture/live/ring/copy-window.ts';
import type { RingFileState } from '../../capture/live/ring/ring-writer.ts';
import type { CaseOrder, KeptCase } from './capture-contract.ts';
import { makeFolder } from './make-folder.ts';

/** @param files of the ring, oldest first @throws Error for people, or what the file system reports */
export async function writeCase(
  files: readonly RingFileState[],
  folder: string,
  { name, fromNs, toNs }: Omit<CaseOrder, 'capture'>,
): Promise<KeptCase> {
  await makeFolder(folder);
  const path = join(folder, name);
  const copied = await copyWindow(files, { fromNs, toNs }, path, LIVE_CAPTURE_LIMITS.maxCaseBytes);
  if (copied.packets === 0) {
    await unlink(path);
    throw new Error('the ring no longer had any of it');
  }
  return { path, packets: copied.packets, missing: copied.missing, isCut: copied.isCut, second: null };
}
