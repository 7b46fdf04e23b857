/**
 * Runs a source and records what it sends:
 *
 *   program ── pipe ──▶ (pcap → pcapng) ──▶ RunSplitter ──▶ RingWriter ──▶ files
 *                            socket owners ────┘
 *
 * It keeps up with any rate the disk takes, because it looks at nothing inside of packets. Where the disk does not, the
 * pipe is not read; the kernel's buffer then overflows, and that is where the loss is counted. Meant for a thread of
 * its own (recorder-worker.ts), so that no analysis can hold it up.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { BlockError } from './block-walker.ts';
import { LIVE_CAPTURE_LIMITS } from './live-limits.ts';
import { PcapConverter } from './pcap-converter.ts';
import type { InterfaceStatistics } from './pcapng-blocks.ts';
import type { RecorderCounts, RecorderFailure, RecorderMessage, RecorderOrder } from './recorder-messages.ts';
import { RingWriter } from './ring-writer.ts';
import { RunSplitter } from './run-splitter.ts';
import { SocketOwners } from './socket-owners.ts';
import { sourceOf } from './sources/index.ts';
import { readTcpdumpCounters } from './sources/tcpdump.ts';
import { tethered } from './tether.ts';
import {
  WITNESS_LOST,
  WITNESS_RECEIVE_RESET,
  WITNESS_SEND_RESET,
  WITNESS_SOCKET_OWNER,
  WITNESS_STARTED,
  WITNESS_STOPPED,
  witnessDetail,
  witnessKind,
} from './witness-block.ts';

/** Counters are told, and the disk and tcpdump asked, this often. */
const COUNTS_MS = 250;
const SLOW_TICK_MS = 1000;
/** The reader is told of written bytes at most this often: a verdict does not wait, a message is not free. */
const TELL_WRITTEN_MS = 10;
/** From the request to end until it is forced. */
const END_DEADLINE_MS = 3000;
/** A program that says nothing for so long will never start; ssh may have to resolve and connect. */
const START_DEADLINE_MS = 30_000;

export class Recorder {
  readonly #order: RecorderOrder;
  readonly #tell: (message: RecorderMessage) => void;
  readonly #splitter: RunSplitter;
  readonly #ring: RingWriter;
  readonly #converter: PcapConverter | undefined;
  readonly #owners: SocketOwners | undefined;
  readonly #timers: NodeJS.Timeout[] = [];
  #child: ChildProcess | undefined;
  #stderr = '';
  #isStarted = false;
  #isStopping = false;
  /** What comes cannot be understood any more. */
  #isGarbled = false;
  #failure: RecorderFailure | undefined;
  readonly #drops = new Map<number, InterfaceStatistics>();
  #queueLosses = 0;
  #freeBytes: number | null = null;
  #witness: RecorderCounts['witness'];
  /** The block that says that the kernel is watched, for the head of every file; none once events were lost. */
  #witnessStarted: Uint8Array | undefined;
  #written: RecorderMessage | undefined;
  #writtenTimer: NodeJS.Timeout | undefined;

