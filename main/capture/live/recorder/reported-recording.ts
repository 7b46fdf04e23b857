/**
 * A recording whose files the capture helper writes itself, which saves every packet the way through us: we hear of the
 * files by reports, remove the old ones, and watch the disk.
 *
 *   kernel ──▶ helper ── write ──▶ newest file ▸ … ▸ oldest, deleted by us
 *                 ├── reports ──▶ take        ▲
 *                 ◀── blocks of our own ──────┘ append
 */
import { open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { getSystemErrorName } from 'node:util';
import {
  BLOCK_INTERFACE,
  BLOCK_KERNEL,
  BLOCK_SECTION_HEADER,
} from '../../../engine/read/pcapng-plausible.ts';
import { BlockError, BlockWalker } from '../blocks/block-walker.ts';
import { freeSpaceOf, GUARD_BYTES } from '../ring/free-space.ts';
import { LIVE_CAPTURE_LIMITS } from '../live-limits.ts';
import type { RecorderCounts, RecorderOrder } from './recorder-messages.ts';
import type { Recording, RecordingHost } from './recording.ts';
import { BLOCK_REPORT, readReport, type Report } from '../blocks/report-block.ts';
import { failureNamed } from '../ring/ring-failure.ts';
import type { RingFileState, RingPlan } from '../ring/ring-writer.ts';
import { RunSplitter } from '../ring/run-splitter.ts';
import { WitnessState } from './witness-state.ts';

/** Options of the helper for a capture into the folder that it gets as descriptor `folder`. */
export function fileArguments({ base, ring }: RingPlan, folder: number): readonly string[] {
  const seconds = ring.fileSeconds === null ? [] : ['--file-seconds', String(ring.fileSeconds)];
  return [
    ...['--folder', String(folder), '--file-base', base],
    ...['--file-bytes', String(ring.fileBytes), ...seconds],
  ];
}

export class ReportedRecording implements Recording {
  readonly #order: RecorderOrder;
  readonly #host: RecordingHost;
  readonly #send: (blocks: Uint8Array) => void;
  readonly #walker: BlockWalker;
  readonly #witness: WitnessState;
  /** Section header and interface description, with which every file begins. */
  #head: Uint8Array[] = [];
  #report: Report | undefined;
  /** Files of the ring, oldest first; the last one is being written. */
  #files: RingFileState[] = [];
  #removing: Promise<void> = Promise.resolve();
  /** Packets in the last file that no report had told of when the helper died. */
  #found = 0;
  #freeBytes: number | null = null;
  #guardedBytes = 0;

  /** @param send hands blocks to the helper, which puts them into the file */
  constructor(order: RecorderOrder, host: RecordingHost, send: (blocks: Uint8Array) => void) {
    this.#order = order;
    this.#host = host;
    this.#send = send;
    this.#witness = new WitnessState(order.witness);
    this.#walker = new BlockWalker((type, data, at, length) => {
      if (type === BLOCK_REPORT) {
        const report = readReport(data, at, length);
        if (report === undefined) throw new BlockError('a report of the capture helper makes no sense');
        this.#takeReport(report);
      } else if (type === BLOCK_KERNEL) {
        this.#witness.note(data.slice(at, at + length), false);
      } else if (type === BLOCK_SECTION_HEADER || type === BLOCK_INTERFACE) {
        this.#head.push(data.slice(at, at + length));
      }
    });
  }

  get hasBegun(): boolean {
    return this.#files.length > 0;
  }

  get counts(): RecorderCounts {
    const report = this.#report;
    return {
      packets: (report?.captured ?? 0) + this.#found,
      bytes: report?.wireBytes ?? 0,
      kernelDrops: report?.droppedByKernel ?? null,
      interfaceDrops: report?.droppedByInterface ?? null,
      queueLosses: report?.lost ?? 0,
      witness: {
        ...this.#witness.status,
        events: report?.witnessEvents ?? 0,
        lost: report?.witnessLost ?? 0,
      },
      freeBytes: this.#freeBytes,
    };
  }

  take(chunk: Uint8Array): void {
    this.#walker.push(chunk);
  }

  append(blocks: Uint8Array): void {
    this.#send(blocks);
  }

  async guard(): Promise<void> {
    const { folder, keepFreeBytes } = this.#order.plan;
    this.#guardedBytes = 0;
    const { bytes, failure } = await freeSpaceOf(folder, keepFreeBytes);
    if (bytes !== null) this.#freeBytes = bytes;
    if (failure !== undefined) this.#host.fail(failure);
  }

  async close(): Promise<void> {
    const last = this.#files.at(-1);
    if (last !== undefined) await this.#mend(last);
    await this.#removing;
  }

  #takeReport(report: Report): void {
    const { number, name, ...written } = report.file;
    const path = join(this.#order.plan.folder, name);
    const grown = report.wireBytes - (this.#report?.wireBytes ?? 0);
    this.#report = report;
    if (report.errno !== 0) {
      const code = getSystemErrorName(-report.errno);
      this.#host.fail(failureNamed(code, code, path));
    }
    const last = this.#files.at(-1);
    const file: RingFileState = { number, path, ...written };
    if (number === last?.number) {
      this.#files[this.#files.length - 1] = file;
      this.#host.tell({ kind: 'written', file });
    } else if (report.errno === 0) {
      this.#opened(file);
    }
    this.#guardedBytes += grown;
    if (this.#guardedBytes > GUARD_BYTES) void this.guard();
  }

  #opened(file: RingFileState): void {
    this.#files.push(file);
    this.#host.tell({ kind: 'opened', file });
    // Owners are not looked for before the first file is there.
    const owners = file.number === 1 ? new Uint8Array() : this.#host.owners();
    if (owners.length > 0) this.#send(owners);
    while (this.#files.length > this.#order.plan.ring.files)
      this.#remove(this.#files.shift() as RingFileState);
  }

  #remove(file: RingFileState): void {
    this.#removing = this.#removing.then(async () => {
      // Somebody else may have removed it.
      await unlink(file.path).catch(() => undefined);
      this.#host.tell({ kind: 'gone', file });
    });
  }

  /**
   * A helper that was killed may have written more than it said, and the last of it in part: whole blocks count, the
   * rest is cut off.
   */
  async #mend(file: RingFileState): Promise<void> {
    try {
      const handle = await open(file.path, 'r+');
      try {
        const more = (await handle.stat()).size - file.bytes;
        if (more <= 0 || more > LIVE_CAPTURE_LIMITS.maxUnreportedBytes) return;
        const bytes = new Uint8Array(more);
        const { bytesRead } = await handle.read(bytes, 0, more, file.bytes);
        const mended = this.#wholeBlocksBehind(file, bytes.subarray(0, bytesRead));
        await handle.truncate(mended.bytes);
        this.#found = mended.packets - file.packets;
        this.#files[this.#files.length - 1] = mended;
        this.#host.tell({ kind: 'written', file: mended });
      } finally {
        await handle.close();
      }
    } catch {
      // It stays as it is: a reader finds a file that may be cut.
    }
  }

  #wholeBlocksBehind(file: RingFileState, bytes: Uint8Array): RingFileState {
    let { packets, firstNs, lastNs } = file;
    const splitter = new RunSplitter({
      run: (run) => {
        packets += run.packets;
        firstNs = Math.min(firstNs, run.firstNs);
        lastNs = Math.max(lastNs, run.lastNs);
      },
      statistics: () => undefined,
      witness: () => undefined,
    });
    for (const head of this.#head) splitter.push(head);
    splitter.push(bytes);
    return { ...file, bytes: file.bytes + bytes.length - splitter.pendingBytes, packets, firstNs, lastNs };
  }
}
