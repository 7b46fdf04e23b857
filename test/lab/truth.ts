/**
 * The truth about every reset of a run, from facts alone: whether that very packet left its claimed sender's own
 * interface, which node or device made it otherwise, and the kernel's word for why. Nothing here knows a verdict.
 */
import type { CauseCode } from '../../shared/model/cause.ts';
import { ACK, FIN, RST, type Segment, SYN } from './frames.ts';
import type { KernelReset } from './trace.ts';

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

/** What a scenario knows about its resets; the first rule that fits is taken. */
export interface CauseRule {
  /** A node's name or 'device'; any if left out. */
  readonly emitter?: string;
  /** The kernel's reason; null for a reset no TCP stack sent; any if left out. */
  readonly reason?: string | null;
  /** Whether its sender had reset that connection before; either if left out. */
  readonly again?: boolean;
  readonly cause: CauseCode;
  readonly alternatives?: readonly CauseCode[];
  readonly note?: string;
  /** Whether it ended work that was not finished, where packets alone leave that open; null where a capture cannot tell. */
  readonly matters?: boolean | null;
}

export interface Decision {
  readonly origin: 'endpoint' | 'middlebox';
  readonly cause: CauseCode;
  readonly alternatives: readonly CauseCode[];
  readonly note: string;
  /** Whether it ended work that was not finished; null where nobody can say. */
  readonly matters: boolean | null;
}

const SAME_PACKET_NS = 100_000_000n;
const LONGEST_WAY_NS = 2_000_000_000n;
/** From the tracepoint to the interface: one queue, but a virtual processor may be paused in between. */
const EVENT_NS = 50_000_000n;
/** Resets of a connection that follow each other within this are one thing that happened. */
const ONE_BURST_NS = 2_000_000_000n;
/** Of the tracepoint's clock, which tells whole microseconds, against that of a witness on the same host. */
const EVENT_CLOCK_NS = 2000n;
const CLOCK_SLACK_NS = 3_000_000n;

export const isReset = (s: Segment): boolean => s.flags >= 0 && (s.flags & RST) !== 0;

/** The same TCP segment, wherever it is seen: translation leaves all of this alone. */
const samePacket = (a: Segment, b: Segment): boolean =>
  a.seq === b.seq &&
  a.ack === b.ack &&
  a.flags === b.flags &&
  a.length === b.length &&
  a.id === b.id &&
  (a.sourcePort === b.sourcePort || a.targetPort === b.targetPort);

/**
 * All resets of the run, each where it was made. A node made a reset that leaves it without having come in.
 * @param sightings what every node of the path saw, in time order
 */
export function findEmissions(
  path: PathFacts,
  sightings: ReadonlyMap<string, readonly Sighting[]>,
  devices: readonly DeviceReset[],
  kernel: readonly KernelReset[],
): Emission[] {
  const emissions: Emission[] = devices.map((reset) => ({
    segment: reset,
    emitter: 'device',
    position: reset.link + 0.5,
    claimed: path.owners.get(reset.source) ?? 'unknown',
    kernelReason: null,
    before: { hasData: false, ownEnd: false, ownReset: false, resetReceived: false },
    endsConnection: false,
    endedByOther: false,
    follows: false,
    isFollowed: false,
    unfinished: null,
  }));
  for (const [node, seen] of sightings)
    for (const segment of madeBy(seen))
      emissions.push({
        segment,
        emitter: node,
        position: path.nodes.indexOf(node),
        claimed: path.owners.get(segment.source) ?? 'unknown',
        kernelReason: null,
        before: pastOf(segment, seen),
        endsConnection: false,
        endedByOther: false,
        follows: false,
        isFollowed: false,
        unfinished: null,
      });
  emissions.sort((a, b) => Number(a.segment.timeNs - b.segment.timeNs));
  attachReasons(emissions, kernel);
  attachEnds(path, emissions, sightings, kernel);
  const ended = new Set(emissions.filter((e) => e.endsConnection).map(({ segment }) => portsOf(segment)));
  const earlier = new Map<string, Emission>();
  for (const e of emissions) {
    const ports = portsOf(e.segment);
    const before = earlier.get(ports);
    if (before !== undefined && e.segment.timeNs - before.segment.timeNs < ONE_BURST_NS) {
      e.follows = true;
      // What says the same again, with no SYN between, is no other try.
      if (!e.before.ownReset) before.isFollowed = true;
    }
    e.endedByOther = e.follows || (!e.endsConnection && ended.has(ports));
    earlier.set(ports, e);
  }
  return emissions;
}

