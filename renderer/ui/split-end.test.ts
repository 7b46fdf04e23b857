import { expect, it } from 'vitest';
import { splitEnd } from './split-end.ts';

it.each([
  ['10.0.0.1:443', '10.0', '.0.1', ':443'],
  ['[2001:db8::1234]:443', '[2001:db8::', '1234', ']:443'],
  ['[::1]:80', '', '[::1', ']:80'],
  ['2001:db8::1234', '2001:db8::', '1234', ''],
  ['192.0.2.77', '192.0.', '2.77', ''],
  ['', '', '', ''],
])('%s is cut between what may go and what tells hosts apart', (end, head, tail, port) => {
  expect(splitEnd(end)).toEqual({ head, tail, port });
});
