/** Conditions that several questions of the join have in common. */
import type { Condition } from '../store.ts';
import type { FlowFacts } from './facts.ts';

const DAY_NS = 86_400_000_000_000n;

export function equal(column: string, value: string | number | bigint): Condition {
  return { column, op: '=', value };
}

/** For the ends of a flow, as they are and with the sides changed over, as a capture has them that guessed. */
export function eitherWay({ ends: { client, server } }: FlowFacts): Condition[][] {
  if (client === null || server === null) return [];
  return [
    [client, server],
    [server, client],
  ].map(([a, b]) => [
    equal('client_address', a.address),
    equal('client_port', a.port),
    equal('server_address', b.address),
    equal('server_port', b.port),
  ]);
}

/** Whatever the clocks: the days beside those flows are enough, and what lies further away need not be read. */
export function aboutWhen(flows: readonly FlowFacts[]): Condition[] {
  const from = flows.reduce((least, { timeNs }) => (timeNs < least ? timeNs : least), flows[0].timeNs);
  const to = flows.reduce((most, { lastTimeNs }) => (lastTimeNs > most ? lastTimeNs : most), from);
  return overlapping(from - DAY_NS, to + DAY_NS);
}

/** Of rows that have a first and a last time. */
export function overlapping(fromNs: bigint, toNs: bigint): Condition[] {
  return [
    { column: 'time', op: '<=', value: toNs },
    { column: 'last_time', op: '>=', value: fromNs },
  ];
}
