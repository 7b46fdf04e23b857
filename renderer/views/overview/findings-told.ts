/** Findings of resets and groups of failures as one list of things that happened. */
import { causeOf } from '../../../shared/causes/list.ts';
import { plural } from '../../../shared/format/count.ts';
import { lowerFirst } from '../../../shared/format/text.ts';
import { failureWhereText } from '../../../shared/texts/failure-where.ts';
import type { FailureGroup } from '../../../shared/model/failure.ts';
import type { Finding, Findings } from '../../../shared/model/finding.ts';
import { ENDING } from '../../words/ending.ts';

/** What stands for the server of a group where one host looked through many. */
const SEVERAL: FailureGroup['server'] = 'several';

/** A row: resets of one origin, cause and server, or failures of one kind, side and server; or the same on several servers. */
export type Told =
  | { readonly of: 'resets'; readonly finding: Finding }
  | { readonly of: 'alike'; readonly findings: readonly Finding[] }
  | { readonly of: 'failures'; readonly group: FailureGroup }
  | { readonly of: 'alike failures'; readonly groups: readonly FailureGroup[] };

/** Whether anything of it matters. */
export function hasConsequences(told: Told): boolean {
  switch (told.of) {
    case 'resets':
      return !told.finding.noise;
    case 'alike':
      return told.findings.some(({ noise }) => !noise);
    case 'failures':
      return told.group.matters > 0;
    case 'alike failures':
      return told.groups.some(({ matters }) => matters > 0);
  }
}

/** What matters first, then the largest; of equal ones the resets, as the engine lists them. */
export function inOrder(findings: readonly Finding[], groups: readonly FailureGroup[]): readonly Told[] {
  const all: Told[] = [...merged(findings), ...mergedFailures(groups)];
  return all.sort(
    (a, b) => Number(hasConsequences(b)) - Number(hasConsequences(a)) || weightOf(b) - weightOf(a),
  );
}

/** Findings that differ in nothing but the server become one row, which stands where the first of them stood. */
function merged(findings: readonly Finding[]): readonly Told[] {
  const keyOfAlike = (finding: Finding): string => {
    const { kind, side, cause, noise } = finding;
    return JSON.stringify([kind, side, claimedOf(finding), cause, noise]);
  };
  return alikes(findings, keyOfAlike).map((all): Told =>
    all.length === 1 ? { of: 'resets', finding: all[0] } : { of: 'alike', findings: all },
  );
}

/** Groups of failures, too. A host that looked through many servers is a finding of its own. */
function mergedFailures(groups: readonly FailureGroup[]): readonly Told[] {
  const keyOfAlike = ({ kind, side, recovered, matters, server, examples }: FailureGroup): string =>
    JSON.stringify([kind, side, recovered, matters > 0, server === SEVERAL ? examples : null]);
  return alikes(groups, keyOfAlike).map((all): Told =>
    all.length === 1 ? { of: 'failures', group: all[0] } : { of: 'alike failures', groups: all },
  );
}

function alikes<T>(all: readonly T[], keyOfOne: (one: T) => string): readonly (readonly T[])[] {
  const alike = new Map<string, T[]>();
  for (const one of all) {
    const key = keyOfOne(one);
    const known = alike.get(key);
    if (known === undefined) alike.set(key, [one]);
    else known.push(one);
  }
  return [...alike.values()];
}

/** A device that resets both sides is one, whichever side it resets on a server. */
function claimedOf({ kind, claimed }: Finding): Finding['claimed'] | null {
  return kind === 'middlebox' ? null : claimed;
}

/** What findings and groups of failures have in common. */
type Counted = Pick<Finding, 'count' | 'matters' | 'firstNs' | 'lastNs' | 'meanConfidence'>;

/** Totals of findings, or of groups, that became one row. */
export function totalOf(findings: readonly Counted[]): Counted {
  const count = findings.reduce((sum, one) => sum + one.count, 0);
  return {
    count,
    matters: findings.reduce((sum, one) => sum + one.matters, 0),
    firstNs: Math.min(...findings.map(({ firstNs }) => firstNs)),
    lastNs: Math.max(...findings.map(({ lastNs }) => lastNs)),
    meanConfidence:
      findings.reduce((sum, one) => sum + one.meanConfidence * one.count, 0) / Math.max(1, count),
  };
}

