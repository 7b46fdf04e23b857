/** Which connections and packets of several captures were joined, and which of them are one. */
import type { FlowRecord, PacketNumber } from '../../shared/base/units.ts';
import type { MatchClass } from '../../shared/model/join.ts';
import type { CaptureInHand, Session } from './joined-capture.ts';
import type { ProxiedPorts } from './output.ts';

export interface PacketScore {
  /** Packets that two of the places hold, over all pairs of places, and those of them that were matched with themselves. */
  readonly matchable: number;
  readonly matched: number;
  /** Packets that were matched with another one. */
  readonly wrong: number;
  /** Connections that two of the places hold packets of, and those of them that were joined. */
  readonly joinable: number;
  readonly joined: number;
  /** Flows that were joined and have nothing in common. */
  readonly falselyJoined: number;
  /** Connections before and behind a proxy that are one, and those of them that were joined as such. */
  readonly proxied: number;
  readonly proxiedJoined: number;
  /** What went wrong, for people. */
  readonly mistakes: readonly string[];
}

/** What two sides of a proxy may be called. */
const ACROSS_PROXY: readonly MatchClass[] = ['proxied', 'probable'];

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

interface FlowInHand {
  readonly flow: FlowRecord;
  /** Number of its capture. */
  readonly capture: number;
  readonly packets: Uint32Array;
}

export function judgePackets(
  session: Session,
  captures: readonly CaptureInHand[],
  captureOf: (file: number) => number,
  proxied: readonly ProxiedPorts[],
): PacketScore {
  const flows = [...session.liveFlows()].map((record): FlowInHand => {
    const flow = record as FlowRecord;
    const packets = session.flowPackets(flow);
    return { flow, capture: captureOf(session.packets.file(packets[0] as PacketNumber)), packets };
  });
  const held = (packet: number): readonly number[] => {
    const number = packet as PacketNumber;
    const { journeys } = captures[captureOf(session.packets.file(number))];
    return journeys[session.packets.frame(number) - 1] ?? [];
  };
  const score: Mutable<PacketScore> = {
    ...{ matchable: 0, matched: 0, wrong: 0, joinable: 0, joined: 0 },
    ...{ falselyJoined: 0, proxied: 0, proxiedJoined: 0, mistakes: [] },
  };
  const say = (line: string): void => void (score.mistakes = [...score.mistakes, line]);
  const nameOf = ({ flow, capture }: FlowInHand): string => {
    const { client, server } = session.flowRow(flow);
    return `${client} > ${server} at the ${captures[capture].name}`;
  };
  for (let a = 0; a < captures.length; a++)
    for (let b = a + 1; b < captures.length; b++) {
      if (captures[a].run !== captures[b].run) {
        score.falselyJoined += strangers(session, flows, a, b, (one) => {
          say(`joined with a stranger: ${nameOf(one)}`);
        });
        continue;
      }
      const ours = flows.filter(({ capture }) => capture === a);
      const theirs = flows.filter(({ capture }) => capture === b);
      const twinsOf = truePairs(ours, theirs, held);
      const matches = new Map<number, number>();
      for (const one of ours) {
        const expected = twinsOf.get(one) ?? new Map<FlowInHand, number>();
        const said = session.join.twins(one.flow);
        for (const [other, packets] of expected) {
          score.joinable++;
          if (said.some(({ flow }) => flow === other.flow)) score.joined++;
          else say(`not joined (${packets} packets in common): ${nameOf(one)}, ${nameOf(other)}`);
        }
        for (const twin of said) {
          const other = theirs.find(({ flow }) => flow === twin.flow);
          if (other === undefined) continue;
          if (!expected.has(other)) {
            if (ACROSS_PROXY.includes(twin.class) && isProxied(session, one, other, proxied)) continue;
            score.falselyJoined++;
            say(`joined (${twin.class}) with nothing in common: ${nameOf(one)}, ${nameOf(other)}`);
            continue;
          }
          const match = session.join.match(one.flow, other.flow);
          const wrong = countRight(match, held, matches);
          score.wrong += wrong.length;
          for (const [x, y] of wrong.slice(0, 2)) {
            const [p, q] = [x, y].map((packet) => session.packets.frame(packet as PacketNumber));
            say(
              `matched ${captures[a].name}:${p} with ${captures[b].name}:${q} (${nameOf(one)}; ${wrong.length} so)`,
            );
          }
        }
      }
      const unmatched = countMatchable(captures[a], captures[b], matches, score);
      if (unmatched.length > 0)
        say(
          `${unmatched.length} not matched between ${captures[a].name} and ${captures[b].name}, ` +
            unmatched
              .slice(0, 3)
              .map((journey) => framesOf(journey, captures[a], captures[b]))
              .join(', '),
        );
      const legs = proxyLegs(session, ours, theirs, proxied);
      score.proxied += legs.length;
      for (const [one, other] of legs) {
        const twin = session.join.twins(one.flow).find(({ flow }) => flow === other.flow);
        if (twin !== undefined && ACROSS_PROXY.includes(twin.class)) score.proxiedJoined++;
        else say(`two sides of a proxy, said ${twin?.class ?? 'nothing'}: ${nameOf(one)}, ${nameOf(other)}`);
      }
    }
  return score;
}

