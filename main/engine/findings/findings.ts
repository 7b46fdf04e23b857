/**
 * Findings: what a person wants to know of thousands of resets is the dozen things that happened. Linear in the number
 * of resets; only what is listed is described.
 */
import { CAUSE_CODES } from '../../../shared/model/cause.ts';
import type { Finding, Findings } from '../../../shared/model/finding.ts';
import type { Side } from '../../../shared/model/verdict.ts';
import type { FlowNames, FlowView } from '../store/flow-view.ts';
import type { ResetView } from '../store/reset-view.ts';
import type { VerdictColumns } from '../store/verdict-columns.ts';
import { ORIGIN_KINDS, ORIGIN_SIDES } from '../store/verdict-columns.ts';
import { findingSentence } from './finding-text.ts';
import type { ResetGroup } from './group-resets.ts';
import { groupResets } from './group-resets.ts';
import { idlePattern } from './idle-pattern.ts';

/** Resets of a finding that are named. */
const EXAMPLES = 5;
/** A rate over less than this says nothing about an hour. */
const SHORTEST_SPAN_NS = 60e9;
const HOUR_NS = 3600e9;

export interface FindingSource {
  readonly resets: ResetView;
  readonly flows: FlowView;
  readonly names: FlowNames;
  readonly verdicts: VerdictColumns;
  /** Who sent a reset and what to do next, for people. */
  describe(reset: number): { readonly label: string; readonly next: string };
}

/**
 * @param ids resets, all judged, in capture order
 * @param limit findings listed at most
 */
export function makeFindings(ids: Uint32Array, source: FindingSource, limit: number): Findings {
  const groups = groupResets(ids, source.resets, source.flows, source.verdicts);
  groups.sort(
    (a, b) => b.matters - a.matters || b.members.length - a.members.length || a.members[0] - b.members[0],
  );
  const noise = groups.filter(({ matters }) => matters === 0);
  return {
    list: groups.slice(0, limit).map((group) => findingOf(group, source)),
    total: groups.length,
    noise: {
      findings: noise.length,
      resets: noise.reduce((sum, { members }) => sum + members.length, 0),
    },
  };
}

function findingOf({ members, matters }: ResetGroup, source: FindingSource): Finding {
  const { resets, flows, verdicts } = source;
  const clients = new Set<string>();
  const silences = new Float64Array(members.length);
  let known = 0;
  let firstNs = Infinity;
  let lastNs = -Infinity;
  let nearest = Infinity;
  let farthest = -1;
  let confidence = 0;
  let byServer = 0;
  for (const id of members) {
    clients.add(flows.address(resets.flow(id), 0));
    const time = resets.time(id);
    firstNs = Math.min(firstNs, time);
    lastNs = Math.max(lastNs, time);
    confidence += verdicts.confidence[id];
    byServer += resets.claimed(id);
    const hops = verdicts.hops[id];
    if (hops >= 0) nearest = Math.min(nearest, hops);
    farthest = Math.max(farthest, hops);
    if (verdicts.silenceSeconds[id] >= 0) silences[known++] = verdicts.silenceSeconds[id];
  }
  const examples = bestOf(members, verdicts);
  const [best] = examples;
  const kind = ORIGIN_KINDS[verdicts.kind[best]];
  const { label, next } = source.describe(best);
  const claimed: Side | 'both' = byServer === 0 ? 'client' : byServer === members.length ? 'server' : 'both';
  const isScattered = farthest - nearest > 1;
  const idle = idlePattern(silences.subarray(0, known).sort());
  const span = lastNs - firstNs;
  const told = {
    kind,
    side: ORIGIN_SIDES[verdicts.side[best]],
    claimed,
    hops: farthest < 0 || isScattered ? null : verdicts.hops[best] < 0 ? farthest : verdicts.hops[best],
    cause: CAUSE_CODES[verdicts.cause[best]],
    label: commonLabel(label, kind, claimed, clients.size, isScattered),
    server: flows.endpoint(resets.flow(best), 1),
    serverName: commonName(members, source),
    count: members.length,
    matters,
    clients: clients.size,
    firstNs,
    lastNs,
    perHour: span >= SHORTEST_SPAN_NS ? ((members.length - 1) * HOUR_NS) / span : null,
    meanConfidence: confidence / members.length,
    examples,
    next,
    noise: matters === 0,
  };
  return {
    ...told,
    idle: idle === null ? null : withoutAlways(idle),
    sentence: findingSentence({ ...told, idle }),
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
function commonName(members: Uint32Array, { resets, names }: FindingSource): string {
  let common = '';
  for (const id of members) {
    const name = names.serverName(resets.flow(id));
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
    const score = verdicts.matters[id] + verdicts.confidence[id];
    let at = best.length;
    while (at > 0 && score > verdicts.matters[best[at - 1]] + verdicts.confidence[best[at - 1]]) at--;
    if (at >= EXAMPLES) continue;
    best.splice(at, 0, id);
    if (best.length > EXAMPLES) best.pop();
  }
  return best;
}
