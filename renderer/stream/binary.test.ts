import { expect, it } from 'vitest';
import type { StreamPiece } from '../../shared/model/stream.ts';
import { isMostlyBinary } from './binary.ts';

function page(...parts: readonly (string | readonly number[])[]) {
  const pieces = parts.map((part): StreamPiece => ({
    kind: 'data',
    from: 'client',
    place: 0,
    offset: 0,
    packet: 0,
    frame: 1,
    timeNs: 0,
    bytes: typeof part === 'string' ? new TextEncoder().encode(part) : Uint8Array.from(part),
  }));
  return { pieces };
}

it('tells text of any script from bytes that are none', () => {
  expect(isMostlyBinary(page('GET / HTTP/1.1\r\n'))).toBe(false);
  expect(isMostlyBinary(page('Привет, мир'))).toBe(false);
  expect(isMostlyBinary(page([0x00, 0x01, 0x80, 0xff, 0x41]))).toBe(true);
  expect(isMostlyBinary(page([0x00]))).toBe(true);
});

it('goes by the first bytes, and says nothing of none', () => {
  expect(isMostlyBinary(page('a'.repeat(256), new Array<number>(1000).fill(0)))).toBe(false);
  expect(isMostlyBinary(page())).toBe(null);
});