/** "187 resets sent by the servers themselves, on 14 servers; why: connection refused." */
export function alikeSentence(findings: readonly Finding[]): string {
  const [{ kind, claimed, cause }] = findings;
  const resets = plural(totalOf(findings).count, 'reset');
  const where = `on ${serversText(findings)}`;
  const why = lowerFirst(causeOf(cause).title);
  switch (kind) {
    case 'middlebox':
      return `${resets} made by devices on the path, ${where}; why: ${why}.`;
    case 'endpoint':
      return `${resets} sent by the ${claimed === 'client' ? 'clients' : 'servers'} themselves, ${where}; why: ${why}.`;
    case 'unknown':
      return `${resets} in the name of ${claimed === 'both' ? 'both sides' : `the ${claimed}s`}, ${where}; this capture cannot tell who sent them; the likeliest cause: ${why}.`;
  }
}

/** "12 connections to 5 servers got no answer. It failed on the path between them." */
export function alikeFailuresSentence(groups: readonly FailureGroup[]): string {
  const [{ kind, side, recovered }] = groups;
  const connections = plural(totalOf(groups).count, 'connection');
  const after = recovered ? ' and went on after all' : '';
  const where = side === null ? '' : ` ${failureWhereText(side)}`;
  return `${connections} to ${serversText(groups)} ${ENDING[kind].deed}${after}.${where}`;
}

/** Servers are addresses with ports: several ports of one address are told as such. */
function serversText(findings: readonly { readonly server: string }[]): string {
  const hosts = new Set(findings.map(({ server }) => server.slice(0, server.lastIndexOf(':'))));
  if (hosts.size > 1) return plural(findings.length, 'server');
  return `${plural(findings.length, 'port')} of ${[...hosts].join('')}`;
}

function weightOf(told: Told): number {
  const { matters, count } = partsOf(told);
  return hasConsequences(told) ? matters : count;
}

function partsOf(told: Told): Pick<Finding, 'matters' | 'count'> {
  switch (told.of) {
    case 'resets':
      return told.finding;
    case 'alike':
      return totalOf(told.findings);
    case 'failures':
      return told.group;
    case 'alike failures':
      return totalOf(told.groups);
  }
}

function isOfFailures({ of }: Told): boolean {
  return of === 'failures' || of === 'alike failures';
}

/** "12 harmless resets in 1 group and 3 harmless failures". */
export function harmlessText(noise: Findings['noise'], harmless: readonly Told[]): string {
  const parts: string[] = [];
  if (noise.findings > 0)
    parts.push(`${plural(noise.resets, 'harmless reset')} in ${plural(noise.findings, 'group')}`);
  const failures = harmless.reduce((sum, told) => sum + (isOfFailures(told) ? partsOf(told).count : 0), 0);
  if (failures > 0) parts.push(plural(failures, 'harmless failure'));
  return parts.join(' and ');
}

/** The key of a row: what all that it tells of shares. Its examples change while a capture grows; the row must not. */
export function keyOf(told: Told): string {
  if (told.of === 'alike') {
    const [first] = told.findings;
    return JSON.stringify(['alike', first.kind, first.side, claimedOf(first), first.cause, first.noise]);
  }
  if (told.of === 'resets') {
    const { kind, side, cause, server, hops } = told.finding;
    return JSON.stringify([
      kind,
      side,
      claimedOf(told.finding),
      cause,
      server,
      // Who is not known is told apart by the distance.
      kind === 'unknown' ? hops : null,
    ]);
  }
  if (told.of === 'alike failures') {
    const [{ kind, side, recovered, matters }] = told.groups;
    return JSON.stringify(['alike failures', kind, side, recovered, matters > 0]);
  }
  const { kind, side, recovered, matters, server, examples } = told.group;
  // Two scans have no server that would tell them apart.
  return JSON.stringify([kind, side, recovered, matters > 0, server === SEVERAL ? examples[0] : server]);
}
