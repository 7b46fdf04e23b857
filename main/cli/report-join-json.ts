/** Capture points, their pairs, and the way of a reset past them, as JSON. */
import { isoTime } from '../../shared/format/time.ts';
import type { ResetAccount } from '../../shared/model/capture.ts';
import type { Changed, JoinedFlows, JoinedPair, ResetJourney } from '../../shared/model/join.ts';
import { CHANGED } from '../../shared/model/join.ts';
import type { Place, ReportJoin, Seen, SeenMember } from './report-join.ts';

export const CHANGED_WORDS = Object.keys(CHANGED) as Changed[];

export function placeJson(place: Place, epochNs: bigint): object {
  return {
    file: place.files[0],
    order: place.order,
    offsetNs: Math.round(place.offsetNs),
    offsetErrorNs: place.offsetErrorNs === null ? null : Math.ceil(place.offsetErrorNs),
    driftPpm: tidy(place.driftPpm),
    name: place.name,
    files: place.files,
    joined: place.isJoined,
    hopsToNext: place.hopsToNext,
    steps: place.steps.map(({ timeNs, byNs }) => ({
      time: isoTime(epochNs, timeNs),
      byNs: Math.round(byNs),
    })),
  };
}

/** A pair without its connections. */
export function pairJson(pair: JoinedPair): object {
  return {
    files: pair.files,
    class: pair.class,
    lossToSecond: pair.lossToSecond === null ? null : tidy(pair.lossToSecond),
    lossToFirst: pair.lossToFirst === null ? null : tidy(pair.lossToFirst),
    connections: pair.connections,
    matched: pair.matched,
    onlyFirst: pair.onlyFirst,
    onlySecond: pair.onlySecond,
    changed: pair.changed,
    changes: CHANGED_WORDS.filter((word) => (pair.changes & CHANGED[word]) !== 0),
    roundTripNs: pair.roundTripNs === null ? null : Math.round(pair.roundTripNs),
    found: pair.found,
  };
}

export function joinedFlowsJson(flows: JoinedFlows): object {
  return {
    ids: flows.ids.map(String),
    class: flows.class,
    matched: flows.matched,
    onlyFirst: flows.onlyFirst,
    onlySecond: flows.onlySecond,
    changed: flows.changed,
  };
}

/** What a reset has besides where captures were joined. */
export function journeyJson({ row, journey }: ResetAccount, join: ReportJoin, epochNs: bigint): object {
  const { file, frame, timeNs } = row;
  if (journey === null) {
    const seenAt = seenJson([{ vantage: join.placeOf(file), file, frame, timeNs }], epochNs);
    return { seenAt, absentAt: [], born: null, proven: false, sameActAs: null };
  }
  const { born, proven, sameActAs } = journey;
  const other = sameActAs === null ? null : join.row(sameActAs);
  return {
    seenAt: seenJson(journey.seenAt, epochNs, (seen) => join.copies(row.id, seen.file, seen.frame)),
    absentAt: journey.absentAt.map(absentJson),
    born,
    proven,
    sameActAs: other === null ? null : { file: other.file, frame: other.frame },
  };
}

/**
 * The same for a reset that has the verdict of another one of its burst. What was found of that one's birth is said of this one only
 * where it was seen at the same capture points.
 */
export function memberJourneyJson(
  { journey }: ResetAccount,
  seen: readonly SeenMember[],
  epochNs: bigint,
): object {
  const places = new Set(seen.map(({ vantage }) => vantage));
  const first = journey?.seenAt.map(({ vantage }) => vantage) ?? [...places];
  const isAlike = first.length === places.size && first.every((vantage) => places.has(vantage));
  const seenAt = membersJson(seen, epochNs);
  if (isAlike) return { seenAt };
  const missed = first.filter((vantage) => !places.has(vantage));
  return {
    seenAt,
    absentAt: [
      ...(journey?.absentAt ?? []).filter(({ vantage }) => !places.has(vantage)).map(absentJson),
      // How likely it was to be captured there was worked out for the first one only, which was.
      ...missed.map((vantage) =>
        absentJson({
          vantage,
          lossBound: 1,
          lies: 'unknown',
          doubt: 'another reset of its burst was seen there',
        }),
      ),
    ],
    born: null,
    proven: false,
  };
}

function membersJson(seen: readonly SeenMember[], epochNs: bigint): readonly object[] {
  return seen.flatMap((one) => seenJson([one], epochNs, () => one.copies));
}

function absentJson({ vantage, lossBound, lies, doubt }: ResetJourney['absentAt'][number]): object {
  return { file: vantage, lossBound: tidy(lossBound), lies, doubt };
}

function seenJson(
  seen: readonly Seen[],
  epochNs: bigint,
  copies: (seen: Seen) => readonly number[] = () => [],
): readonly object[] {
  return seen.map((one) => ({
    ...{ file: one.file, frame: one.frame, place: one.vantage, time: isoTime(epochNs, one.timeNs) },
    copies: copies(one),
  }));
}

/** Six digits that count: a share of lost packets may be far below what four decimals show. */
function tidy(value: number): number {
  return Number(value.toPrecision(6));
}
