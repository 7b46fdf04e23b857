/** A recording that passes through us: (pcap → pcapng) → RunSplitter → RingWriter → files. */
import { PcapConverter } from '../blocks/pcap-converter.ts';
import type { InterfaceStatistics } from '../blocks/pcapng-blocks.ts';
import type { RecorderCounts, RecorderMessage, RecorderOrder } from './recorder-messages.ts';
import type { Recording, RecordingHost } from './recording.ts';
import { RingWriter } from '../ring/ring-writer.ts';
import { RunSplitter } from '../ring/run-splitter.ts';
import { readTcpdumpCounters } from '../sources/tcpdump.ts';
import { WitnessState } from './witness-state.ts';

/** The reader is told of written bytes at most this often: a verdict does not wait, a message is not free. */
const TELL_WRITTEN_MS = 10;

/** The pipe from the program; while it is paused the program cannot send more. */
export interface SourcePipe {
  pause(): void;
  resume(): void;
}

export class PipedRecording implements Recording {
  readonly #order: RecorderOrder;
  readonly #host: RecordingHost;
  readonly #converter: PcapConverter | undefined;
  readonly #splitter: RunSplitter;
  readonly #ring: RingWriter;
  readonly #witness: WitnessState;
  readonly #drops = new Map<number, InterfaceStatistics>();
  #hasBegun = false;
  #isFailed = false;
  #queueLosses = 0;
  #freeBytes: number | null = null;
  #written: RecorderMessage | undefined;
  #writtenTimer: NodeJS.Timeout | undefined;

  constructor(order: RecorderOrder, host: RecordingHost, pipe: SourcePipe) {
    this.#order = order;
    this.#host = host;
    const { launch, plan } = order;
    this.#witness = new WitnessState(order.witness);
    if (launch.format === 'pcap')
      this.#converter = new PcapConverter(launch.interface, `resetscope, ${launch.kind}`);
    this.#splitter = new RunSplitter({
      run: (run) => {
        // What the source had captured when writing failed is lost, and counted.
        if (this.#isFailed) this.#queueLosses += run.packets;
        else if (!this.#ring.append(run, this.#splitter.bigEndian)) pipe.pause();
      },
      statistics: (told) => this.#drops.set(told.interfaceId, told),
      witness: (block, bigEndian) => {
        this.#witness.note(block, bigEndian);
      },
    });
    this.#ring = new RingWriter(plan, {
      opened: (file) => {
        this.#flushWritten();
        host.tell({ kind: 'opened', file });
      },
      written: (file) => {
        this.#written = { kind: 'written', file };
        this.#writtenTimer ??= setTimeout(() => {
          this.#flushWritten();
        }, TELL_WRITTEN_MS);
      },
      gone: (file) => {
        host.tell({ kind: 'gone', file });
      },
      drained: () => {
        pipe.resume();
      },
      failed: (failure, lostPackets) => {
        this.#queueLosses += lostPackets;
        this.#isFailed = true;
        host.fail(failure);
      },
      free: (bytes) => (this.#freeBytes = bytes),
      preamble: () => this.#preamble(),
    });
  }

  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** Byte order of the running section. */
  get bigEndian(): boolean {
    return this.#splitter.bigEndian;
  }

  get counts(): RecorderCounts {
    let kernel: number | null = null;
    let byInterface: number | null = null;
    for (const told of this.#drops.values()) {
      if (told.droppedByKernel !== null) kernel = (kernel ?? 0) + told.droppedByKernel;
      if (told.droppedByInterface !== null) byInterface = (byInterface ?? 0) + told.droppedByInterface;
    }
    const { dropsAreQueue } = this.#order.launch;
    return {
      packets: this.#splitter.packets,
      bytes: this.#splitter.wireBytes,
      kernelDrops: dropsAreQueue ? null : kernel,
      interfaceDrops: byInterface,
      queueLosses: this.#queueLosses + (dropsAreQueue ? (kernel ?? 0) : 0),
      witness: this.#witness.status,
      freeBytes: this.#freeBytes,
    };
  }

  take(chunk: Uint8Array): void {
    const blocks = this.#converter === undefined ? chunk : this.#converter.push(chunk);
    if (blocks.length > 0) this.#splitter.push(blocks);
    this.#hasBegun ||= this.#splitter.pendingBytes < chunk.length;
  }

  append(bytes: Uint8Array): void {
    this.#ring.append(
      { bytes, packets: 0, firstNs: Infinity, lastNs: -Infinity, head: 'none' },
      this.#splitter.bigEndian,
    );
  }

  /** Puts what tcpdump says of losses on standard error into the file, as a statistics block. */
  takeErrorText(text: string): void {
    const counters = readTcpdumpCounters(text);
    if (counters === undefined || this.#converter === undefined || !this.#hasBegun) return;
    const timeNs = BigInt(Date.now()) * 1_000_000n;
    const { received, kernel, interface: byInterface } = counters;
    this.#splitter.push(this.#converter.statistics(timeNs, received, kernel, byInterface));
  }

  guard(): Promise<void> {
    return this.#ring.guard();
  }

  async close(): Promise<void> {
    await this.#ring.close();
    this.#flushWritten();
  }

  /** What each file repeats, so that it can be judged by itself. */
  #preamble(): readonly Uint8Array[] {
    return [this.#witness.started ?? new Uint8Array(), this.#host.owners()].filter(
      ({ length }) => length > 0,
    );
  }

  #flushWritten(): void {
    clearTimeout(this.#writtenTimer);
    this.#writtenTimer = undefined;
    const message = this.#written;
    this.#written = undefined;
    if (message !== undefined) this.#host.tell(message);
  }
}
