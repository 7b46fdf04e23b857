/**
 * The way between two vantages, gathered from all connections that pass both: which of the two is nearer to the clients, how their clocks
 * differ, and what lies between. Each connection is looked at once; a few kilobytes are kept.
 */
import { isAcrossProxy } from '../../../shared/model/join.ts';
import { MARK_ANY_RETRANSMISSION, MARK_DUPLICATE_CAPTURE, MARK_ICMP } from '../flow/marks.ts';
import { ClockPoints } from './clock-points.ts';
import { type FittedClock, fitClock, fitUndirected } from './clocks.ts';
import {
  ENOUGH_PACKETS,
  type FlowOrder,
  type MatchedFlows,
  SamePackets,
  orderOfFlows,
  ownDirection,
} from './path-order.ts';
import type { FlowPair } from './pair-flows.ts';
import type { JoinStores } from './stores.ts';
import { Translations } from './translations.ts';

/** Connections that say otherwise than the others, as two hosts do that connect to each other, leave the order of the two unknown. */
const MOST_OTHERS = 0.1;

/** When so many packets were looked at, of later connections only each so many-th, or ENOUGH_PACKETS, are. */
const MANY_POINTS = 50_000;
const SPARSE = 16;

export class WayBetween {
  /** Positive where the first vantage is nearer to the clients of most connections, 0 where nothing tells. */
  nearer = 0;
  /** Null where TTLs do not tell, or tell of several ways. */
  routers: number | null = null;
  clock: FittedClock | undefined;
  readonly translations: Translations;

  readonly #stores: JoinStores;
  readonly #stampStepNs: number;
  #points = new ClockPoints();
  /** Of connections whose own packets do not tell the order, as if the first vantage were nearer to the client. */
  #undirected = new ClockPoints();
  /** Of a proxy's two connections: a wrong pair among them would move the clock, so that they count where nothing else does. */
  #acrossProxies = new ClockPoints();
  readonly #votes = { first: 0, second: 0 };
  readonly #routers = new Map<number, number>();

  #entered = 0;
  readonly #few = new SamePackets();
  readonly #many = new SamePackets();

  /** @param stampStepNs the coarser step of the two vantages' time stamps */
  constructor(stores: JoinStores, stampStepNs: number) {
    this.#stores = stores;
    this.#stampStepNs = stampStepNs;
    this.translations = new Translations(stores);
  }

  /** Tells which vantage is nearer to the client of this connection, as far as its own packets tell. */
  add(pair: FlowPair, matched: MatchedFlows): FlowOrder {
    this.#few.take(pair, matched, ENOUGH_PACKETS);
    const order = orderOfFlows(this.#stores, pair, matched, this.#few, this.#stampStepNs);
    if (order.nearer > 0) this.#votes.first++;
    else if (order.nearer < 0) this.#votes.second++;
    if (order.routers !== null) this.#routers.set(order.routers, (this.#routers.get(order.routers) ?? 0) + 1);
    this.#enter(pair, matched, order.nearer);
    this.translations.add(pair);
    return order;
  }

  #enter(pair: FlowPair, matched: MatchedFlows, nearer: number): void {
    const { a, b } = matched;
    const direct = nearer === 0 ? this.#undirected : this.#points;
    const points = isAcrossProxy(pair.class) ? this.#acrossProxies : direct;
    const isByIds = !isAcrossProxy(pair.class) && this.#keepsIds(matched);
    const most = this.#entered < MANY_POINTS ? Infinity : Math.max(ENOUGH_PACKETS, a.count / SPARSE);
    const same = this.#many;
    same.take(pair, matched, most);
    this.#entered += same.count;
    for (let i = 0; i < same.count; i++) {
      const [our, their] = [same.ours[i], same.theirs[i]];
      if (!isOnePacket(matched, our, their, isByIds)) continue;
      const isThere = (ownDirection(pair, a.forms[our]) === 0) === nearer >= 0;
      points.add(a.packets[our], a.times[our], b.times[their], isThere);
    }
  }

  /** Whether the IP identifications pass as they are, so that a resend is told from its original. */
  #keepsIds({ a, b }: MatchedFlows): boolean {
    const { count, ours, theirs } = this.#few;
    let same = 0;
    for (let i = 0; i < count; i++) if (a.ids[ours[i]] === b.ids[theirs[i]]) same++;
    return same * 2 > count;
  }

  /** All connections were added. */
  *settle(): Generator<void, void> {
    const { first, second } = this.#votes;
    if (Math.min(first, second) <= (first + second) * MOST_OTHERS) this.nearer = Math.sign(first - second);
    const [routers, count] = mostOf(this.#routers);
    const all = [...this.#routers.values()].reduce((sum, some) => sum + some, 0);
    this.routers = count * 2 > all ? routers : null;
    this.clock = yield* this.#fit();
    // The way stays for as long as the captures do, and there may be thousands.
    this.#points = new ClockPoints();
    this.#undirected = new ClockPoints();
    this.#acrossProxies = new ClockPoints();
  }

  *#fit(): Generator<void, FittedClock | undefined> {
    // Times alone that contradict each other are those of one point: two captures of a host differ by microseconds, either way.
    const isToldByMost = this.nearer !== 0 || (this.routers ?? 0) > 0;
    const isDirected = this.#votes.first + this.#votes.second > 0 && isToldByMost;
    const direct = isDirected ? [this.#points] : [this.#undirected, this.#points];
    const points = direct.find(({ there, back }) => there + back > 0) ?? this.#acrossProxies;
    const fit = isDirected ? fitClock : fitUndirected;
    const above = points.above();
    const below = points.below();
    yield;
    return yield* fit(above, below, this.#stampStepNs);
  }
}

/** A segment and its resend that were taken for one would move the bounds by the whole time between them. */
function isOnePacket({ a, b }: MatchedFlows, our: number, their: number, isByIds: boolean): boolean {
  const [ours, theirs] = [a.marks[our], b.marks[their]];
  if (((ours | theirs) & (MARK_ICMP | MARK_DUPLICATE_CAPTURE)) !== 0) return false;
  if (isByIds && a.ids[our] !== b.ids[their]) return false;
  return ((ours ^ theirs) & MARK_ANY_RETRANSMISSION) === 0;
}

function mostOf(counts: ReadonlyMap<number, number>): readonly [value: number | null, count: number] {
  let best: readonly [number | null, number] = [null, 0];
  for (const [value, count] of counts) if (count > best[1]) best = [value, count];
  return best;
}
