/**
 * Writes runs of whole pcapng blocks to a ring of files, each of which can be opened by itself.
 *
 *   recorder ── append ──▶ queue (bounded in bytes) ── pump, one write at a time ──▶ newest file ▸ … ▸ oldest, deleted
 *
 * Invariants: a file ends at a block boundary after every write that succeeded, and is cut back to one after a write
 * that did not; at most `ring.files` files exist; the queue holds at most maxQueuedBytes and the last thing appended.
 */
import { open, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { RingOptions } from '../../../../shared/model/live.ts';
import { readU32 } from '../../../engine/read/bytes.ts';
import { BLOCK_ENHANCED_PACKET } from '../../../engine/read/pcapng-plausible.ts';
import { freeSpaceOf, GUARD_BYTES, GUARD_MS } from './free-space.ts';
import { LIVE_CAPTURE_LIMITS } from '../live-limits.ts';
import { failureOf, type RingFailure } from './ring-failure.ts';

/** More pieces than this are copied into one before they are written. */
const MAX_PIECES = 16;

/** Whole blocks, one after the other. */
export interface BlockRun {
  readonly bytes: Uint8Array;
  readonly packets: number;
  /** Earliest and latest packet, nanoseconds since 1970; infinities without packets. */
  readonly firstNs: number;
  readonly lastNs: number;
  /** `section` and `interface` are repeated at the head of every file. */
  readonly head: 'section' | 'interface' | 'none';
}

/** What is known of a file of the ring. */
export interface RingFileState {
  /** Counts from 1. */
  readonly number: number;
  readonly path: string;
  readonly bytes: number;
  readonly packets: number;
  readonly firstNs: number;
  readonly lastNs: number;
}

export interface RingEvents {
  opened(file: RingFileState): void;
  /** More of the newest file is on disk. */
  written(file: RingFileState): void;
  /** The ring let go of it. */
  gone(file: RingFileState): void;
  /** The queue has room again. */
  drained(): void;
  /** Nothing more is written; `lostPackets` of the queue are lost. */
  failed(failure: RingFailure, lostPackets: number): void;
  /** So much room is left on the disk. */
  free(bytes: number): void;
  /** Blocks that a new file begins with, behind its head. */
  preamble(): readonly Uint8Array[];
}

export interface RingPlan {
  readonly folder: string;
  /** Names are <base>_<number>_<UTC time>.pcapng: a file set, as Wireshark knows it. */
  readonly base: string;
  readonly ring: RingOptions;
  readonly keepFreeBytes: number;
}

type OpenFile = { -readonly [K in keyof RingFileState]: RingFileState[K] } & {
  readonly handle: FileHandle;
  readonly openedMs: number;
  /** Bytes at its beginning that every file repeats. */
  headBytes: number;
};

export class RingWriter {
  readonly #plan: RingPlan;
  readonly #events: RingEvents;
  #queue: BlockRun[] = [];
  #queuedBytes = 0;
  /** Somebody was told that there is no room, and waits for `drained`. */
  #isAwaited = false;
  #pumping: Promise<void> | undefined;
  #isFailed = false;
  #isClosed = false;
  #isBigEndian = false;
  /** Section header and interfaces of the running section. */
  #head: Uint8Array[] = [];
  #file: OpenFile | undefined;
  #files: RingFileState[] = [];
  #count = 0;
  #guardedMs = -Infinity;
  #guardedBytes = 0;

  constructor(plan: RingPlan, events: RingEvents) {
    this.#plan = plan;
    this.#events = events;
  }

  /** Takes a run to write. @returns whether there is room for more; else wait for `drained` */
  append(run: BlockRun, bigEndian: boolean): boolean {
    if (this.#isFailed || this.#isClosed) return false;
    this.#isBigEndian = bigEndian;
    this.#queue.push(run);
    this.#queuedBytes += run.bytes.length;
    this.#pumping ??= this.#pump();
    const hasRoom = this.#queuedBytes < LIVE_CAPTURE_LIMITS.maxQueuedBytes;
    this.#isAwaited ||= !hasRoom;
    return hasRoom;
  }

  /** Looks at the free space. To be called now and then, since others fill the disk while nothing is written. */
  async guard(): Promise<void> {
    const { folder, keepFreeBytes } = this.#plan;
    const { bytes, failure } = await freeSpaceOf(folder, keepFreeBytes);
    this.#guardedMs = performance.now();
    this.#guardedBytes = 0;
    if (bytes !== null) this.#events.free(bytes);
    if (failure !== undefined) this.#fail(failure, 0);
  }

  /** Writes what is queued, and closes the file. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#pumping;
    const file = this.#file;
    this.#file = undefined;
    await file?.handle.close();
  }

  async #pump(): Promise<void> {
    try {
      while (this.#queue.length > 0 && !this.#isFailed) {
        await this.#step();
        if (!this.#isAwaited || this.#queuedBytes >= LIVE_CAPTURE_LIMITS.maxQueuedBytes) continue;
        this.#isAwaited = false;
        this.#events.drained();
      }
    } catch (error) {
      this.#fail(failureOf(error, this.#file?.path ?? this.#plan.folder), 0);
    }
    this.#pumping = undefined;
    // Something may have been appended between the last look and here.
    if (this.#queue.length > 0 && !this.#isFailed) this.#pumping = this.#pump();
  }

  async #step(): Promise<void> {
    if (this.#guardedBytes > GUARD_BYTES || performance.now() - this.#guardedMs > GUARD_MS) {
      await this.guard();
      if (this.#isFailed) return;
    }
    const next = this.#queue[0];
    // The first section header opens the first file; a later one is a section of its own in the middle.
    if (this.#file === undefined || this.#mustRotate(next)) await this.#openNext();
    const batch = this.#takeBatch(this.#file as OpenFile);
    await this.#write(this.#file as OpenFile, batch);
  }

  #mustRotate(next: BlockRun): boolean {
    const file = this.#file as OpenFile;
    const { fileBytes, fileSeconds } = this.#plan.ring;
    if (file.bytes + next.bytes.length > fileBytes) return file.bytes > file.headBytes;
    if (file.packets === 0) return false;
    return fileSeconds !== null && performance.now() - file.openedMs >= fileSeconds * 1000;
  }

  /** As much of the queue as one write call and the file may take; at least one run. */
  #takeBatch(file: OpenFile): BlockRun[] {
    const batch: BlockRun[] = [];
    let bytes = 0;
    for (const run of this.#queue) {
      const size = bytes + run.bytes.length;
      const isTooMuch =
        size > LIVE_CAPTURE_LIMITS.maxWriteBytes || file.bytes + size > this.#plan.ring.fileBytes;
      if (batch.length > 0 && isTooMuch) break;
      if (run.head === 'section') this.#head = [];
      if (run.head !== 'none') this.#head.push(run.bytes);
      batch.push(run);
      bytes = size;
    }
    this.#queue = batch.length === this.#queue.length ? [] : this.#queue.slice(batch.length);
    return batch;
  }

  async #write(file: OpenFile, batch: readonly BlockRun[]): Promise<void> {
    const pieces = batch.map((run) => run.bytes);
    const bytes = batch.reduce((sum, run) => sum + run.bytes.length, 0);
    const written = await writeAll(file.handle, pieces, file.bytes);
    this.#queuedBytes -= bytes;
    this.#guardedBytes += bytes;
    if (written.error === undefined) {
      for (const run of batch) {
        file.packets += run.packets;
        file.firstNs = Math.min(file.firstNs, run.firstNs);
        file.lastNs = Math.max(file.lastNs, run.lastNs);
      }
      file.bytes += bytes;
      this.#events.written(snapshot(file));
      return;
    }
    const whole = wholeBlocks(Buffer.concat(pieces), written.bytes, this.#isBigEndian);
    file.bytes += whole.bytes;
    file.packets += whole.packets;
    for (const run of batch) file.firstNs = Math.min(file.firstNs, run.firstNs);
    for (const run of batch) file.lastNs = Math.max(file.lastNs, run.lastNs);
    await file.handle.truncate(file.bytes).catch(() => undefined);
    this.#events.written(snapshot(file));
    const packets = batch.reduce((sum, run) => sum + run.packets, 0);
    this.#fail(failureOf(written.error, file.path), packets - whole.packets);
  }

  async #openNext(): Promise<void> {
    const before = this.#file;
    if (before !== undefined) {
      this.#file = undefined;
      await before.handle.close();
      this.#files.push(snapshot(before));
    }
    const number = ++this.#count;
    const { folder, base, ring } = this.#plan;
    const path = join(folder, `${base}_${String(number).padStart(5, '0')}_${utcDigits(new Date())}.pcapng`);
    const handle = await open(path, 'wx', 0o600);
    const file: OpenFile = {
      number,
      path,
      handle,
      openedMs: performance.now(),
      headBytes: 0,
      bytes: 0,
      packets: 0,
      firstNs: Infinity,
      lastNs: -Infinity,
    };
    this.#file = file;
    const beginning = [...this.#head, ...(this.#head.length > 0 ? this.#events.preamble() : [])];
    if (beginning.length > 0) {
      const written = await writeAll(handle, beginning, 0);
      if (written.error !== undefined) {
        await handle.truncate(0).catch(() => undefined);
        throw written.error;
      }
      file.bytes = written.bytes;
      file.headBytes = written.bytes;
    }
    this.#events.opened(snapshot(file));
    while (this.#files.length >= ring.files) {
      const oldest = this.#files.shift() as RingFileState;
      // Somebody else may have removed it.
      await unlink(oldest.path).catch(() => undefined);
      this.#events.gone(oldest);
    }
  }

  #fail(failure: RingFailure, lostPackets: number): void {
    if (this.#isFailed) return;
    this.#isFailed = true;
    const queued = this.#queue.reduce((sum, run) => sum + run.packets, 0);
    this.#queue = [];
    this.#queuedBytes = 0;
    this.#events.failed(failure, lostPackets + queued);
  }
}

function snapshot({ number, path, bytes, packets, firstNs, lastNs }: OpenFile): RingFileState {
  return { number, path, bytes, packets, firstNs, lastNs };
}

/** Never rejects: what was written before an error counts. */
async function writeAll(
  handle: FileHandle,
  pieces: readonly Uint8Array[],
  position: number,
): Promise<{ readonly bytes: number; readonly error: unknown }> {
  let done = 0;
  try {
    let rest = pieces.length > MAX_PIECES ? [Buffer.concat(pieces)] : [...pieces];
    while (rest.length > 0) {
      const { bytesWritten } = await handle.writev(rest, position + done);
      if (bytesWritten === 0)
        throw Object.assign(new Error('nothing more can be written'), { code: 'ENOSPC' });
      done += bytesWritten;
      rest = without(rest, bytesWritten);
    }
    return { bytes: done, error: undefined };
  } catch (error) {
    return { bytes: done, error };
  }
}

function without(pieces: readonly Uint8Array[], bytes: number): Uint8Array[] {
  let left = bytes;
  let at = 0;
  while (at < pieces.length && left >= pieces[at].length) left -= pieces[at++].length;
  const rest = pieces.slice(at);
  if (left > 0) rest[0] = rest[0].subarray(left);
  return rest;
}

/** How many bytes of `data[0, limit)` are whole blocks, and packets in them. */
export function wholeBlocks(
  data: Uint8Array,
  limit: number,
  bigEndian: boolean,
): { readonly bytes: number; readonly packets: number } {
  let at = 0;
  let packets = 0;
  while (at + 8 <= limit) {
    const length = readU32(data, at + 4, bigEndian);
    if (length < 12 || at + length > limit) break;
    if (readU32(data, at, bigEndian) === BLOCK_ENHANCED_PACKET) packets++;
    at += length;
  }
  return { bytes: at, packets };
}

/** Date and time in UTC as digits: 20260102030405. */
function utcDigits(time: Date): string {
  return time.toISOString().replace(/\D/gu, '').slice(0, 14);
}
