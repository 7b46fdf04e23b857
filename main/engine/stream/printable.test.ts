import { describe, expect, it } from 'vitest';
import { ascii } from '../../../test/support/tls-messages.ts';
import { LIMITS } from '../limits.ts';
import { printable } from './printable.ts';

describe('printable', () => {
  it('gives text that is text throughout', () => {
    expect(printable(ascii('xxNo TCP\r\n\tsessionyy'), 2, 16)).toBe('No TCP\r\n\tsession');
    expect(printable(ascii('abcd'), 0, 4)).toBe('abcd');
  });

  it('gives nothing for fewer than four bytes and for anything else', () => {
    expect(printable(ascii('abc'), 0, 3)).toBeNull();
    expect(printable(ascii('abcd'), 1, 4)).toBeNull();
    expect(printable(ascii(''), 0, 0)).toBeNull();
    for (const byte of [0, 8, 0x1b, 0x7f, 0x80, 0xff]) {
      expect(printable(concatByte('abcd', byte), 0, 5)).toBeNull();
    }
  });

  it('stays within the array and the limit', () => {
    expect(printable(ascii('abcdef'), 2, 1e9)).toBe('cdef');
    expect(printable(ascii('abcdef'), 9, 4)).toBeNull();
    expect(printable(ascii('abcdef'), -1, 4)).toBeNull();
    expect(printable(ascii('a'.repeat(5000)), 0, 5000)).toHaveLength(LIMITS.maxResetPayloadBytes);
  });
});

function concatByte(text: string, byte: number): Uint8Array {
  return Uint8Array.from([...ascii(text), byte]);
}
