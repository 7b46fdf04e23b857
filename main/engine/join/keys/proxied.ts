/**
 * Connections on both sides of a proxy: two TCP connections that share nothing but the bytes that are copied, and the time.
 *
 * The randoms of TLS hellos (RFC 8446 §4.1.2) name a session. Of other protocols the first bytes of both sides do, as far as they
 * are those of no other flow; many requests are alike, so that the time has to decide, or nothing does. A proxy that ends TLS
 * leaves only the time and about how much was said: enough for a guess where the same two machines are joined by others.
 */
import type { FlowRecord } from '../../../../shared/base/units.ts';
import { seqDelta } from '../../../../shared/base/seq.ts';
import { isAcrossProxy, type MatchClass } from '../../../../shared/model/join.ts';
import { PAYLOAD_BYTES, SEEN, SEEN_FIN } from '../../flow/record.ts';
import { LIMITS } from '../../limits.ts';
import { KeyIndex } from '../key-index.ts';
import { mix } from '../mix.ts';
import type { PairBook } from '../pair-book.ts';
import { isNearInTime } from '../pair-clock.ts';
import { type Candidate, agreeing } from './agreeing.ts';
import { headOf, headsKey, shortHeadsKey, streamLength } from './heads.ts';

const DIRECTIONS = [0, 1] as const;

/** Spans of time in which a flow has to be the only one of its kind; in the first of them the time leaves no other. */
const SPANS_NS = [2e9, 2e8, 2e7];

/** A proxy opens its own connection when it was asked, and ends it soon after the other one. */
const OPENS_WITHIN_NS = 2e9;
const CLOCK_SLACK_NS = 5e6;
/** What the clock of a pair is unsure by at least: the way of a SYN is in it. */
const CLOCK_UNSURE_NS = 0.25e9;
/** What TLS adds to the bytes that it carries: hellos, certificates, records. */
const MOST_TLS_SHARE = 1.2;
const MOST_TLS_BYTES = 16_384;

export function* pairProxied(book: PairBook): Generator<undefined, void> {
  if (book.stores.hints.fingerprints === undefined) return;
  yield* pairByRandoms(book);
  const direct = directPaths(book);
  yield* pairByHeads(book, direct);
  if (!book.clock.isKnown) yield* pairByShortHeads(book);
  if (!book.clock.isKnown) return;
  yield* pairByHeadsInTime(book, direct, (flow) => headsKey(book, flow));
  yield* pairByHeadsInTime(book, direct, (flow) => shortHeadsKey(book, flow));
  yield* pairByTime(book);
}

function* pairByRandoms(book: PairBook): Generator<undefined, void> {
  const prints = book.stores.hints.fingerprints;
  if (prints === undefined) return;
  const { seed } = book.facts;
  const client = (flow: FlowRecord): number => prints.random(flow, false);
  const server = (flow: FlowRecord): number => prints.random(flow, true);
  const both = (flow: FlowRecord): number | undefined =>
    client(flow) !== 0 && server(flow) !== 0 ? mix(mix(seed, client(flow)), server(flow)) : undefined;
  const clientOnly = (flow: FlowRecord): number | undefined =>
    client(flow) !== 0 ? mix(seed, client(flow)) : undefined;
  for (const keyOf of [both, clientOnly]) {
    yield* book.alone(keyOf, (first, second) => {
      if (client(first) !== client(second)) return;
      const servers = [server(first), server(second)];
      if (!servers.includes(0) && servers[0] !== servers[1]) return;
      enter(book, first, second, 'proxied', true);
    });
  }
}

/**
 * One request and its answer are said on many connections, of people who have nothing to do with each other: that the bytes are
 * the same proves nothing before a clock is known, which other connections tell or several of these.
 */
function* pairByHeads(book: PairBook, direct: DirectPaths): Generator<undefined, void> {
  const { facts, clock } = book;
  const found: Candidate[] = [];
  yield* book.alone(
    (flow) => headsKey(book, flow),
    (first, second) => {
      if (!hasSameHeads(book, first, second) || facts.isToAnotherServer(first, second)) return;
      const fits = clock.isKnown ? clock.fits(facts, first, second) : isNearInTime(facts, first, second);
      if (!fits) return;
      const isWhole = hasSameLengths(book, first, second);
      if (hasSameNumbers(book, first, second)) {
        // Numbers that prove nothing by themselves, and all else the same at the same time. No proxy draws its numbers alike.
        if (isWhole && facts.hasEndpointsOf(first, second)) enter(book, first, second, 'same', true);
        return;
      }
      if (!clock.isKnown) {
        if (isWhole)
          found.push({ first, second, differenceNs: facts.firstNs(second) - facts.firstNs(first) });
        return;
      }
      if (!isCopiedInTime(book, direct, first, second)) return;
      const isCopied = isWhole || isBroken(book, first) || isBroken(book, second);
      enter(book, first, second, isCopied ? 'proxied' : 'probable', false);
    },
  );
  if (clock.isKnown) return;
  for (const { first, second } of agreeing(found)) enter(book, first, second, 'proxied', true);
}

