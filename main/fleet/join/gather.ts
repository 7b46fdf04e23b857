/** Brings together what the rules look at, for several resets at once: a question for each would be many. */
import type { Condition } from '../store.ts';
import type { Sample } from './clock.ts';
import { aboutWhen, eitherWay, equal, overlapping } from './conditions.ts';
import { type FlowFacts, isEnd, type ResetFacts, type SegmentFacts, turned } from './facts.ts';
import { type Identity, identityOf } from './identity.ts';
import { placesOf, unknownPlace } from './places.ts';
import { type Asker, MOST_ROWS } from './questions.ts';
import { ownSample, samplesOf } from './samples.ts';
import { type Doubt, SETTLED_NS, type Watch, watchOf } from './watch.ts';
import { type Case, isStillOnWay, type Place, type Testimony } from './witness.ts';
import type { Unheard } from './words.ts';

/** A reset and everything that other captures hold of its connection. */
export interface Gathered {
  readonly the: Case;
  readonly testimonies: readonly Testimony[];
  readonly unheard: Unheard;
}

/** A capture’s word on its clock is looked for this far around. */
const CLOCK_WITHIN_NS = 600_000_000_000n;
/** Two clocks are not taken to be further apart where connections are looked for by their ends alone. */
const ENDS_WITHIN_NS = 600_000_000_000n;
/** What a capture missed of other connections speaks of it this far around. */
const QUALITY_WITHIN_NS = 60_000_000_000n;
/** Captures of one connection that are looked at. */
const MOST_WITNESSES = 32;
/** Hosts that are named. */
const MOST_NAMED = 4;

/** A flow that is the same connection, and how many more there may be it. */
interface Chosen {
  readonly there: FlowFacts;
  readonly rivals: number;
}

interface Pending {
  readonly reset: ResetFacts;
  readonly flow: FlowFacts | undefined;
  readonly place: Place;
  readonly chosen: readonly Chosen[];
}

interface Watched extends Chosen {
  readonly identity: Identity;
  readonly samples: readonly Sample[];
  readonly watch: Watch | Doubt;
}

export async function gather(asker: Asker, resets: readonly ResetFacts[]): Promise<readonly Gathered[]> {
  if (resets.length === 0) return [];
  const own = await ownFlows(asker, resets);
  const candidates = await candidatesOf(asker, [...own.values()]);
  const places = await placesOf(
    asker,
    [...resets, ...candidates].map(({ capture }) => capture),
  );
  const pending = resets.map((reset): Pending => {
    const flow = own.get(flowId(reset));
    const place = places.get(reset.capture) ?? unknownPlace(reset.capture);
    return { reset, flow, place, chosen: flow === undefined ? [] : choose(flow, candidates, places, place) };
  });
  const chosen = pending.flatMap((one) => one.chosen.map(({ there }) => there));
  const allResets = await resetsBetween(asker, [...own.values(), ...chosen]);
  const related = await relatedOf(asker, chosen);
  const nearby = await segmentsNearby(asker, pending);
  const watched: Watched[][] = [];
  for (const one of pending) watched.push(await watch(asker, one, nearby));
  const segments = await segmentsWatched(asker, watched.flat());
  const gathered: Gathered[] = [];
  for (const [at, { reset, flow, place }] of pending.entries()) {
    const the: Case = {
      reset,
      flow: flow ?? flowOfReset(reset),
      place,
      resets: flow === undefined ? [reset] : allResets.filter((one) => isAbout(one, flow)),
    };
    const otherKeys =
      flow !== undefined && watched[at].length === 0
        ? await hostsOfOtherKeys(asker, reset.timeNs, place)
        : [];
    const testimonies = watched[at].map((one): Testimony => ({
      ...{ place: places.get(one.there.capture) ?? unknownPlace(one.there.capture), flow: one.there },
      ...{ identity: one.identity, rivals: one.rivals, samples: one.samples, watch: one.watch },
      related: related.filter((other) => isAbout(other, one.there)),
      resets: allResets.filter((other) => isAbout(other, one.there)),
      segments: segments.filter((segment) => isWatched(segment, one)),
      missedBytes: 0,
      unanswered: unansweredOf(asker, one.there.capture),
    }));
    const unheard: Unheard = {
      otherKeys,
      missing: asker.missing.filter(({ kind }) => kind === 'shard').map(({ name }) => name),
      isFlowUnknown: flow === undefined,
    };
    gathered.push({ the, testimonies, unheard });
  }
  return gathered;
}

