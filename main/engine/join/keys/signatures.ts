/**
 * Flows of which a vantage did not see the handshake, by packets that both have. A bounded sample of each such flow's packets
 * (those with the smallest hashes, so that both vantages would choose the same) is looked up by all packets of the other
 * vantage's flows that have no twin yet.
 */
import type { FlowRecord, PacketNumber } from '../../../../shared/base/units.ts';
import { LIMITS } from '../../limits.ts';
import { packetsOf, signature } from '../agreement.ts';
import { KeyIndex } from '../key-index.ts';
import type { FlowPair, PairBook, VantageFlows } from '../pair-book.ts';
import { AS_THEY_ARE } from '../pair-book.ts';
import { looksDrawn } from './number-worth.ts';

/** Different packets in common that make two flows one. */
const FEWEST_PACKETS = 3;
/** A second candidate with more than this share of the best one's packets leaves it open which it is. */
const RIVAL_SHARE = 0.5;

/** What a flow has in common with one of the other vantage. */
interface Common {
  packets: number;
  data: number;
  /** Of `packets` those with the direction turned. */
  turned: number;
  /** Records of the same nanosecond between the same endpoints. */
  copies: number;
  atNs: number;
  differenceNs: number;
}

interface Candidate extends Common {
  readonly sampled: FlowRecord;
  readonly other: FlowRecord;
}

export function* pairBySignatures(book: PairBook): Generator<undefined, void> {
  for (const isTurned of [false, true]) {
    const [sampled, other] = isTurned ? [book.second, book.first] : [book.first, book.second];
    const samples = yield* sample(book, sampled);
    if (samples.packets.length === 0) continue;
    const candidates: Candidate[] = [];
    for (const flow of book.free(other)) {
      const found = yield* look(book, samples, flow);
      if (found !== undefined) candidates.push(found);
    }
    assign(book, candidates, isTurned);
  }
}

interface Samples {
  readonly packets: readonly PacketNumber[];
  readonly flows: readonly FlowRecord[];
  /** Positions in `packets` by signature. */
  readonly index: KeyIndex;
  /** By position: the flow that last had it. */
  readonly lastSeen: Int32Array;
}

function* sample(book: PairBook, side: VantageFlows): Generator<undefined, Samples> {
  const packets: PacketNumber[] = [];
  const flows: FlowRecord[] = [];
  const keys: number[] = [];
  for (const flow of book.free(side)) {
    if (book.isSliceDone()) yield;
    if (book.facts.hasHandshake(flow)) continue;
    const all: [key: number, packet: PacketNumber][] = [];
    for (const packet of packetsOf(book.stores, flow)) {
      if (book.isSliceDone()) yield;
      all.push([signature(book.stores, packet, 0, 0, 0), packet]);
    }
    all.sort((a, b) => a[0] - b[0]);
    for (const [key, packet] of all.slice(0, LIMITS.maxSampledPackets)) {
      keys.push(key);
      packets.push(packet);
      flows.push(flow);
    }
  }
  const index = new KeyIndex(keys.length);
  for (const [at, key] of keys.entries()) index.add(key, at);
  return { packets, flows, index, lastSeen: new Int32Array(keys.length).fill(-1) };
}

