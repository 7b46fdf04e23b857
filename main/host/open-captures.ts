/**
 * The captures that are open at once, of which one is shown.
 *
 * Invariants: while any is open one is shown; at most MAX_OPEN are, and those that are not shown take at most MAX_HIDDEN_BYTES.
 */
import type { OpenCapture } from '../../shared/contract/methods.ts';
import type { Analysis } from './analysis.ts';
import { CaptureAnswers } from './capture-answers.ts';
import { EndpointLists } from './endpoint-lists.ts';
import { FilterScans } from './filter-scan.ts';
import { ListCache } from './lists.ts';
import { PacketBytes } from './packet-bytes.ts';
import { PacketLists } from './packet-lists.ts';
import { StreamView } from './stream-view.ts';

/** Tabs that a person still finds their way among. */
const MAX_OPEN = 8;
/** What is remembered of packets that nobody looks at. */
const MAX_HIDDEN_BYTES = 1 << 30;

export class Opened {
  readonly lists: ListCache;
  readonly endpoints: EndpointLists;
  readonly whole: CaptureAnswers;
  readonly packets: PacketLists;
  readonly stream: StreamView;
  readonly #scans: FilterScans;
  readonly abort = new AbortController();
  /** Settles when reading is over. */
  running: Promise<void> = Promise.resolve();
  readonly capture: number;
  readonly paths: readonly string[];
  readonly isLive: boolean;
  readonly analysis: Analysis;

  /** @param tell of what a filter that reads packets' bytes has found */
  constructor(
    capture: number,
    paths: readonly string[],
    isLive: boolean,
    analysis: Analysis,
    tell: (opened: Opened) => void,
  ) {
    this.capture = capture;
    this.paths = paths;
    this.isLive = isLive;
    this.analysis = analysis;
    const bytes = new PacketBytes(analysis);
    this.#scans = new FilterScans(analysis.session, bytes, () => {
      tell(this);
    });
    this.lists = new ListCache(analysis.session, this.#scans);
    this.stream = new StreamView(analysis);
    this.packets = new PacketLists(analysis.session, bytes, this.#scans);
    this.endpoints = new EndpointLists(analysis.session, this.lists);
    this.whole = new CaptureAnswers(analysis.session, this.lists);
  }

  /** What is remembered of its packets. */
  get bytes(): number {
    return this.analysis.session.packets.bytes;
  }

  /** No packet comes any more: what was kept for being fresh enough is no longer. */
  forgetKept(): void {
    this.lists.clear();
    this.endpoints.clear();
    this.whole.clear();
  }

  /** Nobody waits for filters that read packets' bytes any more. */
  stopScans(): void {
    this.#scans.stop();
  }

  get isBusy(): boolean {
    const { phase } = this.analysis.progress;
    return this.isLive && phase === 'following';
  }

  async close(): Promise<void> {
    this.abort.abort();
    await this.running;
    await this.#scans.close();
    await this.analysis.close();
  }
}

export class OpenCaptures {
  /** In the order in which they were opened. */
  readonly #open = new Map<number, Opened>();
  /** The one that is shown last, those that were shown before it before it. */
  #looked: Opened[] = [];

  get shown(): Opened | undefined {
    return this.#looked.at(-1);
  }

  get(capture: number): Opened | undefined {
    return this.#open.get(capture);
  }

  /** Shows it from now on. */
  show(opened: Opened): void {
    this.#open.set(opened.capture, opened);
    this.#looked = [...this.#looked.filter((other) => other !== opened), opened];
  }

  /** Puts one in the place of another, shown or not as that was. */
  replace(opened: Opened, by: Opened): void {
    const others = [...this.#open.values()].map((one) => (one === opened ? by : one));
    this.#open.clear();
    for (const one of others) this.#open.set(one.capture, one);
    this.#looked = this.#looked.map((one) => (one === opened ? by : one));
  }

  /** Forgets it; what was shown before it is shown again. */
  remove(opened: Opened): void {
    this.#open.delete(opened.capture);
    this.#looked = this.#looked.filter((other) => other !== opened);
  }

  /** What has to be closed to keep the bounds, what nobody looked at for longest first; never what is shown or captured. */
  tooMuch(maxOpen = MAX_OPEN, maxBytes = MAX_HIDDEN_BYTES): Opened[] {
    const hidden = this.#looked.slice(0, -1).reverse();
    const tooMuch: Opened[] = [];
    let kept = 1;
    let bytes = 0;
    for (const one of hidden) {
      bytes += one.bytes;
      kept++;
      if (!one.isBusy && (kept > maxOpen || bytes > maxBytes)) {
        tooMuch.push(one);
        kept--;
        bytes -= one.bytes;
      }
    }
    return tooMuch.reverse();
  }

  live(): Opened[] {
    return Array.from(this.#open.values()).filter(({ isLive }) => isLive);
  }

  list(): OpenCapture[] {
    return Array.from(this.#open.values(), (one) => {
      const { phase, bytesRead, bytesTotal, packets } = one.analysis.progress;
      return {
        capture: one.capture,
        paths: one.paths,
        isLive: one.isLive,
        isShown: one === this.shown,
        phase,
        bytesRead,
        bytesTotal,
        packets,
      };
    });
  }
}
