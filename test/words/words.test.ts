/**
 * Reads all sentences that stand together on one screen, over all captures at hand, for what cannot be true at once.
 */
import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../shared/model/verdict.ts';
import { analyzeBytes } from '../support/analyze.ts';
import { corpusFolder } from '../support/capture-fixture.ts';
import { type Capture, ownCaptures, sharedCaptures } from './captures.ts';
import { contradictionsOn, type RuleName, RULES } from './contradictions.ts';
import { type Screen, screenOfFinding, screenOfReset } from './screen.ts';

/** Hundreds of captures; a busy machine takes its time. */
const READING_MS = 180_000;
const FINDINGS = 200;
const SHOWN = 3;

function* screensOf({ name, bytes }: Capture): Iterable<{ where: string; screen: Screen }> {
  const session = analyzeBytes(bytes(), name);
  const ids = Uint32Array.from({ length: session.resets.count }, (_, id) => id);
  const verdicts = [...ids].map((id) => session.resetDetail(id));
  const firsts = new Map<number, Verdict>();
  for (const { row, flow, verdict } of verdicts) {
    yield { where: `${name}:${row.frame}`, screen: screenOfReset(verdict, firsts.get(flow.id)) };
    if (!firsts.has(flow.id)) firsts.set(flow.id, verdict);
  }
  for (const finding of session.findings(ids, FINDINGS).list) {
    const example = finding.examples.at(0);
    if (example !== undefined)
      yield {
        where: `${name}: finding of ${verdicts[example].row.frame}`,
        screen: screenOfFinding(finding, verdicts[example].verdict),
      };
  }
}

function contradictionsIn(captures: readonly Capture[]): Map<RuleName, string[]> {
  const found = new Map<RuleName, string[]>((Object.keys(RULES) as RuleName[]).map((rule) => [rule, []]));
  for (const capture of captures)
    for (const { where, screen } of screensOf(capture))
      for (const { rule, what } of contradictionsOn(screen)) found.get(rule)?.push(`${where} ${what}`);
  return found;
}

function expectNone(captures: readonly Capture[]): void {
  for (const [rule, all] of contradictionsIn(captures)) {
    if (all.length > 0) console.log([`${rule}: ${all.length}`, ...all.slice(0, SHOWN)].join('\n  '));
    expect.soft(all.length, rule).toBe(0);
  }
}

describe('words that stand together', () => {
  it(
    'do not contradict one another: captures kept with the source',
    () => {
      expectNone(ownCaptures());
    },
    READING_MS,
  );

  it.skipIf(corpusFolder() === undefined)(
    'do not contradict one another: shared captures (corpus)',
    () => {
      expectNone(sharedCaptures());
    },
    READING_MS,
  );
});
