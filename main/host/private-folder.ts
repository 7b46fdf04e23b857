/**
 * Folders of this process in the folder for temporary files, which everybody on the machine shares: their names cannot be
 * guessed, nobody else may look into them, and they go with the process. Those of a process that was killed are removed by
 * the next one.
 *
 * Invariant: what another user put there is never opened, followed, removed, or in the way.
 */
import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PRIVATE_MODE = 0o700;
/** Of the many folders that a machine has there, so many are looked at. */
const MAX_LOOKED_AT = 1_000;

/** @param prefix what the folder is for, such as `resetscope-upload-` */
export async function makePrivateFolder(prefix: string, parent = tmpdir()): Promise<string> {
  await removeAbandoned(prefix, parent);
  // The process id tells later ones whether the owner still lives. mkdtemp makes a new folder with mode 0700, or fails.
  return mkdtemp(join(parent, `${prefix}${process.pid}-`));
}

/** As much of it as can be; what cannot be removed is left alone. */
async function removeAbandoned(prefix: string, parent: string): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  const ours = names.filter((name) => name.startsWith(prefix)).slice(0, MAX_LOOKED_AT);
  for (const name of ours) {
    const pid = Number(/^(\d+)-/.exec(name.slice(prefix.length))?.[1] ?? 0);
    if (pid === 0 || isRunning(pid)) continue;
    const path = join(parent, name);
    if (await isOurs(path)) await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** A folder, no link to one, that this user made for itself alone. */
async function isOurs(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  if (found?.isDirectory() !== true) return false;
  if (process.getuid === undefined) return true;
  return found.uid === process.getuid() && (found.mode & 0o777) === PRIVATE_MODE;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
