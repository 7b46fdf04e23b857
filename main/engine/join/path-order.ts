/**
 * Which of two vantages lies nearer to the client of a connection, by what its own packets tell. Where nothing tells the answer is 0, and
 * nobody may claim then that one lies before the other.
 */
import { isAcrossProxy } from '../../../shared/model/join.ts';
import type { PacketNumber } from '../../../shared/base/units.ts';
import { TCP_RST } from '../decode/facts.ts';
import { MARK_DUPLICATE_CAPTURE, MARK_ICMP } from '../flow/marks.ts';
import { META, ipVersionOf } from '../flow/record.ts';
import { FLAG_INBOUND, FLAG_OUTBOUND } from '../store/packet-columns.ts';
import { isPrivateAddress } from './address-kind.ts';
import { CLOCK_RATE } from './clock-bounds.ts';
import { type FlowPackets, directionOf } from './flow-packets.ts';
import type { PacketMatch } from './join-view.ts';
import type { FlowPair } from './pair-flows.ts';
import type { JoinStores } from './stores.ts';

/** What tells the order, the most reliable first. */
export type OrderBy = 'ttl' | 'time' | 'address' | 'direction';

export interface FlowOrder {
  /** 1: the first vantage is nearer to the client, −1: the second, 0: nothing tells. */
  readonly nearer: 1 | 0 | -1;
  readonly by: OrderBy | null;
  /** Routers between the two; null where TTLs do not tell, or tell of ways of different length there and back. */
  readonly routers: number | null;
}

interface TtlOrder extends FlowOrder {
  /** Whether packets of both sides say it. */
  readonly isOfBoth: boolean;
}

const UNKNOWN: TtlOrder = { nearer: 0, by: null, routers: null, isOfBoth: false };

/** Of a hundred packets so many may speak against the others: a wrong match, a packet on another way. */
const MOST_CONTRARY = 0.05;

/**
 * @param same some of the flows' packets
 * @param stampStepNs how coarse the vantages' time stamps are
 */
export function orderOfFlows(
  stores: JoinStores,
  pair: FlowPair,
  matched: MatchedFlows,
  same: SamePackets,
  stampStepNs: number,
): FlowOrder {
  const ttl = isAcrossProxy(pair.class) ? UNKNOWN : byTtl(pair, matched, same);
  // What both sides' packets say alike can hardly be wrong; a device may set the TTLs of one side's.
  if (ttl.isOfBoth) return ttl;
  const time = byTime(pair, matched, same, stampStepNs);
  if (ttl.nearer !== 0) return time === -ttl.nearer ? UNKNOWN : ttl;
  if (time !== 0) return { nearer: time, by: 'time', routers: ttl.routers };
  const address = byAddress(stores, pair);
  if (address !== 0) return { nearer: address, by: 'address', routers: ttl.routers };
  const direction = isAcrossProxy(pair.class) ? 0 : byDirection(stores, pair, matched, same);
  return direction === 0 ? UNKNOWN : { nearer: direction, by: 'direction', routers: ttl.routers };
}

/** Packets of one connection that are asked for its order: they are spread over it, and many that say the same tell no more. */
export const ENOUGH_PACKETS = 32;
/** Neighbours are asked together, for what their times say of each other. */
const RUN_BITS = 3;

/** Two flows of one connection, and which of their packets are the same. `a` has the numbers and directions that the second vantage has. */
export interface MatchedFlows {
  readonly a: FlowPackets;
  readonly b: FlowPackets;
  readonly found: PacketMatch;
}

/**
 * Packets that carry the same bytes, as they are stamped at either vantage: of several segments that are one there, the first. Of a proxy's two
 * connections these are the first ones with data of either side, where they are as long as each other. Used again for the next flows.
 */
export class SamePackets {
  count = 0;
  /** Places of either flow's. */
  ours = new Int32Array(64);
  theirs = new Int32Array(64);

  /** @param most about so many are taken, in short runs all over the connection */
  take(pair: FlowPair, { a, b, found }: MatchedFlows, most = Infinity): void {
    this.count = 0;
    if (isAcrossProxy(pair.class)) {
      for (const direction of [0, 1] as const) {
        const our = firstData(a, direction);
        const their = firstData(b, direction);
        if (our !== -1 && their !== -1 && a.payloads[our] === b.payloads[their]) this.#add(our, their);
      }
      return;
    }
    const { ofOurs, ofTheirs } = found;
    const run = 1 << RUN_BITS;
    const every = run * Math.max(1, Math.floor(a.count / most));
    for (let from = 0; from < a.count; from += every) {
      const below = Math.min(a.count, from + run);
      for (let at = from; at < below; at++) {
        const other = ofOurs[at];
        if (other >= 0 && ofTheirs[other] === at) this.#add(at, other);
      }
    }
  }

