/**
 * Resets of an endless capture whose verdict is final: what rows, lists and details need of them once packets and flow are
 * gone. The oldest go first when there are too many, those that do not matter before those that do.
 */
import type { FlowId, Frame, Nanoseconds } from '../../../shared/base/units.ts';
import type { ResetAccount } from '../../../shared/model/capture.ts';
import type { FlowHints } from '../../../shared/model/hints.ts';
import type { ResetDescription } from '../reset/words/happening.ts';
import { Deque } from './deque.ts';

export interface SettledReset extends ResetDescription {
  readonly id: number;
  readonly file: number;
  readonly frame: Frame;
  readonly timeNs: Nanoseconds;
  /** Resets that it stands for, and how many of them are no second captures. */
  readonly members: number;
  readonly times: number;
  /** Of the newest of them. */
  readonly lastNs: Nanoseconds;
  readonly flow: FlowId;
  readonly claimed: 0 | 1;
  readonly clientAddress: string;
  /** [client, server] */
  readonly endpoints: readonly [string, string];
  readonly endpointKeys: readonly [number, number];
  readonly serverName: string;
  readonly matters: boolean;
  /** JSON of HintedAccount, half the size of the objects; null where too many came at once. */
  readonly account: string | null;
}

/** The account of a reset with what the application protocol of its flow showed. */
export interface HintedAccount {
  readonly account: ResetAccount;
  readonly hints: FlowHints | null;
}

export class SettledResets {
  /** The verdicts of resets below this are final. */
  to = 0;
  /** Ascending by id. */
  readonly #kept = new Map<number, SettledReset>();
  readonly #noise = new Deque<number>();
  readonly #important = new Deque<number>();

  get size(): number {
    return this.#kept.size;
  }

  get(id: number): SettledReset | undefined {
    return this.#kept.get(id);
  }

  ids(): Iterable<number> {
    return this.#kept.keys();
  }

  /** Every reset in turn, by id. */
  add(reset: SettledReset): void {
    this.to = reset.id + 1;
    this.#kept.set(reset.id, reset);
    (reset.matters ? this.#important : this.#noise).push(reset.id);
  }

  /** The next reset in turn has no verdict, and gets none. */
  skip(id: number): void {
    this.to = id + 1;
  }

  /** The one whose turn it is to go; each is named once. */
  nextToGo(): number | undefined {
    return this.#noise.takeOldest() ?? this.#important.takeOldest();
  }

  delete(id: number): void {
    this.#kept.delete(id);
  }
}
