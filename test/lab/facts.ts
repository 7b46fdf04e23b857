/** Facts of a run that its truth rests on: the path, what its nodes saw, and each reset where it was made. */
import { RST, type Segment } from './frames.ts';

/** A frame with ports, as one node saw it on any of its interfaces. */
export interface Sighting extends Segment {
  readonly timeNs: bigint;
}

/** Where things are on the path: nodes at whole numbers (client 0), devices on link i at i + ½. */
export interface PathFacts {
  readonly nodes: readonly string[];
  readonly owners: ReadonlyMap<string, string>;
  /** Answers may pass fewer routers: TTL does not tell how far a packet went. */
  readonly asymmetric: boolean;
  /** A segment with the numbers that it has at the client, wherever it was seen (see renumbering.ts). */
  readonly atClient: <T extends Segment>(segment: T, position: number) => T;
  /** One way, per link: link i joins node i and node i + 1. */
  readonly linkDelaysNs: readonly bigint[];
}

export interface DeviceReset extends Sighting {
  readonly link: number;
}

/** One reset leaving the place where it was made. */
export interface Emission {
  readonly segment: Sighting;
  /** A node's name, or 'device' for what sits on a wire. */
  readonly emitter: string;
  readonly position: number;
  /** The node whose address it carries. */
  readonly claimed: string;
  /** Its number in the run, from 1, and the number of the first of those that are alike to the last bit and made at nearly its time. */
  number: number;
  alike: number;
  kernelReason: string | null;
  /** What had passed on this flow at the emitter before: for telling replies after an end from others. */
  readonly before: FlowPast;
  endsConnection: boolean;
  /** Another reset of the same connection ended it, or came just before: what both are is told of that one. */
  endedByOther: boolean;
  /** Another one of the same connection came just before or comes just after: they are tries or parts of one thing. */
  follows: boolean;
  isFollowed: boolean;
  /** Whether work was under way on the connection (see Outcomes.unfinished). */
  unfinished: boolean | null;
}

export interface FlowPast {
  /** Data had passed either way. */
  readonly hasData: boolean;
  /** It had sent a FIN or a reset. */
  readonly ownEnd: boolean;
  /** It had sent a reset: this one says the same again. */
  readonly ownReset: boolean;
  readonly resetReceived: boolean;
}

export const isReset = (s: Segment): boolean => s.flags >= 0 && (s.flags & RST) !== 0;

/** The same TCP segment, wherever it is seen: translation leaves all of this alone. */
export const samePacket = (a: Segment, b: Segment): boolean =>
  a.seq === b.seq &&
  a.ack === b.ack &&
  a.flags === b.flags &&
  a.length === b.length &&
  a.id === b.id &&
  (a.sourcePort === b.sourcePort || a.targetPort === b.targetPort);

/** How many routers forward a packet between two places of the path. */
export function routersBetween(path: PathFacts, from: number, to: number): number {
  const [low, high] = from < to ? [from, to] : [to, from];
  let count = 0;
  for (let k = 1; k < path.nodes.length - 1; k++) if (k > low && k < high) count++;
  return count;
}

/** The time a packet needs between two places, without the time of the nodes themselves. */
export function travelNs(path: PathFacts, from: number, to: number): bigint {
  const [low, high] = from < to ? [from, to] : [to, from];
  let total = 0n;
  path.linkDelaysNs.forEach((delay, link) => {
    const part = Math.max(0, Math.min(high, link + 1) - Math.max(low, link));
    total += BigInt(Math.round(Number(delay) * part));
  });
  return total;
}
