import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TimeScale } from './pcapng-time.ts';

const MAX_64 = (1n << 64n) - 1n;

/** The definition, in big numbers: floor of the stamp in nanoseconds, plus the offset. */
function nanosOf(stamp: bigint, tsresol: number, offset: bigint): bigint {
  const perSecond = tsresol & 0x80 ? 1n << BigInt(tsresol & 0x7f) : 10n ** BigInt(tsresol);
  return (stamp * 1_000_000_000n) / perSecond + offset * 1_000_000_000n;
}

function halves(stamp: bigint): [high: number, low: number] {
  return [Number(stamp >> 32n), Number(stamp & 0xffff_ffffn)];
}

/** Resolutions up to the last that a nanosecond can tell apart, and the exact coarser ones. */
const resolutions = fc.oneof(
  fc.integer({ min: 0, max: 20 }),
  fc.integer({ min: 0, max: 32 }).map((n) => 0x80 | n),
);

describe('TimeScale', () => {
  it('is exact to the nanosecond within 104 days of the epoch, at every resolution', () => {
    fc.assert(
      fc.property(
        resolutions,
        fc.bigInt({ min: 0n, max: MAX_64 }),
        fc.bigInt({ min: 0n, max: (1n << 53n) - 1n }),
        fc.bigInt({ min: -2_000_000_000n, max: 2_000_000_000n }),
        (tsresol, first, apart, offset) => {
          const perSecond = tsresol & 0x80 ? 1n << BigInt(tsresol & 0x7f) : 10n ** BigInt(tsresol);
          const second = first + (apart * perSecond) / 1_000_000_000n;
          fc.pre(second <= MAX_64);
          // Nanoseconds since 1970 must themselves fit 64 bits: until the year 2554.
          fc.pre(nanosOf(second, tsresol, offset) < MAX_64 && nanosOf(second, tsresol, 0n) < MAX_64);
          const scale = new TimeScale(tsresol, offset);
          const epoch = scale.absoluteNs(...halves(first));
          expect(epoch).toBe(nanosOf(first, tsresol, offset));
          scale.anchor(epoch);
          const expected = nanosOf(second, tsresol, offset) - epoch;
          expect(BigInt(scale.relativeNs(...halves(second)))).toBe(expected);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('counts from an epoch that another interface or file has set, also backwards', () => {
    for (const tsresol of [9, 6, 0x80 | 30, 12]) {
      const offset = 1_699_999_000n;
      const epoch = 1_700_000_000_123_456_789n;
      const stampAt = (ns: bigint) => {
        const perSecond = tsresol & 0x80 ? 1n << BigInt(tsresol & 0x7f) : 10n ** BigInt(tsresol);
        return ((ns - offset * 1_000_000_000n) * perSecond) / 1_000_000_000n;
      };
      const scale = new TimeScale(tsresol, offset);
      scale.anchor(epoch);
      for (const apart of [-500_000_000_000n, -1n, 0n, 1n, 999n, 3_600_000_000_000n]) {
        const stamp = stampAt(epoch + apart);
        const expected = nanosOf(stamp, tsresol, offset) - epoch;
        expect(BigInt(scale.relativeNs(...halves(stamp))), `${tsresol} ${apart}`).toBe(expected);
      }
    }
  });

  it('reports its step in whole nanoseconds', () => {
    const steps = [undefined, 9, 6, 3, 0, 12, 0x80 | 10, 0x80 | 32].map((n) => new TimeScale(n).resolutionNs);
    expect(steps).toEqual([1000, 1, 1000, 1_000_000, 1_000_000_000, 1, 976_563, 1]);
  });

  it('stays a number at resolutions beyond all sense', () => {
    for (const tsresol of [21, 40, 127, 0x80 | 40, 0x80 | 64, 0x80 | 127]) {
      const scale = new TimeScale(tsresol);
      scale.anchor(scale.absoluteNs(0, 0));
      const time = scale.relativeNs(0xffff_ffff, 0xffff_ffff);
      expect(Number.isInteger(time)).toBe(true);
      expect(time).toBeGreaterThanOrEqual(0);
    }
  });
});
