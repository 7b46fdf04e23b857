/**
 * Flows of which something between the vantages rewrites the sequence numbers: firewalls that draw initial numbers anew, for one
 * side or both, and SYN proxies, which answer with a number of their own and keep the client's. All numbers of a direction then
 * differ by a constant, and all else of the packets stays.
 *
 * Candidates come from what such devices leave: the number of one side, addresses and ports, the server's endpoint at about the
 * same time, or the first bytes of both sides. Their packets decide.
 */
import type { FlowRecord } from '../../../../shared/base/units.ts';
import { seqDelta } from '../../../../shared/base/seq.ts';
import { LIMITS } from '../../limits.ts';
import { FLAG_TIMESTAMPS } from '../../store/packet-columns.ts';
import { agreement, packetsOf, type Agreement } from '../agreement.ts';
import { KeyIndex } from '../key-index.ts';
import { mix } from '../mix.ts';
import { AS_THEY_ARE, type PairBook } from '../pair-book.ts';
import { isNearInTime } from '../pair-clock.ts';
import { type Candidate, agreeing } from './agreeing.ts';
import { headsKey } from './heads.ts';
import { clientNumberKey, isClientNumberWorth, looksDrawn } from './number-worth.ts';
import { type SenderMarks, senderMarks } from './sender-marks.ts';

/** Packets with data that have to agree under a shift that was worked out from them. */
const FEWEST_DATA = 3;
/** Of the packets of the flow that has fewer. */
const LEAST_SHARE = 0.3;
/** Where addresses, ports and time are those of one connection, and the clocks known. */
const FEWEST_EXPECTED_DATA = 1;
const LEAST_EXPECTED_SHARE = 0.8;
/** Marks of 16 bits that make two flows one, with the same addresses and ports and without. */
const FEWEST_MARKS = 2;
const FEWEST_MARKS_TRANSLATED = 3;
/** An initial sequence number has 32 bits. */
const MARKS_OF_NUMBER = 2;
/** Of those that agree, and of those of them that tell the sender: a proxy has a TCP of its own. */
const LEAST_WINDOWS = 0.6;
const LEAST_OF_ONE_SENDER = 0.5;
/** How far the begins of two flows of one server may lie apart, once the clocks are known. */
const BEGIN_NS = 1e9;
/** Segments with data of each direction from which a shift is worked out. */
const SHIFT_SEGMENTS = 48;

type Shift = readonly [number, number];

interface Found {
  readonly second: FlowRecord;
  readonly shift: Shift;
  readonly agreement: Agreement;
  /** How much they have in common: the more the better of two. */
  readonly weight: number;
  /** Whether it holds at whatever distance of the clocks. */
  readonly isTimeless: boolean;
}

export function* pairRewritten(book: PairBook): Generator<undefined, void> {
  const { facts } = book;
  yield* book.alone(
    (flow) => (facts.hasSyn(flow) ? clientNumberKey(facts, flow) : undefined),
    (first, second) => {
      pairByClientNumber(book, first, second);
    },
  );
  const serverNumber = (flow: FlowRecord): number | undefined =>
    facts.hasSynAck(flow) && looksDrawn(facts.base(flow, 1))
      ? mix(facts.seed, facts.base(flow, 1))
      : undefined;
  yield* pairCandidates(book, serverNumber);
  const isRare = yield* rareMarks(book);
  yield* pairCandidates(book, (flow) => facts.endpointsKey(flow), isRare);
  yield* pairCandidates(book, (flow) => synKey(book, flow), isRare);
  yield* pairCandidates(book, (flow) => headsKey(book, flow));
  if (book.clock.isKnown) yield* pairNeighbours(book);
}

/**
 * The number of the client's SYN is enough to tell the connection. Which number the server's bytes have is told by what came after
 * the SYN-ACK: one that only one vantage saw may be forged.
 */
function pairByClientNumber(book: PairBook, first: FlowRecord, second: FlowRecord): void {
  const { facts, stores, clock } = book;
  if (facts.base(first, 0) !== facts.base(second, 0)) return;
  const isWorth =
    isClientNumberWorth(facts, book.first, first) && isClientNumberWorth(facts, book.second, second);
  const isSameServer =
    facts.serverPort(first) === facts.serverPort(second) || facts.hasAddressOf(first, second, 1);
  if (!isWorth || !isSameServer || !clock.fits(facts, first, second)) return;
  const shift = shiftOfSyns(book, first, second);
  const moved = shift === undefined ? undefined : agreement(stores, first, second, shift);
  const kept = agreement(stores, first, second, AS_THEY_ARE);
  const differenceNs = facts.firstNs(second) - facts.firstNs(first);
  if (shift !== undefined && moved !== undefined && moved.packets > kept.packets) {
    book.add({ first, second, class: 'rewritten', isSwapped: false, seqShift: shift }, true);
  } else if (kept.packets > 0 || facts.hasEndpointsOf(first, second)) {
    book.addSame(first, second, kept.packets > 0);
  } else return;
  clock.note(facts.firstNs(first), differenceNs);
}