/** Captures of packets in part hold too little of one connection to prove anything; several that tell one clock do. */
function* pairByShortHeads(book: PairBook): Generator<undefined, void> {
  const { facts } = book;
  const found: Candidate[] = [];
  const keyOf = (flow: FlowRecord): number | undefined => {
    const key = shortHeadsKey(book, flow);
    return key === undefined
      ? undefined
      : DIRECTIONS.reduce((all: number, side) => mix(all, streamLength(book, flow, side) ?? 0), key);
  };
  yield* book.alone(keyOf, (first, second) => {
    if (facts.isToAnotherServer(first, second) || !isNearInTime(facts, first, second)) return;
    if (!hasSameLengths(book, first, second)) return;
    found.push({ first, second, differenceNs: facts.firstNs(second) - facts.firstNs(first) });
  });
  for (const { first, second } of agreeing(found)) enter(book, first, second, 'proxied', true);
}

/** Flows that are alike, each the only one for half a span of time before and after it. */
function* pairByHeadsInTime(
  book: PairBook,
  direct: DirectPaths,
  keyOf: (flow: FlowRecord) => number | undefined,
): Generator<undefined, void> {
  const { facts, clock } = book;
  for (const spanNs of SPANS_NS) {
    const alone = new Map<FlowRecord, FlowRecord>();
    for (const phaseNs of [0, spanNs / 2]) {
      const keyInTime = (flow: FlowRecord): number | undefined => {
        const key = keyOf(flow);
        if (key === undefined) return undefined;
        const [low, high] = clock.range(facts.firstNs(flow)) ?? [0, 0];
        const ns = facts.firstNs(flow) - (book.isOfFirst(flow) ? 0 : (low + high) / 2);
        return mix(key, Math.floor((ns + phaseNs) / spanNs));
      };
      yield* book.alone(keyInTime, (first, second) => {
        if (phaseNs === 0) alone.set(first, second);
        if (phaseNs === 0 || alone.get(first) !== second) return;
        if (facts.isToAnotherServer(first, second) || !clock.fits(facts, first, second)) return;
        if (!hasSameLengths(book, first, second) || !isCopiedInTime(book, direct, first, second)) return;
        enter(book, first, second, spanNs === SPANS_NS[0] ? 'proxied' : 'probable', false);
      });
    }
  }
}

/** A proxy that ends TLS: pairs of machines that other connections have joined, and one plain connection inside the time of one with TLS. */
function* pairByTime(book: PairBook): Generator<undefined, void> {
  const { facts, clock } = book;
  const joined = new Set<number>();
  for (const { first, second, class: pairClass } of book.pairs) {
    if (pairClass !== 'proxied') continue;
    joined.add(mix(facts.addressKey(first, 1), facts.addressKey(second, 0)));
    joined.add(mix(facts.addressKey(second, 1), facts.addressKey(first, 0)));
  }
  if (joined.size === 0) return;
  const begins = [...book.free(book.second)].sort((a, b) => facts.firstNs(a) - facts.firstNs(b));
  const times = Float64Array.from(begins, (flow) => facts.firstNs(flow));
  const claims = new KeyIndex(book.first.flows.length);
  const found = new Map<FlowRecord, FlowRecord>();
  for (const flow of book.free(book.first)) {
    if (book.isSliceDone()) yield;
    const [low, high] = clock.range(facts.firstNs(flow)) ?? [0, 0];
    const from = lowerBound(times, facts.firstNs(flow) + low - OPENS_WITHIN_NS);
    const fitting = begins
      .slice(from, from + LIMITS.maxNeighbourFlows)
      .filter(
        (other) =>
          facts.firstNs(other) <= facts.firstNs(flow) + high + OPENS_WITHIN_NS &&
          (joined.has(mix(facts.addressKey(flow, 1), facts.addressKey(other, 0))) ||
            joined.has(mix(facts.addressKey(other, 1), facts.addressKey(flow, 0)))) &&
          (isInside(book, flow, other, (low + high) / 2) || isInside(book, other, flow, -(low + high) / 2)),
      );
    if (fitting.length > 0) yield;
    if (fitting.length !== 1) continue;
    found.set(flow, fitting[0]);
    claims.add(fitting[0], 0);
  }
  for (const [first, second] of found) {
    if (claims.count(second) === 1) enter(book, first, second, 'probable', false);
  }
}

