/**
 * The file of this process for what captures leave no memory for. It has no name once it is made, so that nobody finds it and
 * nothing is left of it however the process ends.
 *
 * Invariant: it is on a disk. In a folder that is itself in memory nothing would be won.
 */
import { closeSync, openSync, readSync, statfsSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SpillFile, SpillSpace } from '../engine/spill-space.ts';

const PRIVATE_MODE = 0o600;
const PREFIX = 'resetscope-spill-';
/** Folders of temporary files; the second outlives a restart of the system, so that it is never in memory. */
const FOLDERS = process.platform === 'win32' ? [tmpdir()] : [tmpdir(), '/var/tmp'];
/** Linux's numbers of tmpfs and ramfs. */
const IN_MEMORY: readonly number[] = [0x0102_1994, 0x8584_58f6];

let spill: SpillSpace | undefined;
let isAsked = false;

/** One for all captures; undefined where no such file can be made. Asked before the process is confined. */
export function spillOfProcess(): SpillSpace | undefined {
  if (!isAsked) {
    isAsked = true;
    const file = openSpillFile(FOLDERS);
    spill = file === undefined ? undefined : new SpillSpace(file);
  }
  return spill;
}

/** In the first of the folders that takes it. */
export function openSpillFile(folders: readonly string[]): DescriptorFile | undefined {
  for (const folder of folders) {
    const descriptor = openUnnamed(folder);
    if (descriptor !== undefined) return new DescriptorFile(descriptor);
  }
  return undefined;
}

function openUnnamed(folder: string): number | undefined {
  // It need not be hard to guess: `wx` opens nothing that is there, be it a link.
  const path = join(folder, `${PREFIX}${process.pid}-${Math.random().toString(36).slice(2)}`);
  let descriptor: number | undefined;
  try {
    if (process.platform === 'linux' && IN_MEMORY.includes(statfsSync(folder).type)) return undefined;
    descriptor = openSync(path, 'wx+', PRIVATE_MODE);
    unlinkSync(path);
    return descriptor;
  } catch {
    // A system that lets no open file lose its name.
    if (descriptor !== undefined) remove(descriptor, path);
    return undefined;
  }
}

function remove(descriptor: number, path: string): void {
  closeSync(descriptor);
  try {
    unlinkSync(path);
  } catch {
    // It is empty, and lies among temporary files.
  }
}

export class DescriptorFile implements SpillFile {
  readonly #descriptor: number;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  write(bytes: Uint8Array, position: number): boolean {
    try {
      let done = 0;
      while (done < bytes.length) {
        done += writeSync(this.#descriptor, bytes, done, bytes.length - done, position + done);
      }
      return true;
    } catch {
      // The disk or the user's share of it is full, or it fails.
      return false;
    }
  }

  read(into: Uint8Array, position: number): void {
    let done = 0;
    while (done < into.length) {
      const length = readSync(this.#descriptor, into, done, into.length - done, position + done);
      if (length === 0)
        throw new Error('packets that were put aside cannot be read again: their file is cut');
      done += length;
    }
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
