/** One at a time changes the files of a folder: who compacts it, or lets days of it go. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { FleetError } from '../store.ts';

const LOCK = '.tmp-fleet-lock';

/** @throws FleetError 'failed' where another one is at it */
export async function withFolderLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const path = join(folder, LOCK);
  take(path);
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

function take(path: string): void {
  const mine = `${process.pid} ${hostname()}`;
  for (const isLastTry of [false, true]) {
    try {
      writeFileSync(path, mine, { flag: 'wx' });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || isLastTry) throw lockError(path, error);
    }
    const [pid, host] = ownerOf(path);
    if (host !== hostname() || isRunning(pid))
      throw new FleetError(
        'failed',
        `Another process (${pid} on ${host}) changes the files of this folder. Wait for it; where it is gone, remove ${path}.`,
      );
    rmSync(path, { force: true });
  }
}

function ownerOf(path: string): readonly [pid: number, host: string] {
  try {
    const [, pid, host] = /^(\d+) (\S+)/u.exec(readFileSync(path, 'utf8')) ?? [];
    return [Number(pid ?? 0), host ?? 'unknown'];
  } catch {
    return [0, hostname()];
  }
}

function lockError(path: string, cause: unknown): FleetError {
  const { code } = cause as NodeJS.ErrnoException;
  return new FleetError('failed', `${path} cannot be written (${code ?? 'unknown error'}).`, { cause });
}

function isRunning(pid: number): boolean {
  if (pid === 0) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