/** By a key that only makes candidates: the one whose packets agree best is taken, if it is the best for both. */
function* pairCandidates(
  book: PairBook,
  keyOf: (flow: FlowRecord) => number | undefined,
  hasRareMarks: (flow: FlowRecord) => boolean = () => true,
): Generator<undefined, void> {
  const index = yield* book.index(book.second, keyOf);
  const found = new Map<FlowRecord, Found | undefined>();
  for (const flow of book.free(book.first)) {
    if (book.isSliceDone()) yield;
    const key = keyOf(flow);
    if (key === undefined || index.count(key) > LIMITS.maxJoinCandidates) continue;
    const candidates = index.items(key);
    if (candidates.length > 0) found.set(flow, best(book, flow, candidates as FlowRecord[], hasRareMarks));
    if (candidates.length > 0) yield;
  }
  enter(book, found);
}

/** Flows of the same server that began at about the same time. */
function* pairNeighbours(book: PairBook): Generator<undefined, void> {
  const { facts, clock } = book;
  const begins = [...book.free(book.second)].sort((a, b) => facts.firstNs(a) - facts.firstNs(b));
  const found = new Map<FlowRecord, Found | undefined>();
  for (const flow of book.free(book.first)) {
    if (book.isSliceDone()) yield;
    const range = clock.range(facts.firstNs(flow));
    if (range === undefined || !facts.hasHandshake(flow)) continue;
    const [low, high] = range;
    const at = firstFrom(facts, begins, facts.firstNs(flow) + low - BEGIN_NS);
    const candidates: FlowRecord[] = [];
    for (const other of begins.slice(at, at + LIMITS.maxNeighbourFlows)) {
      if (facts.firstNs(other) > facts.firstNs(flow) + high + BEGIN_NS) break;
      if (facts.hasHandshake(other) && facts.hasEndpointOf(flow, other, 1)) candidates.push(other);
      if (candidates.length === LIMITS.maxJoinCandidates) break;
    }
    if (candidates.length > 0) found.set(flow, best(book, flow, candidates));
    if (candidates.length > 0) yield;
  }
  enter(book, found);
}

