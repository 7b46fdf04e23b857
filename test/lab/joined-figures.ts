/** Captures that were analysed together, in numbers. */
import { readFloors } from './floors.ts';
import type { EventScore, JoinedScore } from './joined.ts';

export interface JoinedFigures {
  readonly analyses: number;
  readonly matchable: number;
  readonly matched: number;
  readonly wronglyMatched: number;
  readonly joinable: number;
  readonly joined: number;
  readonly falselyJoined: number;
  readonly proxied: number;
  readonly proxiedJoined: number;
  readonly events: number;
  readonly genuine: number;
  readonly right: number;
  readonly notListed: number;
  readonly falseAccusations: number;
  readonly missed: number;
  readonly proven: number;
  readonly wronglyProven: number;
  readonly doubled: number;
  readonly seenRight: number;
  readonly absentRight: number;
  /** Resets that were made between two of the places, or are said to be, and those of which the right span is told. */
  readonly between: number;
  readonly bornRight: number;
  readonly bornWrong: number;
  readonly clocks: number;
  readonly clocksInside: number;
  readonly ordersRight: number;
  readonly ordersWrong: number;
}

export const isRightEvent = ({ said, actual }: EventScore): boolean => said?.kind === actual.origin;
export const isAccused = ({ said, actual }: EventScore): boolean =>
  said?.kind === 'middlebox' && actual.origin === 'endpoint';
export const isMissed = ({ said, actual }: EventScore): boolean =>
  said?.kind === 'endpoint' && actual.origin === 'middlebox';
export const isWronglyProven = (event: EventScore): boolean => event.proven && !isRightEvent(event);

export function joinedFigures(scores: readonly JoinedScore[]): JoinedFigures {
  const events = scores.flatMap((score) => score.events);
  const count = (fits: (event: EventScore) => boolean): number => events.filter(fits).length;
  const sum = (of: (score: JoinedScore) => number): number =>
    scores.reduce((total, score) => total + of(score), 0);
  const between = count(({ born }) => born !== 'nothing to say');
  return {
    analyses: scores.length,
    matchable: sum(({ packets }) => packets.matchable),
    matched: sum(({ packets }) => packets.matched),
    wronglyMatched: sum(({ packets }) => packets.wrong),
    joinable: sum(({ packets }) => packets.joinable),
    joined: sum(({ packets }) => packets.joined),
    falselyJoined: sum(({ packets }) => packets.falselyJoined),
    proxied: sum(({ packets }) => packets.proxied),
    proxiedJoined: sum(({ packets }) => packets.proxiedJoined),
    events: events.length,
    genuine: count(({ actual }) => actual.origin === 'endpoint'),
    right: count(isRightEvent),
    notListed: count(({ said }) => said === null),
    falseAccusations: count(isAccused),
    missed: count(isMissed),
    proven: count(({ proven }) => proven),
    wronglyProven: count(isWronglyProven),
    doubled: events.reduce((total, { doubled }) => total + doubled, 0),
    seenRight: count(({ isSeenRight }) => isSeenRight),
    absentRight: count(({ isAbsentRight }) => isAbsentRight),
    between,
    bornRight: count(({ born }) => born === 'right'),
    bornWrong: count(({ born }) => born === 'wrong'),
    clocks: sum(({ clocks }) => clocks.said),
    clocksInside: sum(({ clocks }) => clocks.inside),
    ordersRight: scores.filter(({ clocks }) => clocks.order === 'right').length,
    ordersWrong: scores.filter(({ clocks }) => clocks.order === 'wrong').length,
  };
}

/** What floors are held against (floors.json): shares between 0 and 1. */
export interface JoinedShares {
  readonly packetsMatched: number;
  readonly packetsWronglyMatched: number;
  readonly connectionsJoined: number;
  readonly connectionsFalselyJoined: number;
  readonly originRight: number;
  readonly originFalselyAccused: number;
  readonly originMissed: number;
  readonly provenWrongly: number;
  readonly provenAtAll: number;
  readonly findingsDoubled: number;
  readonly seenRight: number;
  readonly absentRight: number;
  readonly bornRight: number;
  readonly bornWrong: number;
  readonly offsetsInside: number;
  readonly ordersRight: number;
  readonly ordersWrong: number;
}

const SMALLER_IS_BETTER: ReadonlySet<string> = new Set([
  'packetsWronglyMatched',
  'connectionsFalselyJoined',
  'originFalselyAccused',
  'originMissed',
  'provenWrongly',
  'findingsDoubled',
  'bornWrong',
  'ordersWrong',
] satisfies (keyof JoinedShares)[]);

export function joinedShares(scores: readonly JoinedScore[]): JoinedShares {
  const f = joinedFigures(scores);
  /** Of nothing all is well. */
  const good = (part: number, whole: number): number => (whole === 0 ? 1 : part / whole);
  const bad = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
  return {
    packetsMatched: good(f.matched, f.matchable),
    packetsWronglyMatched: bad(f.wronglyMatched, f.matchable),
    connectionsJoined: good(f.joined, f.joinable),
    connectionsFalselyJoined: bad(f.falselyJoined, f.joinable),
    originRight: good(f.right, f.events),
    originFalselyAccused: bad(f.falseAccusations, f.genuine),
    originMissed: bad(f.missed, f.events - f.genuine),
    provenWrongly: bad(f.wronglyProven, f.events),
    provenAtAll: good(f.proven, f.events),
    findingsDoubled: bad(f.doubled, f.events),
    seenRight: good(f.seenRight, f.events),
    absentRight: good(f.absentRight, f.events),
    bornRight: good(f.bornRight, f.between),
    bornWrong: bad(f.bornWrong, f.between),
    offsetsInside: good(f.clocksInside, f.clocks),
    ordersRight: good(f.ordersRight, f.analyses),
    ordersWrong: bad(f.ordersWrong, f.analyses),
  };
}

/** `joined`: captures as they were made; `joinedWorse`: one of them is worse than the others (derived-joined.ts). */
const GROUPS = ['joined', 'joinedWorse'] as const;
type JoinedGroup = (typeof GROUPS)[number];
export type JoinedFloors = Readonly<Partial<Record<JoinedGroup, Partial<JoinedShares>>>>;

export const readJoinedFloors = (root: string, name: string): JoinedFloors =>
  readFloors(root, name) as JoinedFloors;

/** One line for each share on the wrong side of its floor; a floor of nothing is not asked. */
export function joinedShortfalls(scores: readonly JoinedScore[], floors: JoinedFloors): string[] {
  return GROUPS.flatMap((group) => {
    const shares = joinedShares(
      scores.filter(({ derivation }) => (derivation === undefined) === (group === 'joined')),
    );
    return (Object.entries(floors[group] ?? {}) as [keyof JoinedShares, number][]).flatMap(
      ([name, floor]) => {
        const share = shares[name];
        const isShort = SMALLER_IS_BETTER.has(name) ? share > floor : share < floor;
        return isShort ? [`${group}: ${name} ${share.toFixed(4)} falls short of ${floor}`] : [];
      },
    );
  });
}
