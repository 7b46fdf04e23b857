/**
 * Connections out of pairs of flows: at more than two vantages the pairs that were found may contradict each other, or one may be
 * missing although two others imply it.
 *
 * Invariants
 * - A connection has at most one flow at each vantage.
 * - Any two flows of a connection are a pair.
 * - Where two pairs contradict each other the stronger class stays; of the same class the one that was found first.
 */
import type { FlowRecord } from '../../../shared/base/units.ts';
import { MATCH_CLASSES, type MatchClass } from '../../../shared/model/join.ts';
import type { FlowPair } from './pair-flows.ts';

/** Flows of one connection with the pairs that hold them together. */
interface Group {
  readonly flows: Map<number, FlowRecord>;
  readonly pairs: FlowPair[];
  isListed: boolean;
}

/** Work between two steps, pairs. */
const SLICE = 256;

/** @param timelineOf the vantage of a flow */
export function* consistentPairs(
  found: readonly FlowPair[],
  timelineOf: (flow: FlowRecord) => number,
): Generator<void, FlowPair[]> {
  const groups = new Map<FlowRecord, Group>();
  for (const strength of MATCH_CLASSES) {
    for (let i = 0; i < found.length; i++) {
      if (found[i].class === strength) unite(groups, found[i], timelineOf);
      if (i % SLICE === 0) yield;
    }
  }
  const pairs: FlowPair[] = [];
  let done = 0;
  for (const group of groups.values()) {
    if (done++ % SLICE === 0) yield;
    if (group.isListed) continue;
    group.isListed = true;
    // Two flows have their one pair.
    if (group.flows.size === 2) pairs.push(group.pairs[0]);
    else for (const pair of allPairs(group)) pairs.push(pair);
  }
  return pairs;
}

function unite(
  groups: Map<FlowRecord, Group>,
  pair: FlowPair,
  timelineOf: (flow: FlowRecord) => number,
): void {
  const a = groups.get(pair.first) ?? alone(pair.first, timelineOf);
  const b = groups.get(pair.second) ?? alone(pair.second, timelineOf);
  if (a !== b) {
    for (const vantage of b.flows.keys()) if (a.flows.has(vantage)) return;
    for (const [vantage, flow] of b.flows) {
      a.flows.set(vantage, flow);
      groups.set(flow, a);
    }
    for (const one of b.pairs) a.pairs.push(one);
    groups.set(pair.first, a);
  }
  a.pairs.push(pair);
}

function alone(flow: FlowRecord, timelineOf: (flow: FlowRecord) => number): Group {
  return { flows: new Map([[timelineOf(flow), flow]]), pairs: [], isListed: false };
}

function allPairs({ flows, pairs }: Group): FlowPair[] {
  const inOrder = [...flows].sort(([a], [b]) => a - b).map(([, flow]) => flow);
  const next = new Map<FlowRecord, FlowPair[]>(inOrder.map((flow) => [flow, []]));
  for (const pair of pairs) {
    next.get(pair.first)?.push(pair);
    next.get(pair.second)?.push(turned(pair));
  }
  const all: FlowPair[] = [];
  inOrder.forEach((first, at) => {
    const ways = waysFrom(first, next);
    for (const second of inOrder.slice(at + 1)) {
      const found = ways.get(second);
      if (found !== undefined) all.push(found);
    }
  });
  return all;
}

/**
 * From a flow to all others of its connection, over as few pairs as that takes: one that was found stays as it is.
 * @param next the pairs of each flow, which is their first one
 */
function waysFrom(
  first: FlowRecord,
  next: ReadonlyMap<FlowRecord, readonly FlowPair[]>,
): Map<FlowRecord, FlowPair> {
  const ways = new Map<FlowRecord, FlowPair>([
    [first, { first, second: first, class: 'same', isSwapped: false, seqShift: [0, 0] }],
  ]);
  // A Map's iteration comes to what is added meanwhile.
  for (const [flow, way] of ways) {
    for (const pair of next.get(flow) ?? []) {
      if (!ways.has(pair.second)) ways.set(pair.second, composed(way, pair));
    }
    if (ways.size === next.size) break;
  }
  return ways;
}

/** The same pair as seen from its second flow. */
export function turned({ first, second, class: kind, isSwapped, seqShift }: FlowPair): FlowPair {
  const [client, server] = [-seqShift[0] | 0, -seqShift[1] | 0];
  return {
    ...{ first: second, second: first, class: kind, isSwapped },
    seqShift: isSwapped ? [server, client] : [client, server],
  };
}

function composed(one: FlowPair, next: FlowPair): FlowPair {
  const [client, server] = one.isSwapped ? [next.seqShift[1], next.seqShift[0]] : next.seqShift;
  return {
    first: one.first,
    second: next.second,
    class: weaker(one.class, next.class),
    isSwapped: one.isSwapped !== next.isSwapped,
    seqShift: [(one.seqShift[0] + client) | 0, (one.seqShift[1] + server) | 0],
  };
}

function weaker(a: MatchClass, b: MatchClass): MatchClass {
  return MATCH_CLASSES[Math.max(MATCH_CLASSES.indexOf(a), MATCH_CLASSES.indexOf(b))];
}
