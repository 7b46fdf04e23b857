import { expect, it } from 'vitest';
import { withCommas } from './commas.ts';

it.each([
  ['tcp.port in {80 443  8000..8080}', 'tcp.port in {80, 443, 8000..8080}'],
  ['ip.addr in {10.0.0.0/8, ::1 10.1.1.1}', 'ip.addr in {10.0.0.0/8, ::1, 10.1.1.1}'],
])('puts commas into %j', (text, mended) => {
  expect(withCommas(text)?.text).toBe(mended);
});

it.each(['tcp.port in {80, 443}', 'tcp.port == {80 + 1}', 'origin:middlebox port:443', ''])(
  'leaves %j as it is',
  (text) => {
    expect(withCommas(text)).toBeNull();
  },
);
