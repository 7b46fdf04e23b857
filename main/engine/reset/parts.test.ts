/** The small parts that need no capture. */
import { describe, expect, it } from 'vitest';
import { EvidenceList } from './evidence/evidence-list.ts';
import type { Combined } from './evidence/combine.ts';
import { combine } from './evidence/combine.ts';
import { DISTANCE_UNKNOWN, hopDifference, hopsOf } from './observe/hops.ts';
import { idleConstant, IDLE_CONSTANTS } from './observe/idle-constants.ts';
import type { EvidenceCode } from './evidence/table.ts';
import { ENDPOINT_BELOW, FAMILY_CAPS, MIDDLEBOX_FROM, MOST_OF_UNDECIDED } from './evidence/bounds.ts';
import { CONFIDENCE_STEPS } from '../../../shared/texts/confidence.ts';
import { WEIGHTS } from './evidence/table.ts';

describe('hops', () => {
  it.each([
    [64, 0],
    [57, 7],
    [128, 0],
    [123, 5],
    [255, 0],
    [244, 11],
    [20, 12],
    [0, -1],
    [198, -1], // 57 routers: an initial TTL of its own
  ])('TTL %i is %i away', (ttl, hops) => {
    expect(hopsOf(ttl)).toBe(hops);
  });

  it.each([
    [59, 123, 0],
    [63, 62, -1],
    [255, 53, -11],
    [46, 49, 3],
    [30, 62, 0], // 64 with 34 routers is unlikely, 32 with 2 is not
    [198, 62, DISTANCE_UNKNOWN],
  ])('TTL %i against %i differs by %i', (a, b, difference) => {
    expect(hopDifference(a, b)).toBe(difference);
  });
});

describe('idle constants', () => {
  it.each([
    [350.4, 350],
    [181.5, 180],
    [59.2, 60],
    [63.5, undefined],
    [16, undefined],
  ])('%d s matches %s', (seconds, found) => {
    expect(idleConstant(seconds * 1e9)?.seconds).toBe(found);
  });

  it('is sorted and never negative', () => {
    const seconds = IDLE_CONSTANTS.map((constant) => constant.seconds);
    expect(seconds).toEqual([...seconds].sort((a, b) => a - b));
    expect(idleConstant(-1)).toBeNull();
  });
});

function combined(...codes: EvidenceCode[]): Combined {
  const list = new EvidenceList();
  for (const code of codes) list.add(code);
  const into: Combined = { kind: 'unknown', middlebox: 0, confidence: 0 };
  combine(list, 'active', into);
  return into;
}

describe('combining evidence', () => {
  it('starts from the prior: most resets are genuine', () => {
    expect(combined().middlebox).toBeCloseTo(0.0307, 3);
    expect(combined().kind).toBe('endpoint');
  });

  it('names no device on one family that is not decisive', () => {
    const weak = combined('ip-id-copied', 'window-copied', 'odd-flags');
    expect(weak.middlebox).toBeGreaterThan(MIDDLEBOX_FROM);
    expect(weak.kind).toBe('unknown');
    expect(combined('ip-id-copied', 'window-copied', 'seq-elsewhere').kind).toBe('middlebox');
  });

  it('lets one decisive fact do', () => {
    expect(combined('sender-goes-on').kind).toBe('middlebox');
    expect(combined('own-address-from-outside').kind).toBe('middlebox');
  });

  it('asks a distance inside one connection for a second observation', () => {
    expect(combined('hops-differ').kind).toBe('unknown');
    expect(combined('hops-differ', 'ip-id-jump').kind).toBe('middlebox');
    expect(combined('hops-differ', 'faster-than-round-trip').kind).toBe('middlebox');
  });

  it('bounds each family', () => {
    const once = combined('hops-differ', 'ip-id-copied');
    const more = combined('hops-differ', 'ip-id-copied', 'window-copied', 'odd-flags', 'mac-differs');
    expect(more.middlebox).toBeCloseTo(once.middlebox, 6);
  });

  it('never lets a repeated piece count twice', () => {
    expect(combined('seq-elsewhere', 'seq-elsewhere').middlebox).toBe(combined('seq-elsewhere').middlebox);
  });

  it('believes neither side where it names none, and whom it names above that', () => {
    const lowest = CONFIDENCE_STEPS.at(-1)?.from ?? 0;
    expect(MOST_OF_UNDECIDED).toBeLessThan(lowest);
    expect(combined('ip-id-copied', 'window-copied', 'odd-flags').confidence).toBeLessThan(lowest);
    expect(Math.min(MIDDLEBOX_FROM, 1 - ENDPOINT_BELOW)).toBeGreaterThanOrEqual(lowest);
  });

  it('gives the probability of what it says', () => {
    for (const code of Object.keys(WEIGHTS) as EvidenceCode[]) {
      const { kind, middlebox, confidence } = combined(code);
      const expected =
        kind === 'endpoint'
          ? 1 - middlebox
          : kind === 'middlebox'
            ? middlebox
            : Math.min(MOST_OF_UNDECIDED, Math.max(middlebox, 1 - middlebox));
      expect(confidence).toBeCloseTo(expected, 12);
      if (kind === 'endpoint') expect(middlebox).toBeLessThanOrEqual(ENDPOINT_BELOW);
    }
  });

  it('has weights that fit into the bounds of their families', () => {
    for (const { family, weight } of Object.values(WEIGHTS)) {
      const [low, high] = FAMILY_CAPS[family];
      if (family === 'why') continue;
      expect(low).toBeLessThan(0);
      expect(high).toBeGreaterThan(0);
      // A witness is no inference.
      if (family !== 'kernel' && family !== 'vantage') expect(Math.abs(weight)).toBeLessThanOrEqual(4);
    }
  });
});
