/**
 * Verdicts against the truth, as a number that only rises: floors.json holds for each figure what it must not fall short
 * of (or, where smaller is better, exceed). Whoever makes verdicts better raises the floors; nobody lowers them but with captures
 * that are made anew, to what these reach.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { type LabCases, readLab } from './cases.ts';
import { SCENARIOS } from './scenarios/index.ts';
import { figuresOf, outgrown, readFloors, shortfalls } from './floors.ts';
import { isHeldOut, isRenumbered, planTopologies } from './plan.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const fixtures = fileURLToPath(new URL('../fixtures/lab', import.meta.url));

/** How far a figure may be ahead of its floor before the floor has to follow: what keeps floors from being lowered. */
const SLACK = 0.02;
/** A hundred captures are read; a busy machine takes its time. */
const READING_MS = 120_000;

describe("the lab's captures that are kept here", () => {
  let lab: LabCases;
  beforeAll(async () => {
    expect(existsSync(fixtures)).toBe(true);
    lab = await readLab(fixtures);
  }, READING_MS);

  it('hold every topology that weights are fitted to, every place and nearly every scenario', () => {
    expect([...new Set(lab.merged.map((c) => c.topology))].sort()).toEqual(
      planTopologies(1)
        .filter((plan) => !isHeldOut(plan.name) && !isRenumbered(plan))
        .map((plan) => plan.name)
        .sort(),
    );
    expect(new Set(lab.merged.map((c) => c.place)).size).toBe(3);
    // Named TOPOLOGY--SCENARIO/FILE; some scenarios make no reset, which is what they are about.
    const there = new Set(lab.connections.map(({ where }) => where.split('/', 1)[0].split('--').at(1)));
    // Some need programs that were not installed.
    const absent = SCENARIOS.filter(({ name }) => !there.has(name));
    expect(absent.length).toBeLessThan(SCENARIOS.length / 4);
  });

  it('are judged no worse than the floors say', () => {
    expect(shortfalls(figuresOf(lab), readFloors(root, 'fixtures'))).toEqual([]);
  });

  it('are not judged so much better that the floors must be raised', () => {
    expect(outgrown(figuresOf(lab), readFloors(root, 'fixtures'), SLACK)).toEqual([]);
  });

  it('are told apart from captures that are judged badly', () => {
    // A floor that holds for a judge which calls every reset genuine would be none.
    const blind: LabCases = {
      alone: [],
      connections: [],
      merged: lab.merged.map((c) => ({
        ...c,
        said: {
          kind: 'endpoint',
          confidence: 0.97,
          cause: 'aborted',
          causeAlternatives: [],
          causeConfidence: 0.9,
          matters: true,
        },
      })),
    };
    const { merged } = readFloors(root, 'fixtures');
    expect(shortfalls(figuresOf(blind), { merged }).length).toBeGreaterThan(4);
  });
});
