/**
 * One live capture as its analysis sees it: makes a status out of what is told of it (capture-run.ts), and hands what is
 * written to the analysis through a RingTail. It starts and ends nothing, and knows nothing of resets.
 *
 * Invariant: phases go starting → capturing → stopping → stopped | failed, never back.
 */
import { Emitter } from '../../../shared/base/event.ts';
import type {
  LiveError,
  LiveLosses,
  LiveOptions,
  LivePhase,
  LiveStatus,
  SecondStatus,
} from '../../../shared/model/live.ts';
import { NO_LIVE } from '../../../shared/model/live.ts';
import type { RecorderCounts } from '../../capture/live/recorder/recorder-messages.ts';
import { RingTail } from '../../capture/live/ring/ring-tail.ts';
import type { RingFileState } from '../../capture/live/ring/ring-writer.ts';
import { monotonicMs } from '../monotonic.ts';
import type { CaptureMessage } from './capture-contract.ts';

/** Changes of the status are told at most this often; a change of phase at once. */
const TELL_MS = 250;
/** Rates are taken over this time. */
const RATE_MS = 2000;
/** Files that a status lists: the newest ones. */
const MAX_LISTED_FILES = 1000;

export class LiveCapture {
  readonly tail = new RingTail();
  readonly changed = new Emitter<LiveStatus>();
  #status: LiveStatus;
  #files: RingFileState[] = [];
  #analysisLosses = 0;
  #recent: { readonly atMs: number; readonly packets: number; readonly bytes: number }[] = [];
  #toldMs = -Infinity;
  #tellTimer: NodeJS.Timeout | undefined;

  constructor(options: LiveOptions) {
    const { witness } = options;
    this.#status = {
      ...NO_LIVE,
      phase: 'starting',
      options,
      witness: { ...NO_LIVE.witness, state: witness ? 'waiting' : 'off' },
    };
  }

  get status(): LiveStatus {
    return { ...this.#status, lagBytes: Math.max(0, this.tail.lagBytes) };
  }

  /** Files of the ring, oldest first. */
  get files(): readonly RingFileState[] {
    return this.#files;
  }

  get isEnded(): boolean {
    const { phase } = this.#status;
    return phase === 'stopped' || phase === 'failed';
  }

  /** The ring let go of packets before they were analysed. */
  noteAnalysisLoss(packets: number): void {
    this.#analysisLosses += packets;
    this.#update({ losses: { ...this.#status.losses, analysis: this.#analysisLosses } });
  }

  /** How the second place fares, which the status of the first shows too. */
  noteSecond(second: SecondStatus): void {
    this.#update({ second });
  }

  /** Cases or the rule that catches them have changed, which the status shows too. */
  noteCases(cases: LiveStatus['cases'], options: LiveOptions): void {
    this.#update({ cases, options });
  }

  take(message: CaptureMessage): void {
    switch (message.kind) {
      case 'planned': {
        const { source, command, noWitness } = message;
        this.#update({ source, command });
        if (noWitness !== null)
          this.#update({ witness: { ...this.#status.witness, state: 'unavailable', why: noWitness } });
        break;
      }
      case 'placed':
        this.#update({ folder: message.folder, freeBytes: message.freeBytes });
        break;
      case 'started':
        this.#update({ startedMs: Date.now() });
        if (this.#status.phase === 'starting') this.#setPhase('capturing');
        break;
      case 'opened':
        this.#files = [...this.#files, message.file];
        this.tail.opened(message.file);
        this.#listFiles();
        break;
      case 'written':
        this.#files[this.#files.length - 1] = message.file;
        this.tail.written(message.file);
        break;
      case 'gone':
        this.#files = this.#files.filter(({ number }) => number !== message.file.number);
        this.tail.gone(message.file);
        this.#update({ filesGone: this.#status.filesGone + 1 });
        this.#listFiles();
        break;
      case 'counts':
        this.#takeCounts(message.counts);
        break;
      case 'stopping':
        this.#setPhase('stopping');
        break;
      case 'ended':
        this.#takeEnd(message.error);
        break;
    }
  }

  #takeEnd(error: LiveError | null): void {
    if (this.isEnded) return;
    this.tail.ended();
    this.#listFiles();
    this.#update({ packetsPerSecond: 0, bytesPerSecond: 0, error });
    // What did not begin has no end.
    if (this.#status.startedMs !== null) this.#update({ endedMs: Date.now() });
    this.#setPhase(error === null ? 'stopped' : 'failed');
  }

  #takeCounts(counts: RecorderCounts): void {
    const { packets, bytes, kernelDrops, interfaceDrops, queueLosses, freeBytes } = counts;
    const nowMs = monotonicMs();
    this.#recent.push({ atMs: nowMs, packets, bytes });
    while (this.#recent.length > 2 && nowMs - this.#recent[0].atMs > RATE_MS) this.#recent.shift();
    const [first] = this.#recent;
    const seconds = Math.max(0.001, (nowMs - first.atMs) / 1000);
    const losses: LiveLosses = {
      kernel: kernelDrops,
      interface: interfaceDrops,
      queue: queueLosses,
      analysis: this.#analysisLosses,
    };
    // Where the kernel is not asked, the recorder has nothing to say of it.
    const witness = counts.witness.state === 'off' ? this.#status.witness : counts.witness;
    this.#listFiles();
    this.#update({
      packets,
      bytes,
      packetsPerSecond: (packets - first.packets) / seconds,
      bytesPerSecond: (bytes - first.bytes) / seconds,
      losses,
      witness,
      freeBytes: freeBytes ?? this.#status.freeBytes,
    });
  }

  #listFiles(): void {
    const listed = this.#files.slice(-MAX_LISTED_FILES);
    this.#update({ files: listed.map(({ path, bytes, packets }) => ({ path, bytes, packets })) });
  }

  #setPhase(phase: LivePhase): void {
    this.#update({ phase });
    this.#tellNow();
  }

  #update(change: Partial<LiveStatus>): void {
    this.#status = { ...this.#status, ...change, revision: this.#status.revision + 1 };
    if (this.#tellTimer !== undefined) return;
    const wait = TELL_MS - (monotonicMs() - this.#toldMs);
    if (wait <= 0) this.#tellNow();
    else this.#tellTimer = setTimeout(() => this.#tellNow(), wait);
  }

  #tellNow(): void {
    clearTimeout(this.#tellTimer);
    this.#tellTimer = undefined;
    this.#toldMs = monotonicMs();
    this.changed.emit(this.status);
  }
}
