/** Captures of several places against the truth: what is kept here must be joined as well as the floors say, without root. */
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { JoinedScore } from './joined.ts';
import { readJoinedLab } from './joined.ts';
import { joinedFigures, joinedShortfalls, readJoinedFloors } from './joined-figures.ts';
import { JOINED_DERIVATIONS } from './derived-joined.ts';
import { judgeUnrelated } from './unrelated.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const fixtures = fileURLToPath(new URL('../fixtures/lab', import.meta.url));

/** A hundred analyses; a busy machine takes its time. */
const READING_MS = 120_000;

describe('captures of several places that are kept here', () => {
  let scores: readonly JoinedScore[];
  beforeAll(async () => {
    scores = await readJoinedLab(fixtures, 'joined');
  }, READING_MS);

  it('hold every way to make one place worse, and sequence numbers that were moved', () => {
    const there = new Set(scores.map(({ derivation }) => derivation));
    expect([...there].filter((how) => how !== undefined).sort()).toEqual([...JOINED_DERIVATIONS].sort());
    expect(scores.some(({ topology }) => topology.startsWith('renumbered'))).toBe(true);
    expect(joinedFigures(scores).matchable).toBeGreaterThan(5000);
  });

  it('are joined no worse than the floors say', () => {
    expect(joinedShortfalls(scores, readJoinedFloors(root, 'fixtures'))).toEqual([]);
  });

  it('are told apart from captures that are joined badly', () => {
    // Floors that hold for one who joins nothing and calls every reset proven would be none.
    const blind = scores.map((score) => ({
      ...score,
      packets: { ...score.packets, matched: 0, joined: 0, wrong: 9 },
      events: score.events.map((event) => ({ ...event, proven: true, said: null })),
    }));
    expect(joinedShortfalls(blind, readJoinedFloors(root, 'fixtures')).length).toBeGreaterThan(4);
  });
});

describe('captures of other scenarios with the same addresses', () => {
  it('are not joined', { timeout: READING_MS }, async () => {
    const { pairs, mistakes } = await judgeUnrelated(fixtures);
    expect(pairs).toBeGreaterThan(10);
    expect(mistakes).toEqual([]);
  });
});
