import { describe, expect, it } from 'vitest';
import {
  captureName,
  caseName,
  casePrefix,
  dayOf,
  partition,
  siteOf,
  unitName,
  unitOfFile,
} from './layout.ts';

describe('the layout of a fleet', () => {
  it('names units by capture and segment, and knows them again', () => {
    const unit = { capture: -2n, segment: 7 };
    expect(unitName(unit)).toBe('fffffffffffffffe-00007');
    expect(unitOfFile('fffffffffffffffe-00007.parquet')).toEqual(unit);
    expect(unitOfFile('0000000000000001-123456.parquet')).toEqual({ capture: 1n, segment: 123_456 });
    expect(captureName(1n)).toBe('0000000000000001');
    expect(caseName(unit, 3).startsWith(casePrefix(unit))).toBe(true);
  });

  it.each([
    ['fffffffffffffffe.parquet'],
    ['compacted-1.parquet'],
    ['.tmp-0011.partial'],
    [caseName({ capture: 1n, segment: 0 }, 3)],
  ])('takes %s for no unit', (name) => {
    expect(unitOfFile(name)).toBeUndefined();
  });

  it.each([
    [0n, '1970-01-01'],
    [-1n, '1969-12-31'],
    [86_400_000_000_000n, '1970-01-02'],
    [1_788_220_799_999_999_999n, '2026-08-31'],
  ])('has %d in the day %s of UTC', (ns, day) => {
    expect(dayOf(ns)).toBe(day);
  });

  it.each([
    ['berlin-1.a', 'berlin-1.a'],
    ['../../etc', '.._.._etc'],
    ['Büro 1/2', 'B_ro_1_2'],
    ['', 'default'],
    ['x'.repeat(100), 'x'.repeat(64)],
  ])('makes of the site “%s” a folder that leads nowhere else', (name, site) => {
    expect(siteOf(name)).toBe(site);
    expect(partition('/fleet', 'flows', '2026-01-01', site)).toBe(`/fleet/flows/day=2026-01-01/site=${site}`);
  });
});
