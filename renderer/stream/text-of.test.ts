import { expect, it } from 'vitest';
import { TextReader, asciiByte, hexByte, hexOffset } from './text-of.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

it('keeps lines, and shows controls and what hides text', () => {
  const reader = new TextReader('utf-8');
  expect(reader.read(bytes('GET /\r\nA:\tb\r\n'))).toBe('GET /\nA:\tb\n');
  expect(reader.read(bytes('\u0000\u001b[31m\u007f'))).toBe('␀␛[31m␡');
  expect(reader.read(bytes('a\u202eb'))).toBe('a\\u202eb');
});

it('reads a character that begins in one piece and ends in the next', () => {
  const reader = new TextReader('utf-8');
  const euro = bytes('€');
  expect(reader.read(euro.subarray(0, 1)) + reader.read(euro.subarray(1))).toBe('€');
  expect(reader.read(euro.subarray(0, 2))).toBe('');
  expect(reader.end()).toBe('\ufffd');
});

it('reads single bytes as Latin-1', () => {
  expect(new TextReader('latin1').read(Uint8Array.of(0xe9, 0x41))).toBe('éA');
});

it('dumps bytes', () => {
  expect([hexByte(7), hexOffset(255), asciiByte(0x41), asciiByte(0)]).toEqual(['07', '000000ff', 'A', '·']);
});