function firstFrom(facts: PairBook['facts'], flows: readonly FlowRecord[], fromNs: number): number {
  let low = 0;
  let high = flows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (facts.firstNs(flows[middle]) < fromNs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether what a flow begins with is not what many of its vantage begin with. */
function* rareMarks(book: PairBook): Generator<undefined, (flow: FlowRecord) => boolean> {
  const { seed } = book.facts;
  const keyOf = (flow: FlowRecord): number | undefined => {
    const mark = firstMark(book, flow);
    return mark === undefined ? undefined : mix(seed, mark);
  };
  const ofFirst = yield* book.index(book.first, keyOf);
  const ofSecond = yield* book.index(book.second, keyOf);
  return (flow) => {
    const key = keyOf(flow);
    const index = book.isOfFirst(flow) ? ofFirst : ofSecond;
    return key === undefined || index.count(key) <= LIMITS.maxSharedNumber;
  };
}

/** IP-ID and digest of the options of a flow's first packet; undefined where it has neither. */
function firstMark({ facts, stores }: PairBook, flow: FlowRecord): number | undefined {
  const { packets } = stores;
  const packet = facts.firstPacket(flow);
  if (!packets.holds(packet)) return undefined;
  const hasStamps = (packets.flags(packet) & FLAG_TIMESTAMPS) !== 0;
  const mark = (packets.ipId(packet) << 16) | (hasStamps ? packets.optionDigest(packet) : 0);
  return mark === 0 ? undefined : mark;
}

/** By what a device that rewrites numbers leaves of the client's SYN: time stamps and IP-ID. */
function synKey(book: PairBook, flow: FlowRecord): number | undefined {
  const { facts } = book;
  const mark = facts.hasSyn(flow) ? firstMark(book, flow) : undefined;
  return mark === undefined ? undefined : mix(mix(facts.seed, facts.serverPort(flow)), mark);
}

/** The candidate whose packets agree with those of `first`; undefined where none does, or several do as well. */
function best(
  book: PairBook,
  first: FlowRecord,
  candidates: readonly FlowRecord[],
  hasRareMarks: (flow: FlowRecord) => boolean = () => true,
): Found | undefined {
  const { facts, clock } = book;
  let found: Found | undefined;
  let isTied = false;
  for (const second of candidates) {
    if (!book.isFree(second) || !clock.fits(facts, first, second)) continue;
    if (!book.mayTry(second) || facts.isToAnotherServer(first, second)) continue;
    // Tools write the same into all of their packets, which is the mark of none.
    const areMarks = clock.isKnown || (hasRareMarks(first) && hasRareMarks(second));
    const one = (areMarks ? byMarks(book, first, second) : undefined) ?? byPackets(book, first, second);
    if (one === undefined) continue;
    if (found !== undefined && one.weight === found.weight) isTied = true;
    if (found !== undefined && one.weight <= found.weight) continue;
    found = one;
    isTied = false;
  }
  return isTied ? undefined : found;
}

/** By what their senders wrote into the packets, which may be a SYN and its refusal. */
function byMarks(book: PairBook, first: FlowRecord, second: FlowRecord): Found | undefined {
  const { facts, stores, clock } = book;
  const common = senderMarks(stores, first, second) ?? numbersAlone(book, first, second);
  if (common === undefined || !isEnough(book, first, second, common)) return undefined;
  const shift = common.seqShift;
  const one = agreement(stores, first, second, shift);
  const atNs = facts.firstNs(first);
  const isBare = one.packets === 0;
  return {
    second,
    shift,
    agreement: isBare ? { ...one, atNs, differenceNs: facts.firstNs(second) - atNs } : one,
    weight: one.packets + common.marks,
    isTimeless: clock.isKnown,
  };
}

/** Where packets carry no marks, as of IPv6 without time stamps: the handshakes, if all that follows is moved as they are. */
function numbersAlone(book: PairBook, first: FlowRecord, second: FlowRecord): SenderMarks | undefined {
  const seqShift = shiftOfSyns(book, first, second);
  if (seqShift === undefined) return undefined;
  const { share } = agreement(book.stores, first, second, seqShift);
  return share < LEAST_EXPECTED_SHARE ? undefined : { seqShift, marks: 0 };
}

function isEnough(
  book: PairBook,
  first: FlowRecord,
  second: FlowRecord,
  { marks, seqShift }: SenderMarks,
): boolean {
  const { facts, clock } = book;
  // Different numbers of a client's SYN are two connections, unless its packets say that something moves them.
  if (contradictsSyns(book, first, second, seqShift)) return false;
  const all = marks + keptNumbers(book, first, second, seqShift);
  if (!facts.hasEndpointsOf(first, second)) return all >= FEWEST_MARKS_TRANSLATED;
  if (all >= FEWEST_MARKS) return true;
  // Whatever moves the numbers of others moves this one's: the same addresses and ports, at the same time.
  return clock.isKnown && book.pairs.some(({ class: is }) => is === 'rewritten');
}

/** A device that rewrites one side's numbers leaves the other's: what that side drew for its connection is two marks of 16 bits. */
function keptNumbers(
  { facts }: PairBook,
  first: FlowRecord,
  second: FlowRecord,
  [client, server]: Shift,
): number {
  const isKept = (side: 0 | 1, has: boolean, shift: number): boolean =>
    has && shift === 0 && looksDrawn(facts.base(first, side));
  const isClients = isKept(0, facts.hasSyn(first) && facts.hasSyn(second), client);
  const isServers = isKept(1, facts.hasSynAck(first) && facts.hasSynAck(second), server);
  return (isClients ? MARKS_OF_NUMBER : 0) + (isServers ? MARKS_OF_NUMBER : 0);
}

/** Whether the numbers of SYNs that both have contradict the shift. */
function contradictsSyns(
  { facts }: PairBook,
  first: FlowRecord,
  second: FlowRecord,
  [client, server]: Shift,
): boolean {
  const hasClient = facts.hasSyn(first) && facts.hasSyn(second);
  const hasServer = facts.hasSynAck(first) && facts.hasSynAck(second);
  return (
    (hasClient && seqDelta(facts.base(second, 0), facts.base(first, 0)) !== client) ||
    (hasServer && seqDelta(facts.base(second, 1), facts.base(first, 1)) !== server)
  );
}

/** By packets that are alike once their numbers are moved. */
function byPackets(book: PairBook, first: FlowRecord, second: FlowRecord): Found | undefined {
  const { facts, stores, clock } = book;
  const shift = shiftOfSyns(book, first, second) ?? shiftOfData(book, first, second);
  // What is not moved was for the keys before this one.
  if (shift === undefined || isNone(shift)) return undefined;
  const one = agreement(stores, first, second, shift);
  const isExpected =
    clock.isKnown &&
    facts.hasEndpointsOf(first, second) &&
    facts.hasHandshake(first) &&
    facts.hasHandshake(second);
  const fewest = isExpected && one.share >= LEAST_EXPECTED_SHARE ? FEWEST_EXPECTED_DATA : FEWEST_DATA;
  if (one.data < fewest || one.share < LEAST_SHARE) return undefined;
  if (!isOfOneSender(book, first, second, one)) return undefined;
  const isTimeless = clock.isKnown || one.oneSender > 0;
  return { second, shift, agreement: one, weight: one.packets, isTimeless };
}

/** Without a clock, what lies hours apart may be a replay, unless several say by how much the clocks differ. */
function believed(
  book: PairBook,
  found: ReadonlyMap<FlowRecord, Found | undefined>,
): ReadonlySet<FlowRecord> {
  const { facts } = book;
  const all = new Set<FlowRecord>();
  const apart: Candidate[] = [];
  for (const [first, one] of found) {
    if (one === undefined) continue;
    const { second, isTimeless, agreement: common } = one;
    if (isTimeless || isNearInTime(facts, first, second)) all.add(first);
    else apart.push({ first, second, differenceNs: common.differenceNs });
  }
  for (const { first } of agreeing(apart)) all.add(first);
  return all;
}

function enter(book: PairBook, found: ReadonlyMap<FlowRecord, Found | undefined>): void {
  const claims = new KeyIndex(found.size);
  for (const one of found.values()) if (one !== undefined) claims.add(one.second, 0);
  const mayEnter = believed(book, found);
  for (const [first, one] of found) {
    if (one === undefined || claims.count(one.second) !== 1 || !mayEnter.has(first)) continue;
    if (!book.isFree(first) || !book.isFree(one.second)) continue;
    const { second, shift } = one;
    if (isNone(shift)) book.addSame(first, second, true);
    else book.add({ first, second, class: 'rewritten', isSwapped: false, seqShift: shift }, true);
    book.clock.note(one.agreement.atNs, one.agreement.differenceNs);
  }
}

/** Whether the same packets pass both vantages, rather than a proxy's that carry the same bytes. */
function isOfOneSender(book: PairBook, first: FlowRecord, second: FlowRecord, found: Agreement): boolean {
  if (found.windows < LEAST_WINDOWS * found.packets) return false;
  if (found.telling > 0) return found.oneSender >= LEAST_OF_ONE_SENDER * found.telling;
  return book.facts.hasEndpointsOf(first, second);
}

function isNone([client, server]: Shift): boolean {
  return client === 0 && server === 0;
}

/** By the SYNs of both sides; undefined where one was not seen. */
function shiftOfSyns({ facts }: PairBook, first: FlowRecord, second: FlowRecord): Shift | undefined {
  if (!facts.hasHandshake(first) || !facts.hasHandshake(second)) return undefined;
  return [
    seqDelta(facts.base(second, 0), facts.base(first, 0)),
    seqDelta(facts.base(second, 1), facts.base(first, 1)),
  ];
}

/** By segments of equal length: the difference that most of them have. */
function shiftOfData(book: PairBook, first: FlowRecord, second: FlowRecord): Shift | undefined {
  const ours = segmentsOf(book, first);
  const theirs = segmentsOf(book, second);
  const shifts = ([0, 1] as const).map((direction) => {
    const votes = new Map<number, number>();
    for (const [seq, length] of ours[direction]) {
      for (const [otherSeq, otherLength] of theirs[direction]) {
        if (length !== otherLength) continue;
        const shift = seqDelta(otherSeq, seq);
        votes.set(shift, (votes.get(shift) ?? 0) + 1);
      }
    }
    let most: number | undefined;
    for (const [shift, count] of votes)
      if (most === undefined || count > (votes.get(most) ?? 0)) most = shift;
    return most;
  });
  const [client, server] = shifts;
  // A side that sent no data is moved as its acknowledgements say, which only the other's bytes tell: left as it is.
  if (client === undefined && server === undefined) return undefined;
  return [client ?? 0, server ?? 0];
}

type Segment = readonly [seq: number, length: number];

function segmentsOf({ stores }: PairBook, flow: FlowRecord): readonly [Segment[], Segment[]] {
  const { packets } = stores;
  const found: [Segment[], Segment[]] = [[], []];
  for (const packet of packetsOf(stores, flow)) {
    const length = packets.payload(packet);
    const of = found[packets.direction(packet)];
    if (length > 0 && of.length < SHIFT_SEGMENTS) of.push([packets.seq(packet), length]);
  }
  return found;
}