  #add(our: number, their: number): void {
    if (this.count === this.ours.length) {
      this.ours = larger(this.ours);
      this.theirs = larger(this.theirs);
    }
    this.ours[this.count] = our;
    this.theirs[this.count++] = their;
  }
}

function larger(array: Int32Array): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(2 * array.length);
  grown.set(array);
  return grown;
}

/** Place of the first packet with data of one side; −1 without any. */
function firstData(flow: FlowPackets, direction: 0 | 1): number {
  for (let at = 0; at < flow.count; at++) {
    const isData = flow.payloads[at] > 0 && !isNoSegment(flow.marks[at]);
    if (isData && directionOf(flow.forms[at]) === direction) return at;
  }
  return -1;
}

/** Which side of the first flow sent a packet of it. */
export function ownDirection(pair: FlowPair, form: number): 0 | 1 {
  return (directionOf(form) ^ (pair.isSwapped ? 1 : 0)) as 0 | 1;
}

/** Votes of one kind that are nearly all alike. */
class Votes {
  readonly #counts = new Map<number, number>();
  #positive = 0;
  #negative = 0;
  #all = 0;

  add(vote: number): void {
    this.#all++;
    this.#counts.set(vote, (this.#counts.get(vote) ?? 0) + 1);
    if (vote > 0) this.#positive++;
    else if (vote < 0) this.#negative++;
  }

