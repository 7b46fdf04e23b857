/**
 * One sorted and filtered list, of which only the pages around what is on screen are here.
 *
 * Rows that were shown stay shown: a page that a newer revision made stale is served until its replacement
 * is here. So a list never flickers while a capture is still read.
 *
 * Invariants: at most one request per page is under way; only pages of the last `ensure` are requested; at most
 * MAX_PAGES pages are kept.
 */
import type { Looked } from '../../shared/model/looked.ts';

export interface RowWindowOf<Row> {
  readonly revision: number;
  readonly total: number;
  readonly rows: readonly Row[];
  /** How far the filter is; absent where it is through. */
  readonly looked?: Looked;
}

export type FetchRows<Row> = (from: number, count: number, signal: AbortSignal) => Promise<RowWindowOf<Row>>;

interface Page<Row> {
  readonly revision: number;
  readonly rows: readonly Row[];
}

export const PAGE_ROWS = 200;
const MAX_PAGES = 48;
/** While packets come in, what is on screen is pulled again this often. */
const REFRESH_MS = 250;
/** In the beginning, when people wait for the first rows, the pause is this share of the time since the start. */
const EARLY_SHARE = 0.3;

export class RowSource<Row> {
  readonly #fetch: FetchRows<Row>;
  readonly #pages = new Map<number, Page<Row>>();
  readonly #pending = new Map<number, AbortController>();
  readonly #listeners = new Set<() => void>();
  #total: number | undefined;
  #looked: Looked | undefined;
  #error: Error | undefined;
  #revision: number;
  #version = 0;
  #wantedFrom = 0;
  #wantedTo = 0;
  readonly #startedMs = performance.now();
  #lastRefresh = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #disposed = false;
  #isHeld = false;

  constructor(fetch: FetchRows<Row>, revision: number) {
    this.#fetch = fetch;
    this.#revision = revision;
  }

  /** Rows in the list; undefined until the first answer. */
  get total(): number | undefined {
    return this.#total;
  }

  /** How far the filter is that has to read packets' bytes, as of the newest answer; undefined where it is through. */
  get looked(): Looked | undefined {
    return this.#looked;
  }

  /** Why the newest request failed; undefined after one that did not. */
  get error(): Error | undefined {
    return this.#error;
  }

  /** Changes whenever anything that can be read here does. */
  get version(): number {
    return this.#version;
  }

  get(index: number): Row | undefined {
    return this.#pages.get(Math.floor(index / PAGE_ROWS))?.rows[index % PAGE_ROWS];
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Rows [from, to) are on screen: their pages are requested, requests for others given up. */
  ensure(from: number, to: number): void {
    this.#wantedFrom = Math.floor(Math.max(0, from) / PAGE_ROWS);
    this.#wantedTo = Math.floor(Math.max(from, to - 1) / PAGE_ROWS);
    for (const [page, abort] of this.#pending) {
      if (page >= this.#wantedFrom && page <= this.#wantedTo) continue;
      // The request is forgotten at once, so that scrolling back asks again.
      this.#pending.delete(page);
      abort.abort();
    }
    if (this.#error === undefined) this.#request();
  }

  /** The engine has a new revision: pages on screen are soon pulled again. */
  invalidate(revision: number): void {
    if (revision === this.#revision) return;
    this.#revision = revision;
    this.#error = undefined;
    this.#request();
  }

  /**
   * While held the list keeps its length. Pages that were not here yet come as they are now: in an order in which rows
   * are only added at the end they are the same.
   */
  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
  }

  retry(): void {
    this.#error = undefined;
    this.#changed();
    this.#request();
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
    for (const abort of this.#pending.values()) abort.abort();
    this.#listeners.clear();
  }

  #request(): void {
    if (this.#disposed) return;
    const now = performance.now();
    const pause = Math.min(REFRESH_MS, EARLY_SHARE * (now - this.#startedMs));
    const wait = this.#lastRefresh + pause - now;
    for (let page = this.#wantedFrom; page <= this.#wantedTo; page++) {
      if (this.#pending.has(page)) continue;
      const known = this.#pages.get(page);
      if (known === undefined) {
        const beyond = this.#total !== undefined && page > 0 && page * PAGE_ROWS >= this.#total;
        if (!beyond) void this.#pull(page);
      } else if (known.revision !== this.#revision) {
        if (wait <= 0) void this.#pull(page);
        else this.#requestIn(wait);
      }
    }
  }

  #requestIn(ms: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#request();
    }, ms);
  }

  async #pull(page: number): Promise<void> {
    const abort = new AbortController();
    this.#pending.set(page, abort);
    const asked = this.#revision;
    this.#lastRefresh = performance.now();
    try {
      const window = await this.#fetch(page * PAGE_ROWS, PAGE_ROWS, abort.signal);
      if (abort.signal.aborted || this.#disposed) return;
      this.#keep(page, { revision: asked, rows: window.rows });
      if (!this.#isHeld || this.#total === undefined) this.#total = window.total;
      this.#looked = window.looked;
      this.#error = undefined;
    } catch (error) {
      if (abort.signal.aborted || this.#disposed) return;
      this.#error = error instanceof Error ? error : new Error(String(error));
    } finally {
      if (this.#pending.get(page) === abort) this.#pending.delete(page);
    }
    this.#changed();
    if (this.#error === undefined) this.#request();
  }

  #keep(page: number, content: Page<Row>): void {
    // Deleted first so that the map's order is that of use: the first entry is the oldest.
    this.#pages.delete(page);
    this.#pages.set(page, content);
    for (const old of this.#pages.keys()) {
      if (this.#pages.size <= MAX_PAGES) break;
      if (old < this.#wantedFrom || old > this.#wantedTo) this.#pages.delete(old);
    }
  }

  #changed(): void {
    this.#version++;
    for (const listener of [...this.#listeners]) listener();
  }
}
