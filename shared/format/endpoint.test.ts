import { expect, it } from 'vitest';
import { endpointText } from './endpoint.ts';

it.each([
  ['10.0.0.1', 80, '10.0.0.1:80'],
  ['2001:db8::1', 443, '[2001:db8::1]:443'],
  ['::', 0, '[::]:0'],
  ['fe80::1%eth0', 22, '[fe80::1%eth0]:22'],
])('joins %s and %i', (address, port, text) => {
  expect(endpointText(address, port)).toBe(text);
});