/** Both directions of a connection have the same. */
const portsOf = ({ sourcePort, targetPort }: Segment): string =>
  sourcePort < targetPort ? `${sourcePort} ${targetPort}` : `${targetPort} ${sourcePort}`;

/** The resets that left a node without having come in there: each that came in accounts for one that left. */
export function madeBy(seen: readonly Sighting[]): Sighting[] {
  const passing: Sighting[] = [];
  const made: Sighting[] = [];
  for (const s of seen) {
    if (!isReset(s)) continue;
    if (!s.fromThisHost) {
      passing.push(s);
      continue;
    }
    const at = passing.findIndex((p) => samePacket(p, s) && s.timeNs - p.timeNs < SAME_PACKET_NS);
    if (at < 0) made.push(s);
    else passing.splice(at, 1);
  }
  return made;
}

function pastOf(reset: Sighting, seen: readonly Sighting[]): FlowPast {
  let hasData = false;
  let ownEnd = false;
  let ownReset = false;
  let resetReceived = false;
  for (const s of seen) {
    if (s.timeNs >= reset.timeNs) break;
    const own = s.fromThisHost && s.source === reset.source && s.sourcePort === reset.sourcePort;
    const matches = own
      ? s.target === reset.target && s.targetPort === reset.targetPort
      : s.source === reset.target && s.sourcePort === reset.targetPort && s.targetPort === reset.sourcePort;
    if (!matches || s.flags < 0) continue;
    if ((s.flags & (SYN | ACK)) === SYN) {
      hasData = false;
      ownEnd = false; // a new connection on old ports
      ownReset = false;
      resetReceived = false;
    }
    if (s.length > 0) hasData = true;
    if (own && s.flags & (FIN | RST)) ownEnd = true;
    if (own && s.flags & RST) ownReset = true;
    if (!own && s.flags & RST) resetReceived = true;
  }
  return { hasData, ownEnd, ownReset, resetReceived };
}

/**
 * Every "sent" event belongs to one reset its host sent on that flow, the nearest pairs first; a reset that was
 * filtered before the interface leaves its event without one. A listening socket's event does not name the other
 * end: those take what is left.
 */
function attachReasons(emissions: Emission[], kernel: readonly KernelReset[]): void {
  const bySource = new Map<string, Emission[]>();
  for (const e of emissions) {
    if (e.emitter === 'device') continue;
    const key = `${e.segment.source} ${e.segment.sourcePort}`;
    bySource.set(key, [...(bySource.get(key) ?? []), e]);
  }
  const pairs: { event: KernelReset; emission: Emission; apart: bigint }[] = [];
  for (const event of kernel) {
    if (event.kind !== 'sent') continue;
    for (const emission of bySource.get(`${event.local} ${event.localPort}`) ?? []) {
      const s = emission.segment;
      const unnamed = event.remotePort === 0;
      if (!unnamed && (s.targetPort !== event.remotePort || s.target !== event.remote)) continue;
      const apart = s.timeNs > event.timeNs ? s.timeNs - event.timeNs : event.timeNs - s.timeNs;
      if (apart < EVENT_NS) pairs.push({ event, emission, apart: unnamed ? apart + EVENT_NS : apart });
    }
  }
  pairs.sort((a, b) => Number(a.apart - b.apart));
  const used = new Set<KernelReset>();
  for (const { event, emission } of pairs) {
    if (used.has(event) || emission.kernelReason !== null) continue;
    used.add(event);
    emission.kernelReason = event.reason;
  }
}

