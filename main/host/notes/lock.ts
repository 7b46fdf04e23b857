/**
 * One process at a time changes a case: a lock is a file beside it that only one can make. It names its owner's process, so that the
 * lock of one that was killed does not stay.
 */
import { randomUUID } from 'node:crypto';
import { link, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

/** A change takes milliseconds; who waits longer has met a lock that nobody opens. */
const PATIENCE_MS = 5000;
const STEP_MS = 20;
/** Where the owner cannot be asked (a folder shared between machines), a lock this old is nobody's. */
const OLD_MS = 60_000;

export class LockedError extends Error {}

/** Runs the work while no other process holds the lock. @throws LockedError where it is not free in time */
export async function withLock<T>(
  path: string,
  work: () => Promise<T>,
  patienceMs = PATIENCE_MS,
): Promise<T> {
  const own = `${process.pid} ${randomUUID()}\n`;
  const until = performance.now() + patienceMs;
  while (!(await make(path, own))) {
    if (await isAbandoned(path)) continue;
    if (performance.now() > until) {
      throw new LockedError(`another process is changing it; if none is, remove ${path}`);
    }
    await pause(STEP_MS);
  }
  try {
    return await work();
  } finally {
    // One that was taken for abandoned may be another's by now.
    if ((await textOf(path)) === own) await rm(path, { force: true });
  }
}

async function make(path: string, own: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600);
    await file.writeFile(own);
    await file.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Takes a lock away whose owner is gone. @returns whether to try again at once */
async function isAbandoned(path: string): Promise<boolean> {
  const text = await textOf(path);
  if (text === undefined) return true;
  const pid = Number(/^(\d+) /u.exec(text)?.[1] ?? 0);
  const changed = await stat(path).catch(() => undefined);
  if (changed === undefined) return true;
  // A lock without an owner is being written, unless that was long ago.
  const isOld = Date.now() - changed.mtimeMs > OLD_MS;
  if (!isOld && (pid === 0 || isRunning(pid))) return false;
  // Two may find it abandoned at once: the second would take away the first one's new lock, and gives it back.
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch {
    return true;
  }
  if ((await textOf(aside)) !== text) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
  return true;
}

async function textOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
