import { describe, expect, it } from 'vitest';
import { countText, plural } from './count.ts';

describe('countText', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1000, '1,000'],
    [1234567, '1,234,567'],
    [-1234, '-1,234'],
    [-999, '-999'],
    [1234.6, '1,235'],
    [1e21, '1,000,000,000,000,000,000,000'],
    [18446744073709551615n, '18,446,744,073,709,551,615'],
  ])('writes %s as %s', (count, text) => {
    expect(countText(count)).toBe(text);
  });

  it('says that it does not know', () => {
    expect(countText(NaN)).toBe('unknown');
    expect(countText(Infinity)).toBe('unknown');
  });
});

it('counts in words', () => {
  expect(plural(1, 'reset')).toBe('1 reset');
  expect(plural(0, 'reset')).toBe('0 resets');
  expect(plural(2345, 'reset')).toBe('2,345 resets');
  expect(plural(2, 'reply', 'replies')).toBe('2 replies');
});
