import { expect, it } from 'vitest';
import { addressOf, namedRuns, namedText, nameOf } from './named-text.ts';

const NAMES = new Map([
  ['10.0.0.1', 'office firewall'],
  ['2001:db8::1', 'edge'],
  ['00:1b:21:aa:bb:cc', 'the switch'],
]);

it('says the name and the address, with its port', () => {
  expect(namedText('The server 10.0.0.1 sent it.', NAMES)).toBe(
    'The server office firewall (10.0.0.1) sent it.',
  );
  expect(namedText('10.0.0.1:443 and [2001:db8::1]:80, from 00:1b:21:aa:bb:cc.', NAMES)).toBe(
    'office firewall (10.0.0.1:443) and edge ([2001:db8::1]:80), from the switch (00:1b:21:aa:bb:cc).',
  );
  expect(namedText('It ended at 2001:db8::1.', NAMES)).toBe('It ended at edge (2001:db8::1).');
});

it.each(['110.0.0.1', '10.0.0.10', '10.0.0.1.5', 'v10.0.0.1', '2001:db8::12', 'at 10:00:01', ''])(
  'leaves %j as it is',
  (text) => {
    expect(namedText(text, NAMES)).toBe(text);
  },
);

it('gives one plain run where there are no names', () => {
  expect(namedRuns('10.0.0.1', new Map())).toEqual([{ text: '10.0.0.1', name: '' }]);
});

it('knows an end with its port', () => {
  expect(nameOf('10.0.0.1:443', NAMES)).toBe('office firewall');
  expect(nameOf('[2001:DB8::1]:443', NAMES)).toBe('edge');
  expect(addressOf('2001:db8::1')).toBe('2001:db8::1');
});

it('takes no long time over a long hostile text', () => {
  const text = `${'1.'.repeat(50_000)}${':'.repeat(50_000)}${'a:'.repeat(50_000)}`;
  expect(namedText(text, NAMES)).toBe(text);
});
