/**
 * Resets of a running capture that wait for their first verdict. Whoever floods must not delay the others: a reset of hosts of which
 * few resets wait goes before those of hosts of which many do, and of each kind the newest goes first, for that is what somebody
 * looks at. When too many wait, the oldest of the many is given up and counted (`ResetLog.unjudged`).
 *
 * Invariants
 * - At most LIMITS.maxWaitingResets wait.
 * - Ids of each kind ascend, so that those that were settled meanwhile stand first.
 */
import { LIMITS, type LimitCounter } from '../limits.ts';
import type { AddressTable } from '../store/address-table.ts';
import type { ResetLog } from '../store/reset-log.ts';
import { Deque } from './deque.ts';

/** Resets of one host that may wait before further ones count as those of a flood. */
const FEW = 64;

interface Waiting {
  readonly id: number;
  readonly client: string | number;
  readonly server: string | number;
}

export class WaitingResets {
  readonly #resets: ResetLog;
  readonly #addresses: AddressTable;
  readonly #limits: LimitCounter;
  readonly #few = new Deque<Waiting>();
  readonly #many = new Deque<Waiting>();
  /** Resets that wait, by the address of either side. */
  readonly #byHost = new Map<string | number, number>();
  /** Resets below this were entered. */
  #entered = 0;

  constructor(resets: ResetLog, addresses: AddressTable, limits: LimitCounter) {
    this.#resets = resets;
    this.#addresses = addresses;
    this.#limits = limits;
  }

  get size(): number {
    return this.#few.size + this.#many.size;
  }

  /** Enters all resets that came since the last call. @param settled resets below this have their verdicts */
  enter(settled: number): void {
    this.#drop(this.#few, settled);
    this.#drop(this.#many, settled);
    const resets = this.#resets;
    for (let id = Math.max(this.#entered, settled); id < resets.count; id++) this.#enter(id);
    this.#entered = resets.count;
  }

  /** The one that is judged next. */
  take(): number | undefined {
    const next = this.#few.takeNewest() ?? this.#many.takeNewest();
    if (next === undefined) return undefined;
    this.#leave(next);
    return next.id;
  }

  /** Nobody waits for them any longer. */
  giveUpAll(): void {
    for (const queue of [this.#few, this.#many]) {
      for (let one = queue.takeOldest(); one !== undefined; one = queue.takeOldest()) this.#giveUp(one);
    }
  }

  #enter(id: number): void {
    const flow = this.#resets.flow(id);
    const client = this.#addresses.key(flow, 0);
    const server = this.#addresses.key(flow, 1);
    const isOfMany = Math.max(this.#count(client, 1), this.#count(server, 1)) > FEW;
    if (isOfMany) this.#resets.noteMany(id);
    (isOfMany ? this.#many : this.#few).push({ id, client, server });
    if (this.size <= LIMITS.maxWaitingResets) return;
    const oldest = this.#many.takeOldest() ?? this.#few.takeOldest();
    if (oldest === undefined) return;
    this.#giveUp(oldest);
    this.#limits.hit('maxWaitingResets');
  }

  #giveUp(one: Waiting): void {
    this.#leave(one);
    this.#resets.giveUp(one.id);
  }

  #drop(queue: Deque<Waiting>, settled: number): void {
    while ((queue.oldest()?.id ?? Infinity) < settled) {
      const one = queue.takeOldest();
      if (one !== undefined) this.#leave(one);
    }
  }

  #leave({ client, server }: Waiting): void {
    this.#count(client, -1);
    this.#count(server, -1);
  }

  #count(host: string | number, change: 1 | -1): number {
    const count = (this.#byHost.get(host) ?? 0) + change;
    if (count === 0) this.#byHost.delete(host);
    else this.#byHost.set(host, count);
    return count;
  }
}
