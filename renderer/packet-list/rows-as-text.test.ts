import { expect, it } from 'vitest';
import { samplePacket } from '../testing/sample.ts';
import { packetColumns } from './packet-columns.tsx';
import { rowsAsText } from './rows-as-text.ts';

const COLUMNS = packetColumns({
  clock: { epochNs: null, firstNs: 0, style: 'relative' },
  files: ['a.pcap'],
  frames: 2,
  isOfFlow: false,
  isRaw: false,
  isMarked: () => false,
}).filter(({ id }) => id === 'frame' || id === 'since-shown' || id === 'info');
const ROWS = [
  samplePacket(0, { info: 'GET "/" HTTP/1' }),
  samplePacket(1, { info: '=HYPERLINK("x")', timeNs: 2e9 }),
];

it('copies what the columns show, with the time since the row above', () => {
  expect(rowsAsText(ROWS, COLUMNS, 'text')).toBe(
    ['No.\tΔ shown\tInfo', '1\t–\tGET "/" HTTP/1', `2\t2 s\t'=HYPERLINK("x")`].join('\n'),
  );
});

it('quotes every field of CSV, and lets none be a formula', () => {
  expect(rowsAsText(ROWS, COLUMNS, 'csv').split('\r\n')).toEqual([
    '"No.","Δ shown","Info"',
    '"1","–","GET ""/"" HTTP/1"',
    `"2","2 s","'=HYPERLINK(""x"")"`,
  ]);
});
