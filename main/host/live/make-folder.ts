/** Makes a folder that only its owner may look into, and those above it where they are missing. */
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Not by mkdir's own `recursive`: where a file system says ENOENT to every mkdir, as /proc does, that never ends.
 * @throws what the file system reports
 */
export async function makeFolder(path: string): Promise<void> {
  const code = await tryMake(path);
  if (code === undefined || code === 'EEXIST') return;
  if (code === 'ENOENT' && dirname(path) !== path) await makeFolder(dirname(path));
  await mkdir(path, { mode: 0o700 });
}

async function tryMake(path: string): Promise<string | undefined> {
  try {
    await mkdir(path, { mode: 0o700 });
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown';
  }
}