/** For each of our flows those of theirs that hold packets of it, with how many. */
function truePairs(
  ours: readonly FlowInHand[],
  theirs: readonly FlowInHand[],
  held: (packet: number) => readonly number[],
): Map<FlowInHand, Map<FlowInHand, number>> {
  const holder = new Map<number, FlowInHand>();
  for (const flow of theirs)
    for (const packet of flow.packets) for (const journey of held(packet)) holder.set(journey, flow);
  const pairs = new Map<FlowInHand, Map<FlowInHand, number>>();
  for (const flow of ours) {
    const counts = new Map<FlowInHand, number>();
    for (const packet of flow.packets)
      for (const journey of held(packet)) {
        const other = holder.get(journey);
        if (other !== undefined) counts.set(other, (counts.get(other) ?? 0) + 1);
      }
    pairs.set(flow, counts);
  }
  return pairs;
}

/**
 * Counts the packets that were matched with themselves, by their numbers: of either side, since several segments of one may be one
 * of the other.
 * @returns the packets that were matched with another one
 */
function countRight(
  match: ReturnType<Session['join']['match']>,
  held: (packet: number) => readonly number[],
  matches: Map<number, number>,
): [number, number][] {
  const wrong: [number, number][] = [];
  const right = [new Map<number, number>(), new Map<number, number>()];
  const look = (side: 0 | 1, packets: Uint32Array, others: Uint32Array, counterparts: Int32Array): void => {
    counterparts.forEach((at, i) => {
      if (at < 0) return;
      const [mine, yours] = [held(packets[i]), held(others[at])];
      if (mine.length === 0 || yours.length === 0) return;
      const common = mine.filter((journey) => yours.includes(journey));
      for (const journey of common) right[side].set(journey, (right[side].get(journey) ?? 0) + 1);
      if (common.length === 0) wrong.push(side === 0 ? [packets[i], others[at]] : [others[at], packets[i]]);
    });
  };
  look(0, match.ours, match.theirs, match.ofOurs);
  look(1, match.theirs, match.ours, match.ofTheirs);
  for (const journey of new Set([...right[0].keys(), ...right[1].keys()])) {
    const count = Math.max(right[0].get(journey) ?? 0, right[1].get(journey) ?? 0);
    matches.set(journey, (matches.get(journey) ?? 0) + count);
  }
  const once = new Map(wrong.map((pair) => [pair.join(' '), pair]));
  return [...once.values()];
}

/** @returns numbers of the packets that both hold and that were not matched as often as they could be */
function countMatchable(
  one: CaptureInHand,
  other: CaptureInHand,
  matches: ReadonlyMap<number, number>,
  score: Mutable<PacketScore>,
): number[] {
  const [ours, theirs] = [counted(one), counted(other)];
  const unmatched: number[] = [];
  for (const [journey, count] of ours) {
    const most = Math.min(count, theirs.get(journey) ?? 0);
    const matched = Math.min(most, matches.get(journey) ?? 0);
    score.matchable += most;
    score.matched += matched;
    if (matched < most) unmatched.push(journey);
  }
  return unmatched;
}

function counted({ journeys }: CaptureInHand): Map<number, number> {
  const counts = new Map<number, number>();
  for (const held of journeys)
    for (const journey of held) counts.set(journey, (counts.get(journey) ?? 0) + 1);
  return counts;
}

function framesOf(journey: number, ...captures: readonly CaptureInHand[]): string {
  return captures
    .map(({ name, journeys }) => `${name}:${journeys.findIndex((held) => held.includes(journey)) + 1}`)
    .join('=');
}

/** Flows of different runs that were joined. */
function strangers(
  session: Session,
  flows: readonly FlowInHand[],
  a: number,
  b: number,
  tell: (flow: FlowInHand) => void,
): number {
  const theirs = new Set(flows.filter(({ capture }) => capture === b).map(({ flow }) => flow));
  const joined = flows.filter(
    ({ capture, flow }) => capture === a && session.join.twins(flow).some((twin) => theirs.has(twin.flow)),
  );
  joined.forEach(tell);
  return joined.length;
}

const portOf = (endpoint: string): number => Number(endpoint.slice(endpoint.lastIndexOf(':') + 1));

function isProxied(
  session: Session,
  one: FlowInHand,
  other: FlowInHand,
  proxied: readonly ProxiedPorts[],
): boolean {
  const ports = [one, other].map(({ flow }) => portOf(session.flowRow(flow).server));
  return proxied.some(({ front, back }) => ports.includes(front) && ports.includes(back) && front !== back);
}

/** The connections to a proxy of one place, with those that it made for them as the other place sees them. */
function proxyLegs(
  session: Session,
  ours: readonly FlowInHand[],
  theirs: readonly FlowInHand[],
  proxied: readonly ProxiedPorts[],
): [FlowInHand, FlowInHand][] {
  const to = (flows: readonly FlowInHand[], port: number): FlowInHand[] =>
    flows.filter(({ flow, packets }) => {
      const isTalking = packets.some((packet) => session.packets.payload(packet as PacketNumber) > 0);
      return isTalking && portOf(session.flowRow(flow).server) === port;
    });
  return proxied.flatMap(({ front, back }) => {
    const [before, behind] = [to(ours, front), to(theirs, back)];
    // Which of several is which is not known, and a place that sees both sides is told the rest by itself.
    const isClear = before.length === 1 && behind.length === 1;
    const isSeenTwice = to(ours, back).length > 0 || to(theirs, front).length > 0;
    return isClear && !isSeenTwice ? [[before[0], behind[0]] as [FlowInHand, FlowInHand]] : [];
  });
}
