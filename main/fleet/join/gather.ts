/** Brings together what the rules look at, for several resets at once. */
import type { Condition } from '../store.ts';
import type { Sample } from './clock.ts';
import { type FlowFacts, isEnd, type ResetFacts, type SegmentFacts, turned } from './facts.ts';
import { type Identity, identityOf } from './identity.ts';
import { type Asker, MOST_ROWS } from './questions.ts';
import { type Doubt, SETTLED_NS, type Watch, watchOf } from './watch.ts';
import type { Case, Place, Testimony } from './witness.ts';
import type { Unheard } from './words.ts';

/** A reset and everything that other captures hold of its connection. */
export interface Gathered {
  readonly the: Case;
  readonly testimonies: readonly Testimony[];
  readonly unheard: Unheard;
}

/** Connections looked for on either side of a reset to compare clocks by: of its two hosts, and of any. */
const MOST_SAMPLES = 48;
/** And how far from it. */
const SAMPLES_WITHIN_NS = 900_000_000_000n;
/** A capture’s word on its clock is looked for this far around. */
const CLOCK_WITHIN_NS = 600_000_000_000n;
/** Two clocks are not taken to be further apart where connections are looked for by their ends alone. */
const ENDS_WITHIN_NS = 600_000_000_000n;
/** What a capture missed of other connections speaks of it this far around. */
const QUALITY_WITHIN_NS = 60_000_000_000n;
const DAY_NS = 86_400_000_000_000n;
/** Captures of one connection that are looked at. */
const MOST_WITNESSES = 32;

export async function gather(asker: Asker, resets: readonly ResetFacts[]): Promise<readonly Gathered[]> {
  if (resets.length === 0) return [];
  const own = await ownFlows(asker, resets);
  const candidates = await candidatesOf(asker, [...own.values()]);
  const captures = [...resets.map(({ capture }) => capture), ...candidates.map(({ capture }) => capture)];
  const places = await placesOf(asker, captures);
  const gathered: Gathered[] = [];
  for (const reset of resets) {
    const flow = own.get(flowId(reset));
    gathered.push(await gatherOne(asker, reset, flow, candidates, places));
  }
  return gathered;
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
  const found = new Map<string, FlowFacts>();
  const add = (flows: readonly FlowFacts[]): void => {
    for (const flow of flows) if (!found.has(flowId(flow))) found.set(flowId(flow), flow);
  };
  if (own.length === 0) return [];
  const when = around(own);
  add(
    await asker.flowsIn(
      'isn_key',
      own.flatMap(({ isnKey }) => isnKey ?? []),
      when,
    ),
  );
  add(
    await asker.flowsIn(
      'match_key',
      own.flatMap(({ matchKey }) => matchKey ?? []),
      when,
    ),
  );
  add(
    await asker.flowsOfAny(
      own.flatMap((flow) => {
        // A connection whose start this capture holds may have begun before another one did.
        const during: Condition[] = [
          { column: 'time', op: '<=', value: flow.lastTimeNs + ENDS_WITHIN_NS },
          { column: 'last_time', op: '>=', value: flow.timeNs - ENDS_WITHIN_NS },
          ...(flow.matchKey === null ? [] : [{ column: 'match_key', is: 'null' } as const]),
        ];
        return eitherWay(flow).map((ends): Condition => ({ all: [...ends, ...during] }));
      }),
    ),
  );
  return [...found.values()];
}

/** Whatever the clocks: the days beside those flows are enough, and what lies further away need not be read. */
function around(flows: readonly FlowFacts[]): Condition[] {
  const from = flows.reduce((least, { timeNs }) => (timeNs < least ? timeNs : least), flows[0].timeNs);
  const to = flows.reduce((most, { lastTimeNs }) => (lastTimeNs > most ? lastTimeNs : most), from);
  return [
    { column: 'time', op: '<=', value: to + DAY_NS },
    { column: 'last_time', op: '>=', value: from - DAY_NS },
  ];
}

async function placesOf(asker: Asker, captures: readonly string[]): Promise<Map<string, Place>> {
  const rows = [];
  const all = [...new Set(captures)];
  for (let at = 0; at < all.length; at += 500) {
    const columns = {
      capture: { column: 'capture' },
      host: { latest: 'host', by: 'time' },
      site: { latest: 'site', by: 'time' },
      interface: { latest: 'interface', by: 'time' },
      key_id: { latest: 'key_id', by: 'time' },
      live: { countWhere: { column: 'source', op: '=', value: 'live' } },
    } as const;
    const where = [{ column: 'capture', in: all.slice(at, at + 500) }] as const;
    rows.push(...(await asker.rows({ from: 'captures', columns, where, groupBy: ['capture'] })));
  }
  return new Map(
    rows.map((row) => {
      const word = (name: string): string | null => (typeof row[name] === 'string' ? row[name] : null);
      const capture = String(row.capture);
      return [
        capture,
        {
          capture,
          host: word('host') ?? '',
          site: word('site') ?? '',
          interface: word('interface') === '' ? null : word('interface'),
          keyId: word('key_id'),
          isFile: Number(row.live) === 0,
        },
      ];
    }),
  );
}

