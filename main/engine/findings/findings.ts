/**
 * Findings: what a person wants to know of thousands of resets is the dozen things that happened. Linear in the number
 * of resets; only what is listed is described.
 */
import { sortSteps } from '../../../shared/base/radix-order.ts';
import type { Steps } from '../../../shared/base/steps.ts';
import { CAUSE_CODES } from '../../../shared/model/cause.ts';
import type { Finding, Findings } from '../../../shared/model/finding.ts';
import type { Side } from '../../../shared/model/verdict.ts';
import type { VerdictColumns } from '../store/verdict-columns.ts';
import { ORIGIN_KINDS, ORIGIN_SIDES } from '../../../shared/model/verdict.ts';
import { findingSentence } from './finding-text.ts';
import type { GoneExample, GoneGroup } from './gone-resets.ts';
import type { ResetGroups, ResetsOfFindings } from './group-resets.ts';
import { groupKey, groupResets } from './group-resets.ts';
import type { ResetDescription } from '../reset/words/happening.ts';
import { idlePattern } from './idle-pattern.ts';

/** Resets of a finding that are named. */
const EXAMPLES = 5;
/** A rate over less than this says nothing about an hour. */
const SHORTEST_SPAN_NS = 60e9;
const HOUR_NS = 3600e9;

export interface FindingSource {
  readonly resets: ResetsOfFindings;
  readonly verdicts: VerdictColumns;
  /** Who sent a reset and what to do next, for people. */
  describe(reset: number): ResetDescription;
}

/** Resets of one finding: those that are kept, and what stayed of those that were let go. */
interface Group {
  readonly members: Uint32Array;
  /** Resets of both, and those of them that matter. */
  readonly count: number;
  readonly matters: number;
  readonly gone: GoneGroup | undefined;
}

const NONE = new Uint32Array(0);
/** Resets looked at between two rests. */
const SLICE = 8192;

/**
 * @param ids resets, all judged, in capture order
 * @param limit findings listed at most
 * @param gone findings of resets that were let go, to be told together with the others
 * @param from findings before the list, in its order
 */
export function* findingSteps(
  ids: Uint32Array,
  source: FindingSource,
  limit: number,
  gone?: ReadonlyMap<string, GoneGroup>,
  from = 0,
): Steps<Findings> {
  const groups = yield* groupResets(ids, source.resets, source.verdicts);
  const all = joined(groups, source, gone);
  const { size } = all;
  // What matters most, then the largest, then the earliest: sorted by the last of these first, for equal ones stay as they are.
  let order: Uint32Array = Uint32Array.from({ length: size }, (_, group) => group);
  order = yield* sortSteps(order, (group) => all.at(group).members.at(0) ?? 0, false);
  order = yield* sortSteps(order, (group) => all.at(group).count, true);
  order = yield* sortSteps(order, (group) => all.at(group).matters, true);
  let noise = 0;
  let resetsOfNoise = 0;
  for (let i = size - 1; i >= 0; i--) {
    const { matters, count } = all.at(order[i]);
    if (matters !== 0) break;
    noise++;
    resetsOfNoise += count;
  }
  const list: Finding[] = [];
  for (const group of order.subarray(from, from + limit)) {
    list.push(yield* findingOf(all.at(group), source));
    yield;
  }
  return { list, total: size, noise: { findings: noise, resets: resetsOfNoise } };
}

interface Groups {
  readonly size: number;
  at(group: number): Group;
}

function joined(
  groups: ResetGroups,
  { resets, verdicts }: FindingSource,
  gone: ReadonlyMap<string, GoneGroup> | undefined,
): Groups {
  const { size, counts, matters } = groups;
  if (gone === undefined || gone.size === 0) {
    const at = (group: number): Group => ({
      members: groups.members(group),
      count: counts[group],
      matters: matters[group],
      gone: undefined,
    });
    return { size, at };
  }
  const keys = Array.from({ length: size }, (_, group) =>
    groupKey(groups.members(group)[0], resets, verdicts),
  );
  const all = keys.map((key, group): Group => {
    const before = gone.get(key);
    return {
      members: groups.members(group),
      count: counts[group] + (before?.count ?? 0),
      matters: matters[group] + (before?.matters ?? 0),
      gone: before,
    };
  });
  const here = new Set(keys);
  for (const [key, group] of gone) {
    if (here.has(key) || group.count === 0) continue;
    all.push({ members: NONE, count: group.count, matters: group.matters, gone: group });
  }
  return { size: all.length, at: (group) => all[group] };
}