  get sign(): 1 | 0 | -1 {
    const most = Math.max(this.#positive, this.#negative);
    if (most === 0 || this.#all - most > this.#all * MOST_CONTRARY) return 0;
    return this.#positive > this.#negative ? 1 : -1;
  }

  /** Null without any. */
  get mostFrequent(): number | null {
    let best: number | null = null;
    let most = 0;
    for (const [vote, count] of this.#counts) {
      if (count <= most) continue;
      best = vote;
      most = count;
    }
    return best;
  }
}

/** Each router takes one off the TTL, so that the client's packets have less at the vantage farther from it, the server's more. */
function byTtl(pair: FlowPair, { a, b }: MatchedFlows, same: SamePackets): TtlOrder {
  const lost = [new Votes(), new Votes()];
  for (let i = 0; i < same.count; i++) {
    const [our, their] = [same.ours[i], same.theirs[i]];
    // Whoever forges a reset may have copied the TTL of one side.
    if ((a.forms[our] & TCP_RST) !== 0 || isNoSegment(a.marks[our] | b.marks[their])) continue;
    lost[ownDirection(pair, a.forms[our])].add(a.ttls[our] - b.ttls[their]);
  }
  const ofClient = lost[0].sign;
  const ofServer = -lost[1].sign;
  if (ofClient === -ofServer && ofClient !== 0) return UNKNOWN;
  const sum = ofClient + ofServer;
  const [there, back] = lost.map((votes) => votes.mostFrequent);
  const isEven = there !== null && back !== null && there === -back;
  const nearer = sum > 0 ? 1 : sum < 0 ? -1 : 0;
  const routers = isEven ? Math.abs(there) : null;
  return { nearer, by: nearer === 0 ? null : 'ttl', routers, isOfBoth: Math.abs(sum) === 2 };
}

function isNoSegment(marks: number): boolean {
  return (marks & (MARK_ICMP | MARK_DUPLICATE_CAPTURE)) !== 0;
}

/** Packets farther apart are not compared: the clocks may have drifted by more than transit takes. */
const MOST_APART_NS = 10e9;

/**
 * A packet from the nearer to the farther vantage is stamped later there by its transit, one on its way back earlier, whatever the
 * clocks say: with the first vantage nearer to the client, the differences of the client's packets lie above those of the server's.
 */
function byTime(pair: FlowPair, { a, b }: MatchedFlows, same: SamePackets, stampStepNs: number): 1 | 0 | -1 {
  const votes = new Votes();
  const last: { timeNs: number; differenceNs: number }[] = [];
  for (let i = 0; i < same.count; i++) {
    const [our, their] = [same.ours[i], same.theirs[i]];
    if (isNoSegment(a.marks[our] | b.marks[their])) continue;
    const timeNs = a.times[our];
    const differenceNs = b.times[their] - timeNs;
    const direction = ownDirection(pair, a.forms[our]);
    last[direction] = { timeNs, differenceNs };
    const other = last.at(1 - direction);
    if (other === undefined) continue;
    const apartNs = Math.abs(timeNs - other.timeNs);
    if (apartNs > MOST_APART_NS) continue;
    const above = direction === 0 ? differenceNs - other.differenceNs : other.differenceNs - differenceNs;
    if (Math.abs(above) > 2 * stampStepNs + CLOCK_RATE * apartNs) votes.add(Math.sign(above));
  }
  return votes.sign;
}

/**
 * A client's private address that is a public one elsewhere, on its way to a public server, is that of a network behind a translator; a
 * server's, asked by a public client, that of a network behind a published address.
 */
function byAddress({ flows }: JoinStores, pair: FlowPair): 1 | 0 | -1 {
  const isPrivate = (flow: FlowPair['first'], side: 0 | 1): boolean => {
    const version = ipVersionOf(flows.word(flow, META));
    return isPrivateAddress(flows.addressWords(flow), flows.addressAt(flow, side), version);
  };
  const [first, second] = [pair.first, pair.second].map((flow, i) => {
    const isTurned = i === 1 && pair.isSwapped;
    return {
      client: isPrivate(flow, isTurned ? 1 : 0),
      server: isPrivate(flow, isTurned ? 0 : 1),
    };
  });
  let sum = 0;
  if (first.client !== second.client && !first.server && !second.server) sum += first.client ? 1 : -1;
  if (first.server !== second.server && !first.client && !second.client) sum += second.server ? 1 : -1;
  return sum > 0 ? 1 : sum < 0 ? -1 : 0;
}

const INITIAL_TTLS: readonly number[] = [64, 128, 255];

/** Packets that leave the capturing machine with the TTL of their making were made on it. */
function byDirection(
  { packets }: JoinStores,
  pair: FlowPair,
  { a, b }: MatchedFlows,
  same: SamePackets,
): 1 | 0 | -1 {
  const votes = new Votes();
  for (let i = 0; i < same.count; i++) {
    const [our, their] = [same.ours[i], same.theirs[i]];
    if (!INITIAL_TTLS.includes(a.ttls[our]) || a.ttls[our] !== b.ttls[their]) continue;
    const here = packets.flags(a.packets[our] as PacketNumber);
    const there = packets.flags(b.packets[their] as PacketNumber);
    const leaves = (here & FLAG_OUTBOUND) !== 0 && (there & FLAG_INBOUND) !== 0;
    const comes = (here & FLAG_INBOUND) !== 0 && (there & FLAG_OUTBOUND) !== 0;
    if (leaves === comes) continue;
    const isOfClient = ownDirection(pair, a.forms[our]) === 0;
    votes.add(leaves === isOfClient ? 1 : -1);
  }
  return votes.sign;
}

/**
 * Things along a path in their order, from the client on, as far as comparisons tell: the place of each, null where it cannot be
 * compared with another one that is connected with it, or comparisons contradict each other.
 * @param nearer positive where the first of two is nearer to the client, 0 where nothing tells
 * @param isConnected whether anything is known of the two together
 */
export function placesAlongPath(
  count: number,
  nearer: (a: number, b: number) => number,
  isConnected: (a: number, b: number) => boolean,
): (number | null)[] {
  const all = Array.from({ length: count }, (_, i) => i);
  const before = all.map((a) => all.map((b) => a !== b && nearer(a, b) > 0));
  const together = all.map((a) => all.map((b) => a === b || isConnected(a, b)));
  // What is before one that is before a third is before the third.
  for (const via of all) {
    for (const a of all) {
      for (const b of all) {
        if (before[a][via] && before[via][b]) before[a][b] = true;
        if (together[a][via] && together[via][b]) together[a][b] = true;
      }
    }
  }
  return all.map((one) => {
    const others = all.filter((other) => other !== one && together[one][other]);
    const isPlaced = others.every((other) => before[one][other] !== before[other][one]);
    return isPlaced ? others.reduce((sum, other) => sum + Number(before[other][one]), 0) : null;
  });
}