async function gatherOne(
  asker: Asker,
  reset: ResetFacts,
  flow: FlowFacts | undefined,
  candidates: readonly FlowFacts[],
  places: ReadonlyMap<string, Place>,
): Promise<Gathered> {
  const place: Place = places.get(reset.capture) ?? nowhere(reset.capture);
  const missing = [...asker.missing.values()].filter(({ kind }) => kind === 'shard').map(({ name }) => name);
  if (flow === undefined) {
    const the: Case = { reset, flow: flowOfReset(reset), place, resets: [reset] };
    return { the, testimonies: [], unheard: { otherKeys: [], missing, isFlowUnknown: true } };
  }
  const chosen = choose(flow, candidates, places, place);
  const resets = await resetsOf(asker, [flow, ...chosen.map((one) => one.flow)], reset);
  const the: Case = { reset, flow, place, resets: resets.filter((one) => one.capture === reset.capture) };
  if (chosen.length === 0) {
    const otherKeys = await hostsOfOtherKeys(asker, reset.timeNs, place);
    return { the, testimonies: [], unheard: { otherKeys, missing, isFlowUnknown: false } };
  }
  const related = await relatedOf(
    asker,
    chosen.map((one) => one.flow),
  );
  const samples = await samplesOf(
    asker,
    reset,
    flow,
    chosen.map((one) => one.flow.capture),
  );
  const nearby = await segmentsAround(asker, reset, flow, chosen);
  const boundHere = boundOf(nearby, reset.capture);
  const watched = chosen.flatMap(({ flow: there, rivals }) => {
    const own = samples.get(there.capture) ?? [];
    const boundThere = boundOf(nearby, there.capture);
    const apart = boundHere === null || boundThere === null ? null : boundHere + boundThere;
    const identity = identityOf(flow, there, apart ?? apartBy(own));
    if (identity === null) return [];
    const watch = watchOf(reset.timeNs, there, own, [boundHere, boundThere], identity.isCertain);
    return [{ there, rivals, identity, samples: own, watch }];
  });
  const segments = await segmentsOf(asker, watched);
  const missed = await missedIn(asker, watched);
  const testimonies = watched.map(({ there, watch, ...rest }): Testimony => ({
    ...{ place: places.get(there.capture) ?? nowhere(there.capture), flow: there, watch, ...rest },
    related: related.filter((one) => one.capture === there.capture && isBetweenSame(one, there)),
    resets: resets.filter((one) => one.capture === there.capture && isBetweenSame(one, there)),
    segments: 'why' in watch ? [] : segments.filter((one) => one.capture === there.capture),
    missedBytes: missed.get(there.capture) ?? 0,
    unanswered: unansweredOf(asker, there.capture),
  }));
  const late = [...asker.missing.values()].filter(({ kind }) => kind === 'shard').map(({ name }) => name);
  return { the, testimonies, unheard: { otherKeys: [], missing: late, isFlowUnknown: false } };
}

interface Chosen {
  readonly flow: FlowFacts;
  readonly rivals: number;
}

const RANKS: readonly Identity['by'][] = ['match-key', 'isn-key', 'ends-and-time'];

/** Of each other capture the flow that is most surely the same connection. */
function choose(
  flow: FlowFacts,
  candidates: readonly FlowFacts[],
  places: ReadonlyMap<string, Place>,
  { keyId }: Place,
): readonly Chosen[] {
  const byCapture = new Map<string, { readonly flow: FlowFacts; readonly rank: number }[]>();
  for (const one of candidates) {
    if (one.capture === flow.capture || places.get(one.capture)?.keyId !== keyId) continue;
    const there = isEnd(one.ends.client, flow.ends.server) ? turned(one) : one;
    const identity = identityOf(flow, there, Infinity);
    if (identity === null) continue;
    const rank = RANKS.indexOf(identity.by) * 2 + (identity.isCertain ? 0 : 1);
    const fit = byCapture.get(there.capture);
    if (fit === undefined) byCapture.set(there.capture, [{ flow: there, rank }]);
    else fit.push({ flow: there, rank });
  }
  return [...byCapture.values()]
    .map((fits) => {
      const best = fits.reduce((least, { rank }) => Math.min(least, rank), Infinity);
      const alike = fits.filter(({ rank }) => rank === best);
      const [nearest] = alike.toSorted(
        (a, b) => apart(a.flow.timeNs, flow.timeNs) - apart(b.flow.timeNs, flow.timeNs),
      );
      return { flow: nearest.flow, rank: best, rivals: alike.length - 1 };
    })
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, MOST_WITNESSES);
}