function* findingOf(group: Group, source: FindingSource): Steps<Finding> {
  const { members, count, matters, gone } = group;
  const { resets, verdicts } = source;
  const clients = yield* countClients(group, source);
  const silences = new Float64Array(members.length + (gone?.silences.length ?? 0));
  silences.set(gone?.silences ?? []);
  let known = gone?.silences.length ?? 0;
  let firstNs = gone?.firstNs ?? Infinity;
  let lastNs = gone?.lastNs ?? -Infinity;
  let nearest = gone?.nearest ?? Infinity;
  let farthest = gone?.farthest ?? -1;
  let confidence = gone?.confidence ?? 0;
  let causeConfidence = gone?.causeConfidence ?? 0;
  let byServer = gone?.byServer ?? 0;
  for (let i = 0; i < members.length; i++) {
    if (i % SLICE === SLICE - 1) yield;
    const id = members[i];
    const at = verdicts.at(id);
    const times = resets.times(id);
    firstNs = Math.min(firstNs, resets.time(id));
    lastNs = Math.max(lastNs, resets.lastTime(id));
    confidence += times * verdicts.confidence[at];
    causeConfidence += times * verdicts.causeConfidence[at];
    byServer += times * resets.claimed(id);
    const hops = verdicts.hops[at];
    if (hops >= 0) nearest = Math.min(nearest, hops);
    farthest = Math.max(farthest, hops);
    if (verdicts.silenceSeconds[at] >= 0) silences[known++] = verdicts.silenceSeconds[at];
  }
  yield;
  const examples = bestOf(members, verdicts);
  const best = exampleOf(examples, group, source);
  const kind = ORIGIN_KINDS[best.kind];
  const claimed: Side | 'both' = byServer === 0 ? 'client' : byServer === count ? 'server' : 'both';
  const isScattered = farthest - nearest > 1;
  const idle = idlePattern(silences.subarray(0, known).sort());
  const span = lastNs - firstNs;
  const told = {
    kind,
    side: ORIGIN_SIDES[best.side],
    claimed,
    hops: farthest < 0 || isScattered ? null : best.hops < 0 ? farthest : best.hops,
    cause: CAUSE_CODES[best.cause],
    label: commonLabel(best.label, kind, claimed, clients, isScattered),
    server: best.server,
    serverName: yield* commonName(group, source),
    count,
    matters,
    clients,
    firstNs,
    lastNs,
    perHour: span >= SHORTEST_SPAN_NS ? ((count - 1) * HOUR_NS) / span : null,
    meanConfidence: rounded(confidence / count),
    examples,
    next: best.next,
    noise: matters === 0,
  };
  return {
    ...told,
    idle: idle === null ? null : withoutAlways(idle),
    sentence: findingSentence({
      ...told,
      idle,
      meanCauseConfidence: rounded(causeConfidence / count),
      isOneAct: claimed === 'both' && members.some((id) => resets.isOneAct(id)),
      isProven: gone === undefined && members.every((id) => verdicts.proven[verdicts.at(id)] === 1),
      happening: happeningOfAll(best, told),
    }),
  };
}

/** Different clients. What is gone kept their addresses as texts, which nothing else needs. */
function* countClients({ members, gone }: Group, { resets }: FindingSource): Steps<number> {
  const addresses = new Set<number | string>(gone?.clients);
  for (let i = 0; i < members.length; i++) {
    if (i % SLICE === SLICE - 1) yield;
    addresses.add(gone === undefined ? resets.clientKey(members[i]) : resets.clientAddress(members[i]));
  }
  return addresses.size;
}

/** What happened to the best reset, where all others fall into that time. */
function happeningOfAll({ happening }: GoneExample, all: Pick<Finding, 'firstNs' | 'lastNs'>): string | null {
  if (happening === null) return null;
  return happening.fromNs <= all.firstNs && all.lastNs <= happening.toNs ? happening.text : null;
}

/** The columns hold 32-bit floats, so that 0.9 comes back as a little less, and would be told with a weaker word. */
function rounded(confidence: number): number {
  return Math.round(confidence * 1e6) / 1e6;
}

/** What describes the finding: its best reset, or what was kept of one. */
function exampleOf(examples: readonly number[], { gone }: Group, source: FindingSource): GoneExample {
  if (examples.length === 0 && gone !== undefined) return gone.example;
  const { resets, verdicts } = source;
  const [best] = examples;
  const at = verdicts.at(best);
  return {
    kind: verdicts.kind[at],
    side: verdicts.side[at],
    cause: verdicts.cause[at],
    hops: verdicts.hops[at],
    server: resets.server(best),
    ...source.describe(best),
  };
}

function withoutAlways(idle: NonNullable<ReturnType<typeof idlePattern>>): Finding['idle'] {
  const { medianSeconds, spreadSeconds, constant, matchesKnownTimeout } = idle;
  return { medianSeconds, spreadSeconds, constant, matchesKnownTimeout };
}

/** The label of one reset, where it holds for all. */
function commonLabel(
  label: string,
  kind: Finding['kind'],
  claimed: Finding['claimed'],
  clients: number,
  isScattered: boolean,
): string {
  if (kind === 'middlebox') {
    if (!isScattered) return label;
    return claimed === 'both'
      ? 'one or more devices on the path'
      : `one or more devices on the path to the ${claimed}`;
  }
  if (claimed !== 'client' || clients === 1) return label;
  return kind === 'endpoint' ? `the clients` : 'the clients or a device in front of them';
}

/** The name that all connections with a name give the server; empty where they differ. */
function* commonName({ members, gone }: Group, { resets }: FindingSource): Steps<string> {
  if (gone?.serverName === null) return '';
  let common = gone?.serverName ?? '';
  for (let i = 0; i < members.length; i++) {
    if (i % SLICE === SLICE - 1) yield;
    const name = resets.serverName(members[i]);
    if (name === '' || name === common) continue;
    if (common !== '') return '';
    common = name;
  }
  return common;
}

/** The few to look at: those that matter, then the surest, then the earliest. */
function bestOf(members: Uint32Array, verdicts: VerdictColumns): number[] {
  const best: number[] = [];
  for (const id of members) {
    const score = scoreOf(id, verdicts);
    let at = best.length;
    while (at > 0 && score > scoreOf(best[at - 1], verdicts)) at--;
    if (at >= EXAMPLES) continue;
    best.splice(at, 0, id);
    if (best.length > EXAMPLES) best.pop();
  }
  return best;
}

function scoreOf(id: number, verdicts: VerdictColumns): number {
  const at = verdicts.at(id);
  return verdicts.matters[at] + verdicts.confidence[at];
}