/** A "received" event: the host gave a connection up because of the last reset that had reached it by then. */
function attachEnds(
  path: PathFacts,
  emissions: readonly Emission[],
  sightings: ReadonlyMap<string, readonly Sighting[]>,
  kernel: readonly KernelReset[],
): void {
  const arrivals = new Map<string, [Sighting, Emission | null][]>();
  const arrivalsAt = (node: string): [Sighting, Emission | null][] => {
    const known = arrivals.get(node);
    if (known !== undefined) return known;
    const frames = (sightings.get(node) ?? []).filter((s) => !s.fromThisHost && isReset(s));
    const matched = matchEmissions(path, emissions, frames, [path.nodes.indexOf(node)]);
    const there = frames.map((frame, i): [Sighting, Emission | null] => [frame, matched[i]]);
    arrivals.set(node, there);
    return there;
  };
  for (const event of kernel) {
    if (event.kind !== 'received') continue;
    const near = arrivalsAt(path.owners.get(event.local) ?? '').filter(
      ([s]) =>
        s.targetPort === event.localPort &&
        s.sourcePort === event.remotePort &&
        s.source === event.remote &&
        s.timeNs <= event.timeNs + 20_000n &&
        event.timeNs - s.timeNs < SAME_PACKET_NS,
    );
    // The stack has one packet at a time, just seen by the witness: what came later in a burst did not end it.
    const last = near.findLast(([s]) => s.timeNs <= event.timeNs + EVENT_CLOCK_NS) ?? near.at(0);
    const emission = last?.[1] ?? null;
    if (emission !== null) emission.endsConnection = true;
  }
}

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

/** A frame that can be the arrival of an emission at one of the places where the capture listens. */
interface Arrival {
  readonly frame: number;
  readonly emission: Emission;
  readonly position: number;
  /** How far its age is from the time that the way takes. */
  readonly errorNs: bigint;
}

/**
 * For each frame the emission that it is the arrival of: the same packet, made before, its TTL lower by just the routers
 * between. An emission arrives once at each place, the pairs whose travel time fits best first: a host may answer many
 * segments alike, and a device may make what a host makes, too. What is left then is a copy that the path has made.
 * @param frames of one capture
 * @param positions where the capture listens: one place, or both sides of a router
 */
export function matchEmissions(
  path: PathFacts,
  emissions: readonly Emission[],
  frames: readonly Sighting[],
  positions: readonly number[],
): (Emission | null)[] {
  const bySeq = new Map<number, Emission[]>();
  for (const e of emissions) {
    const alike = bySeq.get(e.segment.seq);
    if (alike === undefined) bySeq.set(e.segment.seq, [e]);
    else alike.push(e);
  }
  const arrivals = frames.flatMap((frame, index) =>
    (bySeq.get(frame.seq) ?? []).flatMap((e) => arrivalsOf(path, e, frame, index, positions)),
  );
  arrivals.sort((a, b) => (a.errorNs < b.errorNs ? -1 : a.errorNs > b.errorNs ? 1 : 0));
  const matched = new Array<Emission | null>(frames.length).fill(null);
  const arrived = new Map<number, Set<Emission>>(positions.map((position) => [position, new Set()]));
  const alike = new Map<string, Arrival[]>();
  for (const arrival of arrivals) {
    const { frame, emission, position } = arrival;
    const there = arrived.get(position);
    if (matched[frame] !== null || there === undefined || there.has(emission)) continue;
    there.add(emission);
    matched[frame] = emission;
    const key = `${position} ${emission.position} ${packetKey(emission.segment)}`;
    alike.set(key, [...(alike.get(key) ?? []), arrival]);
  }
  for (const group of alike.values()) keepOrder(group, frames, matched);
  for (const { frame, emission } of arrivals) matched[frame] ??= emission;
  return matched;
}