function apart(a: bigint, b: bigint): number {
  return Math.abs(Number(a - b));
}

/** Resets between the ends of these flows in their captures. */
async function resetsOf(
  asker: Asker,
  flows: readonly FlowFacts[],
  reset: ResetFacts,
): Promise<readonly ResetFacts[]> {
  const found = await asker.resetsOfAny(
    flows.flatMap((flow) => {
      const capture = equal('capture', flow.capture);
      const when: Condition[] = [
        { column: 'time', op: '>=', value: flow.timeNs - DAY_NS },
        { column: 'time', op: '<=', value: flow.lastTimeNs + DAY_NS },
      ];
      return [
        ...eitherWay(flow).map((ends): Condition => ({ all: [capture, ...ends, ...when] })),
        { all: [capture, equal('flow', flow.flow), ...when] },
      ];
    }),
  );
  const all = new Map(found.map((one) => [`${one.capture}/${one.segment}/${one.reset}`, one]));
  return all.size === 0 ? [reset] : [...all.values()];
}

async function relatedOf(asker: Asker, flows: readonly FlowFacts[]): Promise<readonly FlowFacts[]> {
  const found = await asker.flowsOfAny(
    flows.flatMap((flow) =>
      eitherWay(flow).map((ends): Condition => ({
        all: [equal('capture', flow.capture), ...ends, ...around([flow])],
      })),
    ),
  );
  return [...new Map([...flows, ...found].map((flow) => [flowId(flow), flow])).values()];
}

/** Connections around the reset that a capture holds from their begin, and that others hold as well. */
async function samplesOf(
  asker: Asker,
  reset: ResetFacts,
  flow: FlowFacts,
  captures: readonly string[],
): Promise<ReadonlyMap<string, readonly Sample[]>> {
  const handshake: Condition[] = [
    equal('capture', reset.capture),
    ...(['isn_key', 'server_isn_key', 'syn_time', 'syn_ack_time'] as const).map((column): Condition => ({
      column,
      is: 'not-null',
    })),
  ];
  const pair: Condition[] = hostsOf(flow);
  const before: Condition[] = [
    { column: 'syn_time', op: '<=', value: reset.timeNs },
    { column: 'syn_time', op: '>=', value: reset.timeNs - SAMPLES_WITHIN_NS },
  ];
  const after: Condition[] = [
    { column: 'syn_time', op: '>', value: reset.timeNs },
    { column: 'syn_time', op: '<=', value: reset.timeNs + SAMPLES_WITHIN_NS },
  ];
  const here = new Map<string, FlowFacts>([[flowId(flow), flow]]);
  for (const hosts of [pair, []]) {
    for (const [when, descending] of [
      [before, true],
      [after, false],
    ] as const) {
      const where = [...handshake, ...hosts, ...when];
      const some = await asker.flowsBeside(where, { by: 'syn_time', descending, limit: MOST_SAMPLES });
      for (const one of some) here.set(flowId(one), one);
    }
  }
  const own = [...here.values()].filter(
    ({ isnKey, serverIsnKey }) => isnKey !== null && serverIsnKey !== null,
  );
  const there = await asker.flowsIn(
    'isn_key',
    own.flatMap(({ isnKey }) => isnKey ?? []),
    [{ column: 'capture', in: [...new Set(captures)] }],
  );
  const samples = new Map<string, Sample[]>();
  for (const other of there) {
    const same = own.filter((one) => one.isnKey === other.isnKey && one.serverIsnKey === other.serverIsnKey);
    // Two that look alike tell of no clock.
    if (same.length !== 1) continue;
    const sample = sampleOf(reset.timeNs, same[0], other, flow);
    if (sample === null) continue;
    const of = samples.get(other.capture);
    if (of === undefined) samples.set(other.capture, [sample]);
    else of.push(sample);
  }
  return samples;
}

function sampleOf(timeNs: bigint, here: FlowFacts, there: FlowFacts, flow: FlowFacts): Sample | null {
  if (here.synNs === null || here.synAckNs === null || there.synNs === null || there.synAckNs === null)
    return null;
  return {
    syn: Number(here.synNs - timeNs),
    synAck: Number(here.synAckNs - timeNs),
    synThere: Number(there.synNs - timeNs),
    synAckThere: Number(there.synAckNs - timeNs),
    isOfPair:
      here.ends.client?.address === flow.ends.client?.address &&
      here.ends.server?.address === flow.ends.server?.address,
    flow: here.flow,
    flowThere: there.flow,
  };
}

/** What the samples say that two clocks are apart at most; null where there is none. */
function apartBy(samples: readonly Sample[]): number | null {
  if (samples.length === 0) return null;
  return samples.reduce((most, one) => Math.max(most, Math.abs(one.synThere - one.syn)), 0);
}

