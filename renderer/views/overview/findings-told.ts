/** Findings of resets and groups of failures as one list of things that happened. */
import { causeOf } from '../../../shared/causes/list.ts';
import { plural } from '../../../shared/format/count.ts';
import { lowerFirst } from '../../../shared/format/text.ts';
import type { FailureGroup } from '../../../shared/model/failure.ts';
import type { Finding, Findings } from '../../../shared/model/finding.ts';

/** A row: resets of one origin, cause and server, the same on several servers, or failures of one kind, side and server. */
export type Told =
  | { readonly of: 'resets'; readonly finding: Finding }
  | { readonly of: 'alike'; readonly findings: readonly Finding[] }
  | { readonly of: 'failures'; readonly group: FailureGroup };

/** Whether anything of it matters. */
export function hasConsequences(told: Told): boolean {
  switch (told.of) {
    case 'resets':
      return !told.finding.noise;
    case 'alike':
      return told.findings.some(({ noise }) => !noise);
    case 'failures':
      return told.group.matters > 0;
  }
}

/** What matters first, then the largest; of equal ones the resets, as the engine lists them. */
export function inOrder(findings: readonly Finding[], groups: readonly FailureGroup[]): readonly Told[] {
  const all: Told[] = [...merged(findings), ...groups.map((group): Told => ({ of: 'failures', group }))];
  return all.sort(
    (a, b) => Number(hasConsequences(b)) - Number(hasConsequences(a)) || weightOf(b) - weightOf(a),
  );
}

/** Findings that differ in nothing but the server become one row, which stands where the first of them stood. */
function merged(findings: readonly Finding[]): readonly Told[] {
  const alike = new Map<string, Finding[]>();
  for (const finding of findings) {
    const { kind, side, cause, noise } = finding;
    const key = JSON.stringify([kind, side, claimedOf(finding), cause, noise]);
    const known = alike.get(key);
    if (known === undefined) alike.set(key, [finding]);
    else known.push(finding);
  }
  return [...alike.values()].map((all): Told =>
    all.length === 1 ? { of: 'resets', finding: all[0] } : { of: 'alike', findings: all },
  );
}

/** A device that resets both sides is one, whichever side it resets on a server. */
function claimedOf({ kind, claimed }: Finding): Finding['claimed'] | null {
  return kind === 'middlebox' ? null : claimed;
}

/** Totals of findings that became one row. */
export function totalOf(
  findings: readonly Finding[],
): Pick<Finding, 'count' | 'matters' | 'firstNs' | 'lastNs' | 'meanConfidence'> {
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

/** Servers are addresses with ports: several ports of one address are told as such. */
function serversText(findings: readonly Finding[]): string {
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
  }
}

/** "12 harmless resets in 1 group and 3 harmless failures". */
export function harmlessText(noise: Findings['noise'], harmless: readonly Told[]): string {
  const parts: string[] = [];
  if (noise.findings > 0)
    parts.push(`${plural(noise.resets, 'harmless reset')} in ${plural(noise.findings, 'group')}`);
  const failures = harmless.reduce((sum, told) => sum + (told.of === 'failures' ? told.group.count : 0), 0);
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
  const { kind, side, recovered, matters, server, examples } = told.group;
  // Two scans have no server that would tell them apart.
  return JSON.stringify([kind, side, recovered, matters > 0, server === 'several' ? examples[0] : server]);
}
