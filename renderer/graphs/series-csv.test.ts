import { expect, it } from 'vitest';
import { makeSeries } from '../../shared/columns/series.ts';
import { seriesCsv } from './series-csv.ts';

it('writes what columns hold, leaves out what they do not, and skips the empty', () => {
  const series = makeSeries(4);
  series.sentLow[1] = 0;
  series.sentHigh[1] = 100;
  series.bytes[1] = 100;
  series.rttLow[3] = 5e6;
  const csv = seriesCsv(
    {
      revision: 1,
      side: 'client',
      fromNs: 1e9,
      toNs: 5e9,
      columns: 4,
      series,
      most: { seq: 100, window: 0, flight: 0, rttNs: 5e6 },
      isScaled: true,
      packets: 2,
    },
    1e9,
  );
  const [head, first, second, ...rest] = csv.split('\n');
  expect(head.startsWith('seconds,sentLow,sentHigh,')).toBe(true);
  expect(first.startsWith('1.000000000,0,100,,')).toBe(true);
  expect(second).toContain('3.000000000,');
  expect(second).toContain(',5000000,');
  expect(rest).toEqual(['']);
});
