/** Findings of resets and groups of failures as one list of things that happened. */
import { plural } from '../../../shared/format/count.ts';
import type { FailureGroup } from '../../../shared/model/failure.ts';
import type { Finding, Findings } from '../../../shared/model/finding.ts';

/** A row: resets of one origin, cause and server, or failures of one kind, side and server. */
export type Told =
  | { readonly of: 'resets'; readonly finding: Finding }
  | { readonly of: 'failures'; readonly group: FailureGroup };

/** Whether anything of it matters. */
export function hasConsequences(told: Told): boolean {
  return told.of === 'resets' ? !told.finding.noise : told.group.matters > 0;
}

/** What matters first, then the largest; of equal ones the resets, as the engine lists them. */
export function inOrder(findings: readonly Finding[], groups: readonly FailureGroup[]): readonly Told[] {
  const all: Told[] = [
    ...findings.map((finding): Told => ({ of: 'resets', finding })),
    ...groups.map((group): Told => ({ of: 'failures', group })),
  ];
  return all.sort(
    (a, b) => Number(hasConsequences(b)) - Number(hasConsequences(a)) || weightOf(b) - weightOf(a),
  );
}

function weightOf(told: Told): number {
  const { matters, count } = told.of === 'resets' ? told.finding : told.group;
  return hasConsequences(told) ? matters : count;
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
  if (told.of === 'resets') {
    const { kind, side, claimed, cause, server } = told.finding;
    return JSON.stringify([kind, side, kind === 'middlebox' ? null : claimed, cause, server]);
  }
  const { kind, side, recovered, matters, server, examples } = told.group;
  // Two scans have no server that would tell them apart.
  return JSON.stringify([kind, side, recovered, matters > 0, server === 'several' ? examples[0] : server]);
}
