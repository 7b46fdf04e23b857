/** The SHA-256 of a file as it lies on the disk, by which somebody else finds out whether it is the same. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

/** Larger files are not read a second time for it: at some 1.5 GB a second that would keep people waiting for seconds. */
const MOST_BYTES = 8 * 1024 ** 3;

/** null for what is no file, cannot be read again or is too large. */
export async function fileHash(path: string, signal: AbortSignal): Promise<string | null> {
  try {
    const stats = await stat(path);
    if (!stats.isFile() || stats.size > MOST_BYTES) return null;
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(path, { signal, highWaterMark: 1 << 20 }))
      hash.update(chunk as Buffer);
    return hash.digest('hex');
  } catch {
    signal.throwIfAborted();
    return null;
  }
}
