/**
 * Thousands of worlds out of seeds: paths with any number of routers and capture points, clocks that are wrong or are set, losses, filters, address
 * translation, captures that begin late or end early, ways that change, resets that are real, forged, repeated, changed or lost. Whatever is said of a
 * reset must be so; and in worlds without trouble nearly all must be told.
 */
import { expect, it } from 'vitest';
import { MemoryStore } from '../testing/memory-store.ts';
import { captureKey } from '../testing/path-world.ts';
import { claimsOf, type Made, makeWorld, type Told, wrong } from '../testing/random-worlds.ts';
import { Asking } from '../questions/asking.ts';
import { joinReset } from './join.ts';

const WORLDS = 150;
const CLEAN_WORLDS = 80;
const { signal } = new AbortController();

async function tell(made: Made): Promise<Told[]> {
  const { tables, missing, truth } = made;
  const store = new MemoryStore(tables, { missing, shards: 2 });
  const rows = tables.resets ?? [];
  const claims = claimsOf(made);
  const told: Told[] = [];
  for (const { capture, segment, reset, reset_key } of rows) {
    const id = { capture: String(capture), segment: Number(segment), reset: Number(reset) };
    const join = await joinReset(new Asking(store, signal), id);
    const claim = claims.get(String(reset_key)) ?? '';
    told.push({ join, claim, madeAt: truth.get(claim) ?? null });
  }
  return told;
}

async function tellAll(
  count: number,
  firstSeed: number,
  isClean: boolean,
): Promise<Record<'forged' | 'sent' | 'open' | 'madeByDevice', number>> {
  const counts = { forged: 0, sent: 0, open: 0, madeByDevice: 0 };
  for (let seed = firstSeed; seed < firstSeed + count; seed++) {
    const made = makeWorld(seed, isClean);
    for (const told of await tell(made)) {
      const why = wrong(made, told);
      if (why !== null)
        expect.fail(`Seed ${seed}: ${why}. ${told.join.sentence} ${JSON.stringify(told.join.witnesses)}`);
      counts[told.join.verdict]++;
      if (told.madeAt !== null) counts.madeByDevice++;
    }
  }
  return counts;
}

it('says nothing that is not so, in worlds of all kinds', { timeout: 120_000 }, async () => {
  const counts = await tellAll(WORLDS, 1, false);
  expect(counts.forged).toBeGreaterThan(100);
  expect(counts.sent).toBeGreaterThan(100);
});

it('tells nearly every reset in worlds without trouble', { timeout: 120_000 }, async () => {
  const counts = await tellAll(CLEAN_WORLDS, 100_000, true);
  const all = counts.forged + counts.sent + counts.open;
  expect(all).toBeGreaterThan(500);
  expect(counts.forged / counts.madeByDevice).toBeGreaterThan(0.85);
  expect((counts.forged + counts.sent) / all).toBeGreaterThan(0.8);
});

it('knows the captures of its worlds by their keys', () => {
  expect(new Set(Array.from({ length: 8 }, (_, index) => captureKey(index))).size).toBe(8);
});
