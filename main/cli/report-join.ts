/** What a report knows of captures of the same traffic: the capture points, what each two share, and where each reset was seen. */
import type { PacketNumber } from '../../shared/base/units.ts';
import type { JoinedFlows, JoinedPair, Vantage } from '../../shared/model/join.ts';
import type { ResetRow } from '../../shared/model/rows.ts';
import type { PacketMatch } from '../engine/join/join-view.ts';
import type { Session } from '../engine/session.ts';

/** A capture point; one that shares no connection with any other has no place on the path. */
export interface Place extends Vantage {
  readonly isJoined: boolean;
}

/** A packet at a capture point. */
export interface Seen {
  /** First file of the capture point. */
  readonly vantage: number;
  readonly file: number;
  readonly frame: number;
  readonly timeNs: number;
}

/** One reset of a burst at a capture point, with what that has besides. */
export interface SeenMember extends Seen {
  readonly copies: readonly number[];
}

export interface ReportJoin {
  /** All capture points: along the path from the client, then those whose place on it is not known. */
  readonly places: readonly Place[];
  readonly pairs: readonly JoinedPair[];
  /** Connections that more than one capture point holds. */
  readonly connections: number;
  /** The connections of a pair. */
  flows(pair: JoinedPair): Iterable<JoinedFlows>;
  /** First file of the capture point that a file is of. */
  placeOf(file: number): number;
  row(reset: number): ResetRow;
  /**
   * Further frames of a file that are of the same reset: a capture point took it once more, as mirror ports and interfaces in a row do; or the
   * resets are of a burst that another point tells as one.
   */
  copies(reset: number, file: number, frame: number): readonly number[];
  /** Time on the clock of the reference, since its first packet. */
  sinceStartNs(file: number, timeNs: number): number;
  /** For each reset of a burst where it was seen, from its claimed sender on. */
  membersSeenAt(reset: number): readonly (readonly SeenMember[])[];
}

export function reportJoin(session: Session): ReportJoin {
  const { join } = session;
  const report = join.report();
  const capturePoints = new Map<number, number[]>();
  for (const [file, { format }] of session.files.entries()) {
    // What is no capture has no place; it was told that it could not be read.
    if (format.startsWith('unknown')) continue;
    const timeline = session.timelineOf(file);
    const files = capturePoints.get(timeline);
    if (files === undefined) capturePoints.set(timeline, [file]);
    else files.push(file);
  }
  const placeOf = (file: number): number => capturePoints.get(session.timelineOf(file))?.[0] ?? file;
  const sinceEpochNs = (file: number, timeNs: number): number =>
    join.corrected(session.timelineOf(file), timeNs);
  const startNs = session.files.reduce(
    (first, { packets }, file) =>
      packets === 0 ? first : Math.min(first, sinceEpochNs(file, session.fileFirstNs(file))),
    Infinity,
  );
  return {
    places: placesOf(report?.vantages ?? [], [...capturePoints.values()], session),
    pairs: report?.pairs ?? [],
    connections: report?.connections ?? 0,
    flows: (pair) => join.joinedFlows(pair),
    placeOf,
    row: (reset) => session.resetRow(reset),
    copies: (reset, file, frame) =>
      packetsIn(session, reset, file)
        .map((packet) => session.packets.frame(packet))
        .filter((one) => one !== frame),
    sinceStartNs: (file, timeNs) => sinceEpochNs(file, timeNs) - startNs,
    membersSeenAt: (reset) => membersSeenAt(session, reset, placeOf),
  };
}

function placesOf(
  vantages: readonly Vantage[],
  capturePoints: readonly (readonly number[])[],
  { files }: Session,
): readonly Place[] {
  const joined = vantages.map((vantage): Place => ({ ...vantage, isJoined: true }));
  const apart = capturePoints
    .filter(([first]) => !vantages.some((vantage) => vantage.files[0] === first))
    .map((own): Place => ({
      ...{ files: own, name: nameOf(own[0], files), isJoined: false, order: null, hopsToNext: null },
      ...{ offsetNs: 0, offsetErrorNs: null, driftPpm: 0, atNs: 0, steps: [] },
    }));
  return [
    ...joined.filter(({ order }) => order !== null),
    ...joined.filter(({ order }) => order === null),
    ...apart,
  ];
}

/** The file's name, with as many of its folders as tell it from all others that are called so. */
function nameOf(file: number, files: Session['files']): string {
  const partsOf = ({ path }: Session['files'][number]): string[] => path.split(/[/\\]/u);
  const own = partsOf(files[file]);
  for (let count = 1; count <= own.length; count++) {
    const name = own.slice(-count).join('/');
    const isOther = files.every((one, at) => at === file || partsOf(one).slice(-count).join('/') !== name);
    if (isOther) return name;
  }
  return files[file].path;
}

/** All packets of a file that are of the event. */
function packetsIn({ join, resets, packets }: Session, reset: number, file: number): PacketNumber[] {
  return join
    .records(reset)
    .flatMap((record) => Array.from(resets.packets(record), (packet) => packet as PacketNumber))
    .filter((packet) => packets.file(packet) === file);
}

/**
 * The event is that of the burst's first reset; each of the others has counterparts of its own, or none. What other capture points have beyond
 * those is of the burst as well, and told with the first that was seen there.
 */
function membersSeenAt(
  session: Session,
  reset: number,
  placeOf: (file: number) => number,
): readonly (readonly SeenMember[])[] {
  const { join, resets, packets } = session;
  const own = resets.flow(reset);
  // What is not one reset by its TTL is none by its numbers either.
  const path = join.event(reset)?.sightings.map(({ flow }) => flow) ?? [own];
  const members = Array.from(resets.packets(reset), (packet) => packet as PacketNumber);
  const seen = members.map((): SeenMember[] => []);
  for (const flow of path) {
    const there = flow === own ? members : counterparts(join.match(own, flow), members);
    const told = new Set(there);
    let isFirst = true;
    there.forEach((packet, at) => {
      if (packet === undefined) return;
      const file = packets.file(packet);
      const others = isFirst ? packetsIn(session, reset, file).filter((one) => !told.has(one)) : [];
      isFirst = false;
      seen[at].push({
        ...{ vantage: placeOf(file), file, frame: packets.frame(packet), timeNs: packets.time(packet) },
        copies: others.map((one) => packets.frame(one)),
      });
    });
  }
  return seen;
}

function counterparts(
  { ours, theirs, ofOurs }: PacketMatch,
  members: readonly PacketNumber[],
): readonly (PacketNumber | undefined)[] {
  const places = new Map(Array.from(ours, (packet, at) => [packet, at]));
  return members.map((member) => {
    const at = places.get(member);
    const other = at === undefined ? -1 : ofOurs[at];
    return other < 0 ? undefined : (theirs[other] as PacketNumber);
  });
}
