/**
 * Captures of several places analysed together, held against the truth: which connections and packets were joined, what the
 * clocks and the order of the places are said to be, and what is said of every reset as one event.
 */
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Analysis } from '../../main/host/analysis.ts';
import type { FlowRecord, PacketNumber } from '../../shared/base/units.ts';
import type { ResetJourney } from '../../shared/model/join.ts';
import type { Said } from './score.ts';
import { JOINED, readTruth, type TruthFile } from './cases.ts';
import type { CaptureInHand, Session } from './joined-capture.ts';
import { judgeClocks, type ClockScore } from './joined-clocks.ts';
import { judgePackets, type PacketScore } from './joined-packets.ts';
import type { ResetTruth } from './output.ts';
import { type Place, PLACES } from './places.ts';

/** Which captures of a set are analysed together. */
const TOGETHER: readonly (readonly Place[])[] = [
  ['client', 'server'],
  ['client', 'middle'],
  ['middle', 'server'],
  ['client', 'middle', 'server'],
];

/** A reset that was made once. */
export interface EventScore {
  readonly where: string;
  readonly scenario: string;
  readonly topology: string;
  readonly actual: ResetTruth;
  /** Null where no list shows it. */
  readonly said: Said | null;
  readonly proven: boolean;
  /** Events that show it, beyond those that a single place shows. */
  readonly doubled: number;
  readonly isSeenRight: boolean;
  readonly isAbsentRight: boolean;
  /** 'none': nothing was said though it was made between two of the places. */
  readonly born: 'right' | 'wrong' | 'none' | 'nothing to say';
  readonly journey: ResetJourney | null;
}

export interface JoinedScore {
  /** TOPOLOGY--SCENARIO [PLACE PLACE …] */
  readonly where: string;
  readonly scenario: string;
  readonly topology: string;
  readonly derivation: string | undefined;
  readonly places: readonly Place[];
  readonly packets: PacketScore;
  readonly clocks: ClockScore;
  readonly events: readonly EventScore[];
}

const MERGED = 'merged';

/** All sets of a lab that hold captures of several places. */
export async function readJoinedLab(folder: string, only?: string): Promise<JoinedScore[]> {
  const scores: JoinedScore[] = [];
  for (const name of setsOf(folder, only)) {
    const truth = readTruth(join(folder, name));
    if (truth !== null) scores.push(...(await judgeSet(folder, name, truth)));
  }
  return scores;
}

export function setsOf(folder: string, only?: string): string[] {
  const names = readdirSync(folder).filter((name) => name.includes('--'));
  for (const part of [MERGED, JOINED])
    if (existsSync(join(folder, part)))
      names.push(...readdirSync(join(folder, part)).map((name) => join(part, name)));
  return names.sort().filter((name) => only === undefined || name.includes(only));
}

async function judgeSet(folder: string, name: string, truth: TruthFile): Promise<JoinedScore[]> {
  const scores: JoinedScore[] = [];
  for (const places of TOGETHER) {
    const captures = places.flatMap((place) => captureAt(folder, name, truth, place) ?? []);
    if (captures.length < places.length) continue;
    scores.push(await judgeTogether(name, truth, places, captures));
  }
  return scores;
}

/** Undefined where none was made, or its packets are not known. */
export function captureAt(
  folder: string,
  name: string,
  { captures, topology }: TruthFile,
  place: Place,
): CaptureInHand | undefined {
  const capture = PLACES.includes(place) ? captures[place] : undefined;
  if (capture?.journeys === undefined) return undefined;
  const journeys = capture.journeys
    .split(' ')
    .map((held) => (held === '0' || held === '' ? [] : held.split('+').map(Number)));
  return { path: join(folder, name, capture.file), name: place, journeys, run: `${folder} ${topology.name}` };
}

async function judgeTogether(
  name: string,
  truth: TruthFile,
  places: readonly Place[],
  captures: readonly CaptureInHand[],
): Promise<JoinedScore> {
  const [topology, , derivation] = basename(name).split('--');
  const where = `${name} [${places.join(' ')}]`;
  return analysed(captures, (session, fileOf) => {
    const scenario = truth.scenario;
    const placeOf = (file: number): Place => places[fileOf(file)];
    return {
      ...{ where, scenario, topology, derivation, places },
      packets: judgePackets(session, captures, fileOf, truth.proxied ?? []),
      clocks: judgeClocks(session, truth, placeOf),
      events: judgeEvents(session, truth, places, placeOf, { where, scenario, topology }),
    };
  });
}

/** @param judge is told which of the captures a file of the session is */
export async function analysed<T>(
  captures: readonly CaptureInHand[],
  judge: (session: Session, fileOf: (file: number) => number) => T,
): Promise<T> {
  const analysis = new Analysis();
  try {
    await analysis.run(
      captures.map(({ path }) => path),
      {},
    );
    if (analysis.unreadable.length > 0) throw new Error(analysis.unreadable[0].message);
    const order = analysis.session.files.map(({ path }) => captures.findIndex((one) => one.path === path));
    return judge(analysis.session, (file) => order[file]);
  } finally {
    await analysis.close();
  }
}

