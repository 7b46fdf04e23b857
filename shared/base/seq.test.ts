import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seqAdd, seqDelta, seqGeq, seqGt, seqInWindow, seqLeq, seqLt, seqMax, seqUnsigned } from './seq.ts';

const CIRCLE = 2 ** 32;
const HALF = 2 ** 31;

/** Often next to the points where the circle closes and where the sign turns. */
const anySeq = fc.oneof(
  fc.integer({ min: 0, max: CIRCLE - 1 }),
  fc.integer({ min: -20, max: 20 }).map((n) => (n + CIRCLE) % CIRCLE),
  fc.integer({ min: HALF - 20, max: HALF + 20 }),
);
/** Distances at which order on the circle is defined. */
const anyStep = fc.oneof(fc.integer({ min: 1, max: HALF - 1 }), fc.integer({ min: 1, max: 20 }));

function check<T>(property: fc.IProperty<T>): void {
  fc.assert(property, { seed: 9293, numRuns: 1000 });
}

describe('sequence numbers across the wrap', () => {
  it('delta undoes add, whether numbers come signed or unsigned', () => {
    check(
      fc.property(anySeq, fc.integer({ min: -HALF, max: HALF - 1 }), (seq, step) => {
        const moved = seqAdd(seq, step);
        expect(seqDelta(moved, seq)).toBe(step);
        expect(seqDelta(moved >>> 0, seq | 0)).toBe(step);
        expect(seqUnsigned(moved)).toBe((((seq + step) % CIRCLE) + CIRCLE) % CIRCLE);
      }),
    );
  });

  it('orders what is less than half a circle apart', () => {
    check(
      fc.property(anySeq, anyStep, (seq, step) => {
        const later = seqAdd(seq, step);
        expect([seqLt(seq, later), seqLeq(seq, later), seqGt(seq, later), seqGeq(seq, later)]).toEqual([
          true,
          true,
          false,
          false,
        ]);
        expect([seqLt(later, seq), seqLeq(later, seq), seqGt(later, seq), seqGeq(later, seq)]).toEqual([
          false,
          false,
          true,
          true,
        ]);
        expect(seqMax(seq, later)).toBe(later);
        expect(seqMax(later, seq)).toBe(later);
      }),
    );
  });

  it('takes a number as equal to itself in both readings', () => {
    check(
      fc.property(anySeq, (seq) => {
        expect([
          seqLeq(seq, seq | 0),
          seqGeq(seq | 0, seq),
          seqLt(seq, seq | 0),
          seqGt(seq, seq | 0),
        ]).toEqual([true, true, false, false]);
        expect(seqMax(seq, seq)).toBe(seq | 0);
      }),
    );
  });

  it('knows the window', () => {
    check(
      fc.property(anySeq, fc.integer({ min: 1, max: 2 ** 30 }), fc.nat(), (left, size, n) => {
        expect(seqInWindow(seqAdd(left, n % size), left, size)).toBe(true);
        expect(seqInWindow(seqAdd(left, size), left, size)).toBe(false);
        expect(seqInWindow(seqAdd(left, -1), left, size)).toBe(false);
        expect(seqInWindow(left, left, 0)).toBe(false);
      }),
    );
  });

  it('has the wrap itself right', () => {
    expect(seqDelta(0, 0xffff_ffff)).toBe(1);
    expect(seqDelta(0xffff_ffff, 0)).toBe(-1);
    expect(seqLt(0xffff_fff0, 5)).toBe(true);
    expect(seqAdd(0xffff_ffff, 1)).toBe(0);
    expect(seqUnsigned(-1)).toBe(0xffff_ffff);
    expect(seqInWindow(2, 0xffff_fffe, 8)).toBe(true);
  });
});
