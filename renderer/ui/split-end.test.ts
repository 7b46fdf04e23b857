import { expect, it } from 'vitest';
import { splitEnd } from './split-end.ts';

it.each([
  ['10.0.0.1:443', '10.0', '.0.1', ':443', false],
  ['[2001:db8::1234]:443', '2001:db8::', '1234', ':443', true],
  ['[::1]:80', '', '::1', ':80', true],
  ['2001:db8::1234', '2001:db8::', '1234', '', false],
  ['192.0.2.77', '192.0.', '2.77', '', false],
  ['', '', '', '', false],
])('%s is cut between what may go and what tells hosts apart', (end, head, tail, port, isBracketed) => {
  expect(splitEnd(end)).toEqual({ head, tail, port, isBracketed });
});
