/**
 * A list whose question changes: sorting, filtering. The old answer stays on screen until the first page of the
 * new one is here; a question that fails (a filter with a typo) leaves it there, beside the error.
 */
import type { RowWindowOf } from './row-source.ts';
import { RowSource } from './row-source.ts';

export type FetchFor<Query, Row> = (
  query: Query,
  from: number,
  count: number,
  signal: AbortSignal,
) => Promise<RowWindowOf<Row>>;

/** What a view renders; a new object whenever something changed. */
export interface FeedState<Row> {
  readonly shown: RowSource<Row> | undefined;
  /** A question is under way whose answer will replace what is shown. */
  readonly switching: boolean;
  readonly error: Error | undefined;
}

export interface ListPlace {
  /** Scroll offset, px of the list. */
  readonly offset: number;
  /** Row of the cursor when the list was left there; −1 for none. */
  readonly cursor: number;
  /** Rows that the list had when its newest end was last in view. */
  readonly seen: number;
}

const AT_TOP: ListPlace = { offset: 0, cursor: -1, seen: 0 };

export class RowFeed<Query, Row> {
  readonly #fetch: FetchFor<Query, Row>;
  readonly #listeners = new Set<() => void>();
  #key: string | undefined;
  #shown: RowSource<Row> | undefined;
  #next: RowSource<Row> | undefined;
  #revision = -1;
  #state: FeedState<Row> = { shown: undefined, switching: false, error: undefined };
  #place: ListPlace = AT_TOP;
  /** The list that is awaited is found where it was left before. */
  #isReturning = false;

  constructor(fetch: FetchFor<Query, Row>) {
    this.#fetch = fetch;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly getState = (): FeedState<Row> => this.#state;

  /** Where the list was left, for a view that comes back. */
  get place(): ListPlace {
    return this.#place;
  }

  leaveAt(place: Partial<ListPlace>): void {
    this.#place = { ...this.#place, ...place };
  }

  ask(query: Query): void {
    const key = JSON.stringify(query);
    if (key === this.#key) return;
    this.#key = key;
    this.#next?.dispose();
    const next = new RowSource<Row>(
      (from, count, signal) => this.#fetch(query, from, count, signal),
      this.#revision,
    );
    this.#next = next;
    next.subscribe(() => {
      this.#answered(next);
    });
    next.ensure(0, 1);
    this.#publish();
  }

  invalidate(revision: number): void {
    this.#revision = revision;
    this.#shown?.invalidate(revision);
    this.#next?.invalidate(revision);
  }

  /** Whether the list keeps its length while more rows come. */
  hold(isHeld: boolean): void {
    this.#shown?.hold(isHeld);
  }

  retry(): void {
    (this.#next ?? this.#shown)?.retry();
  }

  /** Asks for a row whose page the list does not hold. */
  async fetchRow(query: Query, index: number): Promise<Row | undefined> {
    const { rows } = await this.#fetch(query, index, 1, new AbortController().signal);
    return rows.at(0);
  }

  /**
   * Forgets all rows: another capture is shown, and nothing of the old one may be seen.
   * @param place where the list of that one was left
   */
  reset(place?: ListPlace): void {
    this.#shown?.dispose();
    this.#next?.dispose();
    this.#shown = undefined;
    this.#next = undefined;
    this.#key = undefined;
    this.#place = place ?? AT_TOP;
    this.#isReturning = place !== undefined;
    this.#publish();
  }

  #answered(source: RowSource<Row>): void {
    if (source === this.#next && source.total !== undefined) {
      this.#shown?.dispose();
      this.#shown = source;
      this.#next = undefined;
      const { offset } = this.#place;
      this.#place = { ...this.#place, offset: this.#isReturning ? offset : 0, seen: source.total };
      this.#isReturning = false;
    }
    this.#publish();
  }

  #publish(): void {
    this.#state = {
      shown: this.#shown,
      switching: this.#next !== undefined && this.#next.error === undefined,
      error: this.#next === undefined ? this.#shown?.error : this.#next.error,
    };
    for (const listener of [...this.#listeners]) listener();
  }
}
