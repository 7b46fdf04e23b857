import { describe, expect, it } from 'vitest';
import { bytesText } from './bytes.ts';

describe('bytesText', () => {
  it.each([
    [0, '0 B'],
    [1, '1 B'],
    [999, '999 B'],
    [1000, '1 kB'],
    [1440, '1.44 kB'],
    [1_400_000, '1.4 MB'],
    [12_345_678, '12.3 MB'],
    [345_678_901, '346 MB'],
    [999_499, '999 kB'],
    [999_999, '1 MB'],
    [9_999_999, '10 MB'],
    [4_294_967_296, '4.29 GB'],
    [-2048, '-2.05 kB'],
    [Number.MAX_SAFE_INTEGER * 1e6, '9007 EB'],
  ])('writes %d as %s', (bytes, text) => {
    expect(bytesText(bytes)).toBe(text);
  });

  it.each([
    [1023, '1023 B'],
    [1024, '1 KiB'],
    [1_048_576, '1 MiB'],
    [1_048_575, '1 MiB'],
    [67_108_864, '64 MiB'],
  ])('counts %d in powers of 1024 when asked: %s', (bytes, text) => {
    expect(bytesText(bytes, 'iec')).toBe(text);
  });

  it('says that it does not know', () => {
    expect(bytesText(NaN)).toBe('unknown');
    expect(bytesText(Infinity)).toBe('unknown');
  });
});