const packetKey = ({ seq, ack, flags, length, id, sourcePort, targetPort }: Segment): string =>
  [seq, ack, flags, length, id, sourcePort, targetPort].join(' ');

/** What is alike and goes the same way arrives in the order in which it left. */
function keepOrder(
  group: readonly Arrival[],
  frames: readonly Sighting[],
  matched: (Emission | null)[],
): void {
  const emissions = group
    .map(({ emission }) => emission)
    .sort((a, b) => Number(a.segment.timeNs - b.segment.timeNs));
  group
    .map(({ frame }) => frame)
    .sort((a, b) => Number(frames[a].timeNs - frames[b].timeNs))
    .forEach((frame, i) => {
      matched[frame] = emissions[i];
    });
}

function arrivalsOf(
  path: PathFacts,
  emission: Emission,
  frame: Sighting,
  index: number,
  positions: readonly number[],
): Arrival[] {
  const { segment } = emission;
  if (!samePacket(segment, frame)) return [];
  const age = frame.timeNs - segment.timeNs;
  const lost = segment.ttl - frame.ttl;
  return positions.flatMap((position) => {
    const fits = path.asymmetric
      ? lost >= 0 && lost <= path.nodes.length
      : lost === routersBetween(path, emission.position, position);
    const late = age - travelNs(path, emission.position, position);
    const errorNs = late < 0n ? -late : late;
    const inTime = age >= -CLOCK_SLACK_NS && age < LONGEST_WAY_NS && errorNs < LONGEST_WAY_NS;
    return fits && inTime ? [{ frame: index, emission, position, errorNs }] : [];
  });
}

export const originOf = (e: Emission): 'endpoint' | 'middlebox' =>
  e.emitter === e.claimed ? 'endpoint' : 'middlebox';

export function decide(e: Emission, rules: readonly CauseRule[], kernelKnown: boolean): Decision {
  const origin = originOf(e);
  const rule = rules.find(
    (r) =>
      (r.emitter === undefined || r.emitter === e.emitter) &&
      (r.reason === undefined || r.reason === e.kernelReason) &&
      (r.again === undefined || r.again === e.before.ownReset),
  );
  const matters =
    rule?.matters === undefined ? (kernelKnown ? mattersOf(e, origin) : null) : mattersAmong(e, rule.matters);
  if (rule !== undefined)
    return {
      origin,
      cause: rule.cause,
      alternatives: rule.alternatives ?? [],
      note: rule.note ?? '',
      matters,
    };
  const { cause, alternatives, note } = usualCause(e, origin, kernelKnown);
  if (cause !== 'data-after-close' || !e.before.ownReset)
    return { origin, cause, alternatives, note, matters };
  // The abort it repeats: what caused that one is the cause of this one as well.
  const first = rules.filter((r) => r.emitter === undefined || r.emitter === e.emitter).map((r) => r.cause);
  return {
    origin,
    cause,
    alternatives: [...alternatives, ...first, 'closed-with-unread-data', 'aborted'],
    note: `${note}, after a reset of its own`,
    matters,
  };
}

/** Reasons of resets by which a host ends a connection of its own, whoever hears of it. */
const OWN_END = /ABORT|STATE|DISCONNECT|KEEPALIVE|MEMORY/u;

/**
 * A reset that ended a connection matters where work was under way on it. One that ended none does not where its sender had
 * ended its own side before; elsewhere a program without a socket may have been at work, of which no kernel tells.
 */
function mattersOf(e: Emission, origin: Decision['origin']): boolean | null {
  // What repeats or follows a reset belongs to that one.
  if (e.endedByOther || e.before.ownReset) return null;
  if (e.endsConnection) return e.unfinished;
  return origin === 'endpoint' && e.before.ownEnd && !OWN_END.test(e.kernelReason ?? 'STATE') ? false : null;
}

/**
 * Of several resets of one thing one matters, and what the others are told is told of that one: of the tries to connect the last,
 * of a connection at work the first.
 */