/** What captures say of their clocks around the reset. */
async function segmentsAround(
  asker: Asker,
  reset: ResetFacts,
  flow: FlowFacts,
  chosen: readonly Chosen[],
): Promise<readonly SegmentFacts[]> {
  const captures = [flow.capture, ...chosen.map((one) => one.flow.capture)];
  return asker.segmentsOfAny([
    {
      all: [
        { column: 'capture', in: [...new Set(captures)] },
        { column: 'time', op: '<=', value: reset.timeNs + CLOCK_WITHIN_NS },
        { column: 'last_time', op: '>=', value: reset.timeNs - CLOCK_WITHIN_NS },
      ],
    },
  ]);
}

function boundOf(segments: readonly SegmentFacts[], capture: string): number | null {
  const own = segments.filter((one) => one.capture === capture);
  if (own.length === 0) return null;
  return own.reduce<number | null>(
    (most, { clockBoundNs }) =>
      most === null || clockBoundNs === null ? null : Math.max(most, clockBoundNs),
    0,
  );
}

interface Watched {
  readonly there: FlowFacts;
  readonly watch: Watch | Doubt;
}

function segmentsOf(asker: Asker, watched: readonly Watched[]): Promise<readonly SegmentFacts[]> {
  return asker.segmentsOfAny(
    watched.flatMap(({ there, watch }): Condition[] =>
      'why' in watch
        ? []
        : [
            {
              all: [
                equal('capture', there.capture),
                { column: 'time', op: '<=', value: watch.toNs + SETTLED_NS },
                { column: 'last_time', op: '>=', value: watch.fromNs },
              ],
            },
          ],
    ),
  );
}

/** Acknowledged bytes that captures missed of connections that they hold both directions of, in the time that is looked at. */
async function missedIn(asker: Asker, watched: readonly Watched[]): Promise<ReadonlyMap<string, number>> {
  const missed = new Map<string, number>();
  for (const { there, watch } of watched) {
    if ('why' in watch) continue;
    for (const from of ['flows', 'open_flows'] as const) {
      const [row] = await asker.rows({
        from,
        columns: { missed: { sum: 'missed_bytes' } },
        where: [
          equal('capture', there.capture),
          { column: 'time', op: '<=', value: watch.toNs + QUALITY_WITHIN_NS },
          { column: 'last_time', op: '>=', value: watch.fromNs - QUALITY_WITHIN_NS },
          { column: 'client_packets', op: '>', value: 0 },
          { column: 'server_packets', op: '>', value: 0 },
        ],
        limit: 1,
      });
      missed.set(there.capture, (missed.get(there.capture) ?? 0) + Number(row?.missed ?? 0));
    }
  }
  return missed;
}

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
      { column: 'time', op: '<=', value: timeNs + CLOCK_WITHIN_NS },
      { column: 'last_time', op: '>=', value: timeNs - CLOCK_WITHIN_NS },
      { column: 'key_id', op: '<>', value: keyId },
    ],
    groupBy: ['host'],
    orderBy: [{ by: 'host' }],
    limit: 4,
  });
  return rows.flatMap((row) => (typeof row.host === 'string' && row.host !== host ? [row.host] : []));
}

/** A part that may have held rows of that capture: any shard, and a file of its name or one that holds many captures. */
function unansweredOf(asker: Asker, capture: string): string | null {
  if (asker.isCut) return `the rows past the first ${MOST_ROWS} of an answer`;
  const hex = BigInt.asUintN(64, BigInt(capture)).toString(16).padStart(16, '0');
  for (const { kind, name } of asker.missing.values()) {
    if (kind === 'shard' || name.includes(hex) || name.includes('compacted')) return name;
  }
  return null;
}

function nowhere(capture: string): Place {
  return { capture, host: '', site: '', interface: null, keyId: null, isFile: false };
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

function isBetweenSame(one: Pick<FlowFacts, 'ends' | 'flow'>, flow: FlowFacts): boolean {
  const { client, server } = flow.ends;
  return (
    one.flow === flow.flow ||
    (isEnd(one.ends.client, client) && isEnd(one.ends.server, server)) ||
    (isEnd(one.ends.client, server) && isEnd(one.ends.server, client))
  );
}

/** Conditions for the ends of a flow, as they are and with the sides changed over, as a capture has them that guessed. */
function eitherWay({ ends: { client, server } }: FlowFacts): Condition[][] {
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

function hostsOf({ ends: { client, server } }: FlowFacts): Condition[] {
  if (client === null || server === null) return [];
  return [equal('client_address', client.address), equal('server_address', server.address)];
}

function equal(column: string, value: string | number | bigint): Condition {
  return { column, op: '=', value };
}