/**
 * Acknowledged bytes that a capture missed of all connections that it holds both directions of, about the time that is looked at. It is asked
 * last, and only for who would otherwise prove something.
 */
export async function missedBytesOf(asker: Asker, { flow, watch: when }: Testimony): Promise<number> {
  if ('why' in when) return 0;
  let missed = 0;
  for (const from of ['flows', 'open_flows'] as const) {
    const [row] = await asker.rows({
      from,
      columns: { missed: { sum: 'missed_bytes' } },
      where: [
        equal('capture', flow.capture),
        ...overlapping(when.fromNs - QUALITY_WITHIN_NS, when.toNs + QUALITY_WITHIN_NS),
        { column: 'client_packets', op: '>', value: 0 },
        { column: 'server_packets', op: '>', value: 0 },
      ],
      limit: 1,
    });
    missed += Number(row?.missed ?? 0);
  }
  return missed;
}

function flowId({ capture, flow }: { readonly capture: string; readonly flow: number }): string {
  return `${capture}/${flow}`;
}

async function ownFlows(asker: Asker, resets: readonly ResetFacts[]): Promise<Map<string, FlowFacts>> {
  const flows = await asker.flowsOfAny(
    resets.map(({ capture, flow, timeNs }) => ({
      all: [equal('capture', capture), equal('flow', flow), { column: 'time', op: '<=', value: timeNs }],
    })),
  );
  return new Map(flows.map((flow) => [flowId(flow), flow]));
}

/** Flows that may be the same connections, of all captures. */
async function candidatesOf(asker: Asker, own: readonly FlowFacts[]): Promise<readonly FlowFacts[]> {
  if (own.length === 0) return [];
  const when = aboutWhen(own);
  const byIsn = own.flatMap(({ isnKey }) => isnKey ?? []);
  const byMatch = own.flatMap(({ isnKey, matchKey }) => (isnKey === null ? (matchKey ?? []) : []));
  const byEnds = own.flatMap((flow) =>
    eitherWay(flow).map((ends): Condition => ({
      all: [
        ...ends,
        ...overlapping(flow.timeNs - ENDS_WITHIN_NS, flow.lastTimeNs + ENDS_WITHIN_NS),
        // Where this capture holds the start, one that holds it too is found by its key.
        ...(flow.matchKey === null ? [] : [{ column: 'match_key', is: 'null' } as const]),
      ],
    })),
  );
  const found = [
    ...(await asker.flowsIn('isn_key', byIsn, when)),
    ...(await asker.flowsIn('match_key', byMatch, when)),
    ...(await asker.flowsOfAny(byEnds)),
  ];
  return [...new Map(found.map((flow) => [flowId(flow), flow])).values()];
}

const RANKS: readonly Identity['by'][] = ['match-key', 'isn-key', 'ends-and-time'];

/** Of each other capture the flow that is most surely the same connection. */
function choose(
  flow: FlowFacts,
  candidates: readonly FlowFacts[],
  places: ReadonlyMap<string, Place>,
  { keyId }: Place,
): readonly Chosen[] {
  const byCapture = new Map<string, { readonly there: FlowFacts; readonly rank: number }[]>();
  for (const one of candidates) {
    if (one.capture === flow.capture || places.get(one.capture)?.keyId !== keyId) continue;
    const there = isEnd(one.ends.client, flow.ends.server) ? turned(one) : one;
    const identity = identityOf(flow, there, Infinity);
    if (identity === null) continue;
    const rank = RANKS.indexOf(identity.by) * 2 + (identity.isCertain ? 0 : 1);
    const fits = byCapture.get(there.capture);
    if (fits === undefined) byCapture.set(there.capture, [{ there, rank }]);
    else fits.push({ there, rank });
  }
  return [...byCapture.values()]
    .map((fits) => {
      const rank = fits.reduce((least, one) => Math.min(least, one.rank), Infinity);
      const alike = fits.filter((one) => one.rank === rank);
      const [nearest] = alike.toSorted((a, b) => apart(a.there, flow) - apart(b.there, flow));
      return { there: nearest.there, rank, rivals: alike.length - 1 };
    })
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, MOST_WITNESSES);
}

