/** Makes folders, such as only their owner may look into unless somebody says otherwise. */
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a folder, and those above it, where they are missing. mkdir's own `recursive` is not used, because it never ends
 * where a file system says ENOENT to every mkdir, as /proc does.
 * @param mode before the umask
 * @throws what the file system reports
 */
export async function makeFolder(path: string, mode = 0o700): Promise<void> {
  const code = await tryMake(path, mode);
  if (code === undefined || code === 'EEXIST') return;
  if (code === 'ENOENT' && dirname(path) !== path) await makeFolder(dirname(path), mode);
  await mkdir(path, { mode }).catch((error: NodeJS.ErrnoException) => {
    // Another process made it meanwhile.
    if (error.code !== 'EEXIST') throw error;
  });
}

/** Captures begun within one second; more than anybody starts. */
const MAX_NAMESAKES = 1000;

/**
 * Makes a folder that was not there: where `path` is taken, one with -2, -3, … behind its name.
 * @returns its path @throws what the file system reports
 */
export async function makeNewFolder(path: string): Promise<string> {
  await makeFolder(dirname(path));
  for (let count = 1; ; count++) {
    const candidate = count === 1 ? path : `${path}-${count}`;
    try {
      await mkdir(candidate, { mode: 0o700 });
      return candidate;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || count === MAX_NAMESAKES) throw error;
    }
  }
}

async function tryMake(path: string, mode: number): Promise<string | undefined> {
  try {
    await mkdir(path, { mode });
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown';
  }
}