function mattersAmong(e: Emission, matters: boolean | null): boolean | null {
  if (matters !== true) return matters;
  if (e.before.ownReset) return null;
  return (e.before.hasData ? e.follows : e.isFollowed) ? null : true;
}

type Usual = Omit<Decision, 'origin' | 'matters'>;
const usual = (cause: CauseCode, note: string, ...alternatives: CauseCode[]): Usual => ({
  cause,
  alternatives,
  note,
});

/** What a reset means where the scenario does not say more. */
function usualCause(e: Emission, origin: Decision['origin'], kernelKnown: boolean): Usual {
  if (origin === 'middlebox') {
    if (e.emitter === 'device') return usual('injected', 'made by a device on the wire');
    if (e.kernelReason === 'NO_SOCKET')
      return usual(
        'nat-state-lost',
        'the translating router knew no such connection',
        'stateful-device-lost-flow',
        'stale-connection',
      );
    return usual('firewall-reject', 'made by the packet filter of a router', 'stateful-device-lost-flow');
  }
  switch (e.kernelReason) {
    case null:
      // The packet filter's resets pass no tracepoint, every other one does.
      return kernelKnown
        ? usual('host-firewall-reject', "made by the host's packet filter", 'firewall-reject')
        : usual('unknown', 'no kernel reason to be had');
    // TCP_FLAGS: a listening socket met a segment that is no SYN. For the connection it belongs to, nobody is there.
    case 'NO_SOCKET':
    case 'TCP_FLAGS':
      return noSocket(e);
    case 'TCP_ABORT_ON_CLOSE':
      // What a program has read is not on the wire: packets cannot tell this abort from one that was asked for.
      return usual(
        'closed-with-unread-data',
        'closed while received data lay unread',
        'aborted',
        'application-error',
        // A client that breaks a download off closes so: the one is the mechanism, the other what it was for.
        ...(e.claimed === 'client' ? (['client-cancelled'] as const) : []),
      );
    case 'TCP_ABORT_ON_DATA':
      return usual('data-after-close', 'data came for a socket that was closed');
    case 'TCP_TIMEWAIT_SOCKET':
      // Linux keeps a closed socket in FIN-WAIT-2 and TIME-WAIT as the same small record.
      return usual('data-after-close', 'data came for a connection in FIN-WAIT-2 or TIME-WAIT', 'time-wait');
    case 'TCP_STATE':
    case 'TCP_ABORT_ON_LINGER':
    case 'TCP_DISCONNECT_WITH_DATA':
      return usual('aborted', 'the program asked for a reset', 'closed-with-unread-data');
    case 'TCP_KEEPALIVE_TIMEOUT':
      return usual('keepalive-timeout', 'probes went unanswered');
    case 'TCP_ABORT_ON_MEMORY':
      return usual('memory-pressure', 'the host had no memory for it');
    case 'TCP_INVALID_ACK_SEQUENCE':
    case 'TCP_TOO_OLD_ACK':
    case 'TCP_ACK_UNSENT_DATA':
    case 'TCP_OLD_ACK':
    case 'TCP_RFC7323_PAWS':
    case 'INVALID_SYN':
      return usual('unacceptable-segment', 'a segment the connection could not take');
    default:
      return usual('unknown', `the kernel says ${e.kernelReason}`);
  }
}

function noSocket(e: Emission): Usual {
  const { seq, flags } = e.segment;
  if (seq === 0 && flags & ACK)
    return usual('connection-refused', 'nobody listens on that port', 'listener-gone');
  if (e.before.resetReceived)
    return usual(
      'stale-connection',
      'its own end was reset before',
      'unacceptable-segment',
      'data-after-close',
    );
  if (e.before.ownEnd)
    return usual('data-after-close', 'segments for a connection already given up', 'unacceptable-segment');
  return usual('stale-connection', 'a segment for a connection the host does not know', 'half-open-scan');
}
