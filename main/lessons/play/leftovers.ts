/**
 * What a play makes outside its process: network namespaces and folders. Their names have the id of the process, so that a play
 * that was killed, and could take nothing away, is cleaned up after by the next one.
 *
 * Invariant: nothing of a process that runs is taken away, and nothing whose name is not one that this file gives.
 */
import { spawn } from 'node:child_process';
import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from './processes.ts';

const NAMESPACE = /^rslesson-(\d{1,10})-[a-z0-9-]+$/;
const FOLDER = /^resetscope-lesson-(\d{1,10})-[A-Za-z0-9]+$/;

export function namespaceName(of: string): string {
  return `rslesson-${process.pid}-${of}`;
}

/** A new folder for this process, below the system's for temporary files. */
export async function lessonFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), `resetscope-lesson-${process.pid}-`));
}

const REMOVE = `process.stdin.resume().on('close', () => require('node:fs').rmSync(process.argv[1], { recursive: true, force: true }))`;

/**
 * Takes a folder away when this process ends, however it does. Another process waits for that: this one will have confined itself,
 * and may then write nowhere.
 */
export function removeAfterwards(folder: string): void {
  // A session of its own, so that Ctrl+C ends this process and not that one.
  const waiting = spawn(process.execPath, ['-e', REMOVE, folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  // Where it cannot be started, the next play sweeps.
  waiting.on('error', () => undefined);
  waiting.stdin.on('error', () => undefined);
  waiting.unref();
  (waiting.stdin as Socket).unref();
}

/** Takes away namespaces of plays whose process is gone. */
export async function sweepNamespaces(): Promise<void> {
  const listed = await runCommand(['ip', 'netns', 'list']);
  // A line is a name, and behind it the number that other namespaces know it by, if any.
  const names = listed.split('\n').map((line) => line.split(' ')[0]);
  for (const name of names.filter((one) => isLeft(NAMESPACE, one)))
    await runCommand(['ip', 'netns', 'del', name]).catch(() => undefined);
}

/** Takes away folders of plays whose process is gone, as far as they are this user's: others' are theirs to take away. */
export async function sweepFolders(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!isLeft(FOLDER, name)) continue;
    const path = join(tmpdir(), name);
    const found = await lstat(path).catch(() => undefined);
    if (found?.isDirectory() !== true || found.uid !== process.getuid?.()) continue;
    await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}

function isLeft(pattern: RegExp, name: string): boolean {
  const pid = Number(pattern.exec(name)?.[1] ?? 0);
  return pid > 0 && !isRunning(pid);
}

function isRunning(pid: number): boolean {
  try {
    // Signal 0 is sent to nobody; it only asks.
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