  constructor(order: RecorderOrder, tell: (message: RecorderMessage) => void) {
    this.#order = order;
    this.#tell = tell;
    const { launch, plan, socketProgram } = order;
    this.#witness = { state: order.witness ? 'waiting' : 'off', why: null, events: 0, lost: 0 };
    if (launch.format === 'pcap')
      this.#converter = new PcapConverter(launch.interface, `resetscope, ${launch.kind}`);
    this.#splitter = new RunSplitter({
      run: (run) => {
        // What the source had captured when writing failed is lost, and counted.
        if (this.#failure !== undefined) this.#queueLosses += run.packets;
        else if (!this.#ring.append(run, this.#splitter.bigEndian)) this.#child?.stdout?.pause();
      },
      statistics: (told) => this.#drops.set(told.interfaceId, told),
      witness: (block, bigEndian) => {
        this.#noteWitness(block, bigEndian);
      },
    });
    this.#ring = new RingWriter(plan, {
      opened: (file) => {
        this.#flushWritten();
        tell({ kind: 'opened', file });
      },
      written: (file) => {
        this.#written = { kind: 'written', file };
        this.#writtenTimer ??= setTimeout(() => {
          this.#flushWritten();
        }, TELL_WRITTEN_MS);
      },
      gone: (file) => {
        tell({ kind: 'gone', file });
      },
      drained: () => this.#child?.stdout?.resume(),
      failed: (failure, lostPackets) => {
        this.#queueLosses += lostPackets;
        this.#fail(failure);
      },
      free: (bytes) => (this.#freeBytes = bytes),
      preamble: () => this.#preamble(),
    });
    if (socketProgram !== null) {
      this.#owners = new SocketOwners(
        socketProgram,
        () => this.#splitter.bigEndian,
        (blocks) => {
          this.#appendOwn(blocks);
        },
      );
    }
  }

  /** Starts the program; all else is told. */
  start(): void {
    const { launch } = this.#order;
    let child: ChildProcess;
    try {
      const { program, args } = tethered(launch);
      child = spawn(program, [...args], { stdio: ['pipe', 'pipe', 'pipe'] });
    } catch (error) {
      this.#notStarted(error);
      return;
    }
    this.#child = child;
    // Its input is closed to end it; it may be gone by then.
    child.stdin?.on('error', () => undefined);
    child.stderr?.setEncoding('utf8');
    child.stderr?.on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-LIVE_CAPTURE_LIMITS.maxErrorText);
      if (launch.countsAtSignal) this.#readCounters(text);
    });
    const stdout = child.stdout as Readable;
    stdout.on('data', (chunk: Buffer) => {
      this.#take(chunk);
    });
    child.on('error', (error) => {
      if (child.pid === undefined) this.#notStarted(error);
    });
    child.on('close', (exitCode, signal) => {
      void this.#ended(exitCode, signal);
    });
    this.#every(COUNTS_MS, () => {
      this.#tell({ kind: 'counts', counts: this.#counts() });
    });
    this.#every(SLOW_TICK_MS, () => {
      void this.#ring.guard();
      if (launch.countsAtSignal && this.#isStarted && !this.#isStopping) child.kill('SIGUSR1');
    });
    this.#timers.push(
      setTimeout(() => {
        if (this.#isStarted) return;
        this.#fail({
          code: 'source-died',
          message: `${launch.program} sent nothing for ${START_DEADLINE_MS / 1000} s`,
        });
      }, START_DEADLINE_MS),
    );
  }

  /** Asks the program to end; `ended` is told when all is on disk. */
  stop(): void {
    if (this.#isStopping) return;
    this.#isStopping = true;
    const child = this.#child;
    if (child === undefined) return;
    const { endBy } = this.#order.launch;
    // The end of its input would end a tethered program with less grace.
    if (endBy === 'stdin') child.stdin?.end();
    else child.kill(endBy);
    this.#timers.push(setTimeout(() => child.kill('SIGTERM'), END_DEADLINE_MS));
    this.#timers.push(setTimeout(() => child.kill('SIGKILL'), END_DEADLINE_MS * 2));
  }

  #take(chunk: Buffer): void {
    if (this.#isGarbled) return;
    try {
      const blocks = this.#converter === undefined ? chunk : this.#converter.push(chunk);
      if (blocks.length > 0) this.#splitter.push(blocks);
    } catch (error) {
      if (!(error instanceof BlockError)) throw error;
      this.#isGarbled = true;
      this.#fail({ code: 'source-died', message: `${this.#order.launch.program}: ${error.message}` });
      return;
    }
    if (this.#isStarted || this.#splitter.pendingBytes === chunk.length) return;
    this.#isStarted = true;
    this.#tell({ kind: 'started' });
    this.#owners?.start();
  }

  #fail(failure: RecorderFailure): void {
    this.#failure ??= failure;
    // What still comes is only counted; it must not keep the program from ending.
    this.#child?.stdout?.resume();
    this.stop();
  }

  #notStarted(error: unknown): void {
    const { program } = this.#order.launch;
    const why = error instanceof Error ? error.message : String(error);
    const code = (error as NodeJS.ErrnoException).code === 'EACCES' ? 'no-permission' : 'source-missing';
    this.#failure ??= { code, message: `${program} could not be started (${why})` };
    void this.#ended(null, null);
  }

  async #ended(exitCode: number | null, signal: string | null): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#owners?.stop();
    if (this.#failure === undefined && !this.#isStopping) {
      const { launch } = this.#order;
      const end = { exitCode, signal, stderr: this.#stderr };
      const host = launch.kind === 'ssh' ? launch.args[launch.args.length - 2] : null;
      this.#failure = sourceOf(launch.kind).explain(end, { interface: launch.interface, host });
    }
    if (this.#order.launch.format === 'pcap') this.#readCounters(this.#stderr);
    await this.#ring.close();
    this.#flushWritten();
    this.#tell({ kind: 'counts', counts: this.#counts() });
    this.#tell({ kind: 'ended', error: this.#failure ?? null });
  }

  /** What tcpdump says of losses goes into the file too. */
  #readCounters(text: string): void {
    const counters = readTcpdumpCounters(text);
    if (counters === undefined || this.#converter === undefined || !this.#isStarted) return;
    const timeNs = BigInt(Date.now()) * 1_000_000n;
    const { received, kernel, interface: byInterface } = counters;
    this.#splitter.push(this.#converter.statistics(timeNs, received, kernel, byInterface));
  }

  #noteWitness(block: Uint8Array, bigEndian: boolean): void {
    const { state, why, events, lost } = this.#witness;
    const detail = (): string => witnessDetail(block, 0, block.length, bigEndian);
    switch (witnessKind(block, 0, block.length)) {
      case WITNESS_SEND_RESET:
      case WITNESS_RECEIVE_RESET:
        this.#witness = { state, why, events: events + 1, lost };
        break;
      case WITNESS_STARTED:
        this.#witnessStarted = block;
        this.#witness = { state: 'on', why: null, events, lost };
        break;
      case WITNESS_LOST:
        this.#witnessStarted = undefined;
        // It says how many; at least one.
        this.#witness = { state, why, events, lost: lost + (Number(detail()) || 1) };
        break;
      case WITNESS_STOPPED:
        this.#witnessStarted = undefined;
        this.#witness = {
          state: 'unavailable',
          why: detail() || null,
          events,
          lost,
        };
        break;
      case WITNESS_SOCKET_OWNER:
      default:
    }
  }

  #preamble(): readonly Uint8Array[] {
    const blocks = this.#witnessStarted === undefined ? [] : [this.#witnessStarted];
    const owners = this.#owners?.blocks();
    return owners === undefined || owners.length === 0 ? blocks : [...blocks, owners];
  }

  #appendOwn(bytes: Uint8Array): void {
    this.#ring.append(
      { bytes, packets: 0, firstNs: Infinity, lastNs: -Infinity, head: 'none' },
      this.#splitter.bigEndian,
    );
  }

  #counts(): RecorderCounts {
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
      witness: this.#witness,
      freeBytes: this.#freeBytes,
    };
  }

  #flushWritten(): void {
    clearTimeout(this.#writtenTimer);
    this.#writtenTimer = undefined;
    const message = this.#written;
    this.#written = undefined;
    if (message !== undefined) this.#tell(message);
  }

  #every(ms: number, work: () => void): void {
    this.#timers.push(setInterval(work, ms));
  }
}
