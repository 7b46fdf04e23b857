import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dateAndTime, isoTime, isoTimeOfDay, relativeSeconds, localTimeOfDay, localZone } from './time.ts';

const START = 1_700_000_000_000_000_000n;

describe('isoTime', () => {
  it.each([
    [START, 0, '2023-11-14T22:13:20.000000000Z'],
    [START, 1, '2023-11-14T22:13:20.000000001Z'],
    [START + 999_999_999n, 1, '2023-11-14T22:13:21.000000000Z'],
    [START, -1, '2023-11-14T22:13:19.999999999Z'],
    [START, 2 ** 53 - 1, '2024-02-27T04:13:19.254740991Z'],
    [0n, 0, '1970-01-01T00:00:00.000000000Z'],
    [-1n, 0, '1969-12-31T23:59:59.999999999Z'],
    [-1_000_000_000n, 0, '1969-12-31T23:59:59.000000000Z'],
    [START, 0.6, '2023-11-14T22:13:20.000000001Z'],
    [START, NaN, '2023-11-14T22:13:20.000000000Z'],
  ])('%d + %d is %s', (epoch, relative, text) => {
    expect(isoTime(epoch, relative)).toBe(text);
  });

  it('gives seconds where no date fits, instead of throwing', () => {
    expect(isoTime(2n ** 63n * 1_000_000_000n)).toBe('9223372036854775808.000000000 s since 1970');
    expect(isoTime(-(2n ** 63n) * 1_000_000_000n - 1n)).toBe('-9223372036854775809.999999999 s since 1970');
    expect(isoTime(8_640_000_000_000n * 1_000_000_000n)).toMatch(/since 1970$/);
    expect(isoTime(8_640_000_000_000n * 1_000_000_000n - 1n)).toBe('+275760-09-12T23:59:59.999999999Z');
  });

  it('loses no nanosecond', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 19n), max: 10n ** 19n }),
        fc.integer({ min: -(2 ** 53) + 1, max: 2 ** 53 - 1 }),
        (epoch, relative) => {
          const text = isoTime(epoch, relative);
          const ms = BigInt(Date.parse(`${text.slice(0, -11)}Z`));
          expect(ms * 1_000_000n + BigInt(text.slice(-10, -1))).toBe(epoch + BigInt(relative));
        },
      ),
      { seed: 3 },
    );
  });
});

describe('isoTimeOfDay', () => {
  it('leaves the date out', () => {
    expect(isoTimeOfDay(START, 5)).toBe('22:13:20.000000005');
    expect(isoTimeOfDay(2n ** 63n * 1_000_000_000n)).toMatch(/since 1970$/);
  });
});

describe('relativeSeconds', () => {
  it.each([
    [0, 9, '0.000000000'],
    [12_345_678_901, 9, '12.345678901'],
    [12_345_678_901, 3, '12.346'],
    [-1, 9, '-0.000000001'],
    [1_999_999_999, 0, '2'],
    [-1_500_000_000, 1, '-1.5'],
    [NaN, 9, 'unknown'],
  ])('%d ns with %d decimals is %s', (ns, decimals, text) => {
    expect(relativeSeconds(ns, decimals)).toBe(text);
  });
});

describe('the time where the reader is', () => {
  const summer = 1_783_850_400_123_456_789n; // 2026-07-12T10:00:00Z
  const winter = summer - 182n * 86_400n * 1_000_000_000n;
  let before: string | undefined;
  beforeEach(() => {
    before = process.env['TZ'];
  });
  afterEach(() => {
    if (before === undefined) delete process.env['TZ'];
    else process.env['TZ'] = before;
  });

  it.each([
    ['Europe/Berlin', '12:00:00.123456', 'local, UTC+02:00', '11:00:00.123456', 'local, UTC+01:00'],
    ['Asia/Kolkata', '15:30:00.123456', 'local, UTC+05:30', '15:30:00.123456', 'local, UTC+05:30'],
    ['America/St_Johns', '07:30:00.123456', 'local, UTC−02:30', '06:30:00.123456', 'local, UTC−03:30'],
    ['UTC', '10:00:00.123456', 'local, UTC', '10:00:00.123456', 'local, UTC'],
  ])('in %s', (zone, summerTime, summerZone, winterTime, winterZone) => {
    process.env['TZ'] = zone;
    expect([localTimeOfDay(summer), localZone(summer)]).toEqual([summerTime, summerZone]);
    expect([localTimeOfDay(winter), localZone(winter)]).toEqual([winterTime, winterZone]);
  });

  it.each([
    [
      '2026-07-01T21:59:59.999999600Z',
      '2026-07-02 00:00:00.000000 UTC+02:00',
      '2026-07-01 22:00:00.000000 UTC',
    ],
    [
      '2011-09-27T18:07:20.497540992Z',
      '2011-09-27 20:07:20.497541 UTC+02:00',
      '2011-09-27 18:07:20.497541 UTC',
    ],
    ['5 s since 1970', '5 s since 1970', '5 s since 1970'],
  ])('has a date beside it, to the microsecond: %s', (iso, local, utc) => {
    process.env['TZ'] = 'Europe/Berlin';
    expect([dateAndTime(iso, true), dateAndTime(iso, false)]).toEqual([local, utc]);
  });

  it('is as damaged as the time stamp', () => {
    expect(localTimeOfDay(10n ** 30n)).toMatch(/s since 1970$/u);
  });
});
