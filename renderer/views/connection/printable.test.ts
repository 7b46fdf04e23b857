import { expect, it } from 'vitest';
import { printable } from './printable.ts';

it('keeps text and lines, and shows everything else as a dot', () => {
  const bytes = new TextEncoder().encode('GET / HTTP/1.1\r\n\x00\x1b[31mé\u202e');
  expect(printable(bytes)).toBe('GET / HTTP/1.1 \n··[31m·····');
});

it('takes more bytes than a call takes arguments', () => {
  expect(printable(new Uint8Array(300_000).fill(65))).toHaveLength(300_000);
});
