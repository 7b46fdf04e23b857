/** A ring writer with a stream of numbered packets, and with all that it told. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { RingFailure } from '../../main/capture/live/ring/ring-failure.ts';
import type { RingEvents, RingFileState, RingPlan } from '../../main/capture/live/ring/ring-writer.ts';
import { RingWriter } from '../../main/capture/live/ring/ring-writer.ts';
import { RunSplitter } from '../../main/capture/live/ring/run-splitter.ts';
import { writePcapng } from './capture-writer.ts';
import { record } from './recording-sink.ts';

const MIB = 1024 * 1024;

/** A stream of `count` packets of `size` bytes, numbered in their data. */
export function numberedStream(count: number, size: number, from = 0): Uint8Array {
  const blocks = Array.from({ length: count }, (_, i) => {
    const data = new Uint8Array(size);
    new DataView(data.buffer).setUint32(0, from + i);
    return { kind: 'packet' as const, timeNs: 1_700_000_000_000_000_000n + BigInt(from + i), data };
  });
  return writePcapng({ sections: [{ interfaces: [{ tsresol: 9, name: 'test0' }], blocks }] });
}

export class TestRing {
  readonly opened: RingFileState[] = [];
  readonly gone: RingFileState[] = [];
  readonly written = new Map<number, RingFileState>();
  failure: RingFailure | undefined;
  lost = 0;
  drained = 0;
  roomy: boolean[] = [];
  preamble: Uint8Array[] = [];
  readonly writer: RingWriter;
  readonly #folder: string;
  readonly #splitter: RunSplitter;

  constructor(folder: string, plan: Partial<RingPlan> & Partial<RingPlan['ring']>) {
    this.#folder = folder;
    const { fileBytes = 64 * MIB, fileSeconds = null, files = 4, ...rest } = plan;
    const events: RingEvents = {
      opened: (file) => this.opened.push(file),
      written: (file) => this.written.set(file.number, file),
      gone: (file) => this.gone.push(file),
      drained: () => this.drained++,
      failed: (failure, lostPackets) => {
        this.failure = failure;
        this.lost += lostPackets;
      },
      free: () => undefined,
      preamble: () => this.preamble,
    };
    const ring = { fileBytes, fileSeconds, files };
    this.writer = new RingWriter({ folder, base: 'test0', keepFreeBytes: 0, ...rest, ring }, events);
    this.#splitter = new RunSplitter({
      run: (run) => this.roomy.push(this.writer.append(run, this.#splitter.bigEndian)),
      statistics: () => undefined,
      witness: () => undefined,
    });
  }

  push(bytes: Uint8Array, chunk = 64 * 1024): void {
    for (let at = 0; at < bytes.length; at += chunk) this.#splitter.push(bytes.slice(at, at + chunk));
  }

  /** Numbers of the packets in each file, which must all be whole pcapng. */
  read(): number[][] {
    return readdirSync(this.#folder)
      .sort()
      .map((name) => {
        const read = record(readFileSync(join(this.#folder, name)));
        expect(read.warnings.filter(({ code }) => code !== 'empty-file')).toEqual([]);
        expect(read.interfaces[0].name).toBe('test0');
        return read.packets.map(({ data }) => new DataView(data.buffer, data.byteOffset).getUint32(0));
      });
  }
}

/** The numbers from `from` up to, and without, `to`. */
export const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, i) => from + i);