function apart(a: FlowFacts, b: FlowFacts): number {
  return Math.abs(Number(a.timeNs - b.timeNs));
}

/** Resets between the ends of these flows in their captures. */
function resetsBetween(asker: Asker, flows: readonly FlowFacts[]): Promise<readonly ResetFacts[]> {
  return asker.resetsOfAny(
    distinct(flows).flatMap((flow) => {
      const [{ value: to }, { value: from }] = aboutWhen([flow]) as { readonly value: bigint }[];
      const common: Condition[] = [
        equal('capture', flow.capture),
        { column: 'time', op: '>=', value: from },
        { column: 'time', op: '<=', value: to },
      ];
      const ends = eitherWay(flow);
      // Rows of one flow have its ends.
      const whose = ends.length > 0 ? ends : [[equal('flow', flow.flow)]];
      return whose.map((own): Condition => ({ all: [...common, ...own] }));
    }),
  );
}

async function relatedOf(asker: Asker, flows: readonly FlowFacts[]): Promise<readonly FlowFacts[]> {
  const found = await asker.flowsOfAny(
    distinct(flows).flatMap((flow) =>
      eitherWay(flow).map((ends): Condition => ({
        all: [equal('capture', flow.capture), ...ends, ...aboutWhen([flow])],
      })),
    ),
  );
  return distinct([...flows, ...found]);
}

function distinct(flows: readonly FlowFacts[]): readonly FlowFacts[] {
  return [...new Map(flows.map((flow) => [flowId(flow), flow])).values()];
}

/** What captures say of their clocks around each reset. */
function segmentsNearby(asker: Asker, pending: readonly Pending[]): Promise<readonly SegmentFacts[]> {
  return asker.segmentsOfAny(
    pending.flatMap(({ reset: { capture, timeNs }, chosen }): Condition[] => {
      if (chosen.length === 0) return [];
      const captures = [...new Set([capture, ...chosen.map(({ there }) => there.capture)])];
      return [
        {
          all: [
            { column: 'capture', in: captures },
            ...overlapping(timeNs - CLOCK_WITHIN_NS, timeNs + CLOCK_WITHIN_NS),
          ],
        },
      ];
    }),
  );
}

/** How wrong a clock may be around a time, as its machine says; null where it does not, or not always. */
function boundOf(nearby: readonly SegmentFacts[], capture: string, timeNs: bigint): number | null {
  const own = nearby.filter(
    (one) =>
      one.capture === capture &&
      one.timeNs <= timeNs + CLOCK_WITHIN_NS &&
      one.lastTimeNs >= timeNs - CLOCK_WITHIN_NS,
  );
  if (own.length === 0) return null;
  return own.reduce<number | null>(
    (most, { clockBoundNs }) =>
      most === null || clockBoundNs === null ? null : Math.max(most, clockBoundNs),
    0,
  );
}

async function watch(
  asker: Asker,
  { reset, flow, place, chosen }: Pending,
  nearby: readonly SegmentFacts[],
): Promise<Watched[]> {
  if (flow === undefined) return [];
  const here = boundOf(nearby, reset.capture, reset.timeNs);
  const watched = (samplesBy: ReadonlyMap<string, readonly Sample[]> | undefined): Watched[] =>
    chosen.flatMap(({ there, rivals }) => {
      const bound = boundOf(nearby, there.capture, reset.timeNs);
      const samples = samplesBy?.get(there.capture) ?? ownSample(reset, flow, there);
      const told = here === null || bound === null ? null : here + bound;
      const identity = identityOf(flow, there, told ?? apartBy(samples));
      if (identity === null) return [];
      const when = watchOf(reset.timeNs, there, samples, [here, bound], identity.isCertain);
      return [{ there, rivals, identity, samples, watch: when }];
    });
  const byOwn = watched(undefined);
  const isEnough = byOwn.every((one) => {
    if ('why' in one.watch || !isStillOnWay({ reset }, { flow: one.there, samples: [] }, one.watch))
      return false;
    return flow.hops[reset.claimed] !== one.there.hops[reset.claimed];
  });
  if (isEnough) return byOwn;
  const captures = chosen.map(({ there }) => there.capture);
  return watched(await samplesOf(asker, { ...reset, capture: place.capture }, flow, captures));
}