/** Whether `back` is plain, and its time and bytes are inside those of `front`, which is TLS. @param aheadNs of the clock of `back` */
function isInside(book: PairBook, front: FlowRecord, back: FlowRecord, aheadNs: number): boolean {
  const { facts, stores } = book;
  const prints = stores.hints.fingerprints;
  if (prints === undefined || prints.random(front, false) === 0 || prints.random(back, false) !== 0)
    return false;
  const begins = facts.firstNs(back) - aheadNs;
  const ends = facts.lastNs(back) - aheadNs;
  if (begins < facts.firstNs(front) - CLOCK_SLACK_NS || begins > facts.firstNs(front) + OPENS_WITHIN_NS)
    return false;
  if (begins > facts.lastNs(front) + CLOCK_SLACK_NS || ends > facts.lastNs(front) + OPENS_WITHIN_NS)
    return false;
  return DIRECTIONS.every((direction) => {
    const plain = stores.flows.directionDouble(back, direction, PAYLOAD_BYTES);
    const secret = stores.flows.directionDouble(front, direction, PAYLOAD_BYTES);
    return plain > 0 && secret >= plain && secret <= plain * MOST_TLS_SHARE + MOST_TLS_BYTES;
  });
}

/** Hashes of both addresses of flows that pass both vantages themselves. */
interface DirectPaths {
  readonly first: ReadonlySet<number>;
  readonly second: ReadonlySet<number>;
}

function directPaths(book: PairBook): DirectPaths {
  const direct = book.pairs.filter(({ class: is }) => !isAcrossProxy(is));
  return {
    first: new Set(direct.map(({ first }) => addressesKey(book, first))),
    second: new Set(direct.map(({ second }) => addressesKey(book, second))),
  };
}

function addressesKey({ facts }: PairBook, flow: FlowRecord): number {
  return mix(facts.addressKey(flow, 0), facts.addressKey(flow, 1));
}

/**
 * Whether one of two connections may be what a proxy opened for the other: it began and ended as the other did, and not both are
 * between machines whose connections pass the other vantage without a proxy.
 */
function isCopiedInTime(book: PairBook, direct: DirectPaths, first: FlowRecord, second: FlowRecord): boolean {
  const { facts, clock } = book;
  const areDirect =
    direct.first.has(addressesKey(book, first)) && direct.second.has(addressesKey(book, second));
  const hasBothAddresses = DIRECTIONS.every((side) => facts.hasAddressOf(first, second, side));
  if (areDirect && !hasBothAddresses) return false;
  const [low, high] = clock.range(facts.firstNs(first)) ?? [0, 0];
  const slack = high - low + CLOCK_UNSURE_NS;
  const aheadNs = (low + high) / 2;
  const apart = facts.firstNs(second) - aheadNs - facts.firstNs(first);
  // The later one is the proxy's own: it is opened while the client's is there.
  const front = apart >= 0 ? first : second;
  return (
    Math.abs(apart) <= OPENS_WITHIN_NS + slack &&
    Math.abs(apart) <= facts.lastNs(front) - facts.firstNs(front) + slack
  );
}

function lowerBound(times: Float64Array, fromNs: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] < fromNs) low = middle + 1;
    else high = middle;
  }
  return low;
}

function hasSameNumbers(book: PairBook, first: FlowRecord, second: FlowRecord): boolean {
  return DIRECTIONS.every((direction) => shiftOf(book, first, second, direction) === 0);
}

function hasSameHeads(book: PairBook, first: FlowRecord, second: FlowRecord): boolean {
  return DIRECTIONS.every((direction) => {
    const one = headOf(book, first, direction);
    const other = headOf(book, second, direction);
    return one?.hash === other?.hash && one?.length === other?.length;
  });
}

function hasSameLengths(book: PairBook, first: FlowRecord, second: FlowRecord): boolean {
  return DIRECTIONS.every(
    (direction) => streamLength(book, first, direction) === streamLength(book, second, direction),
  );
}

/** Whether a side never came to its end, so that bytes may have stayed in the proxy. */
function isBroken({ stores }: PairBook, flow: FlowRecord): boolean {
  return DIRECTIONS.some((direction) => (stores.flows.directionWord(flow, direction, SEEN) & SEEN_FIN) === 0);
}

function enter(
  book: PairBook,
  first: FlowRecord,
  second: FlowRecord,
  pairClass: MatchClass,
  isCertain: boolean,
): void {
  const { facts } = book;
  if (!book.isFree(first) || !book.isFree(second)) return;
  const seqShift = [shiftOf(book, first, second, 0), shiftOf(book, first, second, 1)] as const;
  book.add({ first, second, class: pairClass, isSwapped: false, seqShift }, isCertain);
  if (isCertain) book.clock.note(facts.firstNs(first), facts.firstNs(second) - facts.firstNs(first));
}

/** By which the numbers of the same bytes differ: from the first of them, or from the SYNs. */
function shiftOf(book: PairBook, first: FlowRecord, second: FlowRecord, direction: 0 | 1): number {
  const one = headOf(book, first, direction);
  const other = headOf(book, second, direction);
  if (one !== undefined && other !== undefined) return seqDelta(other.startSeq, one.startSeq);
  return seqDelta(book.facts.base(second, direction), book.facts.base(first, direction));
}
