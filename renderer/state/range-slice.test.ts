import { expect, it } from 'vitest';
import { narrowed, rangeFilter } from './range-slice.ts';

const summary = { firstNs: 1_000 };
const range = { fromNs: 1_500_001_000, toNs: 1e14 + 1_001 };

it('writes a range as Wireshark does, to the nanosecond and from the first packet on', () => {
  expect(rangeFilter({ range, summary })).toBe(
    'frame.time_relative >= 1.5 && frame.time_relative < 100000.000000001',
  );
  expect(rangeFilter({ range: { fromNs: 0, toNs: 1_000 }, summary })).toBe(
    'frame.time_relative >= -0.000001 && frame.time_relative < 0',
  );
});

it('leaves a question as it is where nothing was brushed', () => {
  const query = { filter: 'port:443' };
  expect(narrowed(query, { range: null, summary })).toBe(query);
  expect(narrowed(query, { range, summary: null })).toBe(query);
});

it('keeps alternatives of the list’s own filter together', () => {
  const { filter } = narrowed({ filter: 'tcp.port == 1 || tcp.port == 2' }, { range, summary });
  expect(filter).toMatch(/^\(tcp\.port == 1 \|\| tcp\.port == 2\) and frame\.time_relative >= 1\.5 && /);
  expect(narrowed({ filter: ' ' }, { range, summary }).filter).toMatch(/^frame\./);
});

it('leaves a filter that cannot be read to be refused', () => {
  const query = { filter: 'tcp.port ==' };
  expect(narrowed(query, { range, summary })).toBe(query);
});