/** What the samples say that two clocks are apart at most; null where there is none. */
function apartBy(samples: readonly Sample[]): number | null {
  if (samples.length === 0) return null;
  return samples.reduce((most, one) => Math.max(most, Math.abs(one.synThere - one.syn)), 0);
}

function segmentsWatched(asker: Asker, watched: readonly Watched[]): Promise<readonly SegmentFacts[]> {
  return asker.segmentsOfAny(
    watched.flatMap(({ there, watch: when }): Condition[] =>
      'why' in when
        ? []
        : [{ all: [equal('capture', there.capture), ...overlapping(when.fromNs, when.toNs + SETTLED_NS)] }],
    ),
  );
}

function isWatched(segment: SegmentFacts, { there, watch: when }: Watched): boolean {
  return (
    !('why' in when) &&
    segment.capture === there.capture &&
    segment.timeNs <= when.toNs + SETTLED_NS &&
    segment.lastTimeNs >= when.fromNs
  );
}

/** Hosts that captured about that time, but under another key. */
async function hostsOfOtherKeys(
  asker: Asker,
  timeNs: bigint,
  { host, keyId }: Place,
): Promise<readonly string[]> {
  if (keyId === null) return [];
  const rows = await asker.rows({
    from: 'captures',
    columns: { host: { column: 'host' } },
    where: [
      ...overlapping(timeNs - CLOCK_WITHIN_NS, timeNs + CLOCK_WITHIN_NS),
      { column: 'key_id', op: '<>', value: keyId },
      { column: 'host', op: '<>', value: host },
    ],
    groupBy: ['host'],
    orderBy: [{ by: 'host' }],
    limit: MOST_NAMED,
  });
  return rows.flatMap((row) => (typeof row.host === 'string' ? [row.host] : []));
}

/** A part that may have held rows of that capture: any shard, and a file of its name or one that holds many captures. */
function unansweredOf(asker: Asker, capture: string): string | null {
  if (asker.isCut) return `the rows past the first ${MOST_ROWS} of an answer`;
  const hex = BigInt.asUintN(64, BigInt(capture)).toString(16).padStart(16, '0');
  const part = asker.missing.find(
    ({ kind, name }) => kind === 'shard' || name.includes(hex) || name.includes('compacted'),
  );
  return part?.name ?? null;
}

function flowOfReset(reset: ResetFacts): FlowFacts {
  return {
    ...{ capture: reset.capture, segment: reset.segment, flow: reset.flow, isOpen: false },
    ...{ timeNs: reset.timeNs, lastTimeNs: reset.timeNs, ends: reset.ends },
    ...{ matchKey: null, isnKey: null, serverIsnKey: null, synNs: null, synAckNs: null },
    hops: { client: null, server: null },
    packets: { client: 0, server: 0 },
    resets: { client: 0, server: 0 },
    ...{ missedBytes: null, marks: '' },
  };
}

/** Of the same capture, and the same flow or another between its ends. */
function isAbout(one: Pick<FlowFacts, 'capture' | 'ends' | 'flow'>, flow: FlowFacts): boolean {
  if (one.capture !== flow.capture) return false;
  const { client, server } = flow.ends;
  return (
    one.flow === flow.flow ||
    (isEnd(one.ends.client, client) && isEnd(one.ends.server, server)) ||
    (isEnd(one.ends.client, server) && isEnd(one.ends.server, client))
  );
}