function judgeEvents(
  session: Session,
  truth: TruthFile,
  places: readonly Place[],
  placeOf: (file: number) => Place,
  about: Pick<EventScore, 'where' | 'scenario' | 'topology'>,
): EventScore[] {
  const { resets, packets } = session;
  /** Records by the frames that they stand for. */
  const records = new Map<string, number>();
  for (let id = 0; id < resets.count; id++)
    for (const packet of resets.packets(id)) {
      const number = packet as PacketNumber;
      records.set(`${placeOf(packets.file(number))} ${packets.frame(number)}`, id);
    }
  const emissions = new Map<number, ResetTruth[]>();
  for (const reset of truth.resets) {
    if (reset.emission === undefined || !places.includes(reset.place)) continue;
    const known = emissions.get(reset.emission);
    if (known === undefined) emissions.set(reset.emission, [reset]);
    else known.push(reset);
  }
  return [...emissions.values()].map((sightings): EventScore => {
    const shown = sightings.flatMap(({ place, frame }) => records.get(`${place} ${frame}`) ?? []);
    const primaries = [...new Set(shown.map((id) => session.join.primary(id)))];
    const most = Math.max(...places.map((at) => sightings.filter(({ place }) => place === at).length));
    const actual = sightings[0];
    if (primaries.length === 0) {
      const nothing = { said: null, proven: false, doubled: 0, journey: null };
      return { ...about, actual, ...nothing, isSeenRight: false, isAbsentRight: false, born: 'none' };
    }
    const primary = primaries[0];
    // Which of several that are alike was seen where, nobody can tell.
    const isOneOfMany = actual.alike !== undefined;
    const { verdict, row, journey } = session.resetAccount(primary);
    const { origin, cause } = verdict;
    const at = (file: number): Place => placeOf(file);
    return {
      ...about,
      ...{ actual, journey, proven: journey?.proven ?? false },
      said: {
        kind: origin.kind,
        confidence: origin.confidence,
        cause: cause.code,
        causeAlternatives: cause.alternatives,
        causeConfidence: cause.confidence,
        matters: row.matters,
      },
      doubled: isOneOfMany ? 0 : Math.max(0, primaries.length - most),
      ...judgeJourney(session, primary, journey, { sightings, truth, places, at }),
      ...(isOneOfMany ? { isSeenRight: true, isAbsentRight: true } : {}),
    };
  });
}

interface Expected {
  readonly sightings: readonly ResetTruth[];
  readonly truth: TruthFile;
  readonly places: readonly Place[];
  readonly at: (file: number) => Place;
}

function judgeJourney(
  session: Session,
  reset: number,
  journey: ResetJourney | null,
  { sightings, truth, places, at }: Expected,
): Pick<EventScore, 'isSeenRight' | 'isAbsentRight' | 'born'> {
  const there = new Set(sightings.map(({ place }) => place));
  const flow = session.resets.flow(reset);
  const known = new Set<Place>([placeOfFlow(session, flow, at)]);
  // On the other side of a proxy its packets are not to be seen.
  for (const twin of session.join.twins(flow))
    if (twin.class !== 'proxied') known.add(placeOfFlow(session, twin.flow, at));
  const seen = (journey?.seenAt ?? []).map(({ file }) => at(file));
  const absent = (journey?.absentAt ?? []).map(({ vantage }) => at(vantage));
  const frames = new Set(sightings.map(({ place, frame }) => `${place} ${frame}`));
  const isFirst = frames.has(`${placeOfPacket(session, session.resets.packet(reset), at)}`);
  // What nobody else holds has no journey.
  if (journey === null && there.size === 1 && known.size === 1)
    return { isSeenRight: true, isAbsentRight: true, born: 'nothing to say' };
  const isSeenRight =
    seen.length === there.size &&
    seen.every((place) => there.has(place)) &&
    (!isFirst || (journey?.seenAt ?? []).every(({ file, frame }) => frames.has(`${at(file)} ${frame}`)));
  // A place that has no packet of the connection says nothing.
  const gone = places.filter((place) => !there.has(place) && known.has(place));
  const isAbsentRight = absent.length === gone.length && gone.every((place) => absent.includes(place));
  return { isSeenRight, isAbsentRight, born: judgeBorn(journey, sightings[0], truth, gone, there, at) };
}

function judgeBorn(
  journey: ResetJourney | null,
  { position = NaN, claimed }: ResetTruth,
  truth: TruthFile,
  gone: readonly Place[],
  there: ReadonlySet<Place>,
  at: (file: number) => Place,
): EventScore['born'] {
  const positions = (place: Place): readonly number[] => truth.captures[place]?.positions ?? [NaN];
  const born = journey?.born ?? null;
  if (born !== null) {
    const all = born.between.flatMap((file) => positions(at(file)));
    return position >= Math.min(...all) && position <= Math.max(...all) ? 'right' : 'wrong';
  }
  // Towards its claimed sender there is a place that holds the connection and not the reset.
  const sender = claimed === 'client' ? -Infinity : claimed === 'server' ? Infinity : NaN;
  const isBetween = gone.some((place) =>
    [...there].every((other) => {
      const [one, two] = [positions(place)[0], positions(other)[0]];
      return sender < 0 ? one < two : one > two;
    }),
  );
  return isBetween && !Number.isNaN(sender) ? 'none' : 'nothing to say';
}

function placeOfFlow(session: Session, flow: FlowRecord, at: (file: number) => Place): Place {
  return at(session.packets.file(session.flowPackets(flow)[0] as PacketNumber));
}

function placeOfPacket({ packets }: Session, packet: PacketNumber, at: (file: number) => Place): string {
  return `${at(packets.file(packet))} ${packets.frame(packet)}`;
}