/** The flow of the samples that has most in common with `flow`; undefined where none or several have enough. */
function* look(
  book: PairBook,
  samples: Samples,
  flow: FlowRecord,
): Generator<undefined, Candidate | undefined> {
  const { stores, facts } = book;
  const { packets } = stores;
  const found = new Map<FlowRecord, Common>();
  for (const packet of packetsOf(stores, flow)) {
    if (book.isSliceDone()) yield;
    const key = signature(stores, packet, 0, 0, 0);
    if (samples.index.count(key) > LIMITS.maxJoinCandidates) continue;
    for (const at of samples.index.items(key)) {
      const sampled = samples.flows[at];
      if (samples.lastSeen[at] === flow || !book.isFree(sampled)) continue;
      samples.lastSeen[at] = flow;
      const twin = samples.packets[at];
      let common = found.get(sampled);
      if (common === undefined) {
        common = { packets: 0, data: 0, turned: 0, copies: 0, atNs: 0, differenceNs: 0 };
        found.set(sampled, common);
      }
      const isCopy = packets.time(packet) === packets.time(twin) && facts.hasEndpointsOf(flow, sampled);
      if (!isCopy && !(looksDrawn(packets.seq(packet)) && looksDrawn(packets.ack(packet)))) continue;
      common.packets++;
      if (isCopy) common.copies++;
      if (packets.payload(packet) > 0) common.data++;
      if (packets.direction(packet) !== packets.direction(twin)) common.turned++;
      common.atNs = packets.time(twin);
      common.differenceNs = packets.time(packet) - common.atNs;
    }
  }
  const ranked = [...found].filter(([sampled, common]) => isEnough(book, sampled, flow, common));
  ranked.sort((a, b) => b[1].packets - a[1].packets);
  if (ranked.length === 0) return undefined;
  if (ranked.length > 1 && ranked[1][1].packets > RIVAL_SHARE * ranked[0][1].packets) return undefined;
  const [sampled, common] = ranked[0];
  return { sampled, other: flow, ...common };
}

function isEnough(book: PairBook, sampled: FlowRecord, other: FlowRecord, common: Common): boolean {
  if (common.turned !== 0 && common.turned !== common.packets) return false;
  if (common.copies > 0) return true;
  const isProof = common.data > 0 && common.packets >= FEWEST_PACKETS;
  if (!isProof && !isExpected(book, sampled, other, common)) return false;
  const { facts } = book;
  // Different numbers of one client's SYN are two connections.
  if (common.turned > 0 || !facts.hasSyn(sampled) || !facts.hasSyn(other)) return true;
  return facts.base(sampled, 0) === facts.base(other, 0);
}

/**
 * Whether one side's address and port and the time, by clocks that are known, leave little to prove: the numbers of one packet are
 * 64 bits then.
 */
function isExpected(book: PairBook, sampled: FlowRecord, other: FlowRecord, { turned }: Common): boolean {
  const { facts, clock } = book;
  const [first, second] = book.isOfFirst(sampled) ? [sampled, other] : [other, sampled];
  if (!clock.isKnown || !clock.fits(facts, first, second)) return false;
  if (turned > 0) {
    return (
      facts.endpointKey(first, 0) === facts.endpointKey(second, 1) ||
      facts.endpointKey(first, 1) === facts.endpointKey(second, 0)
    );
  }
  return facts.hasEndpointOf(first, second, 0) || facts.hasEndpointOf(first, second, 1);
}

function assign(book: PairBook, candidates: readonly Candidate[], isTurned: boolean): void {
  const best = new Map<FlowRecord, Candidate>();
  const rivals = new Map<FlowRecord, number>();
  for (const candidate of candidates) {
    const known = best.get(candidate.sampled);
    const isBetter = known === undefined || candidate.packets > known.packets;
    if (isBetter) best.set(candidate.sampled, candidate);
    const less = isBetter ? known?.packets : candidate.packets;
    rivals.set(candidate.sampled, Math.max(rivals.get(candidate.sampled) ?? 0, less ?? 0));
  }
  for (const [sampled, { other, packets, turned, atNs, differenceNs }] of best) {
    if ((rivals.get(sampled) ?? 0) > RIVAL_SHARE * packets) continue;
    const [first, second] = isTurned ? [other, sampled] : [sampled, other];
    const pair: FlowPair = { first, second, class: 'same', isSwapped: turned > 0, seqShift: AS_THEY_ARE };
    book.add(pair, true);
    if (isTurned) book.clock.note(atNs + differenceNs, -differenceNs);
    else book.clock.note(atNs, differenceNs);
  }
}
