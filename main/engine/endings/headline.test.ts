import { describe, expect, it } from 'vitest';
import { headlineOf } from './headline.ts';
import type { HeadlineNumbers } from './headline.ts';

const NOTHING: HeadlineNumbers = {
  connections: 12,
  resets: 0,
  resetsThatMatter: 0,
  failures: 0,
  failuresThatMatter: 0,
  delays: 0,
  clean: 0,
  open: 0,
};

describe('the headline', () => {
  it.each<[Partial<HeadlineNumbers>, string]>([
    [{ clean: 12 }, 'All 12 connections ended well.'],
    [{ clean: 1, connections: 1 }, 'The one connection ended well.'],
    [{ clean: 9, open: 3 }, 'No connection failed; 3 are still open.'],
    [{ clean: 11, open: 1 }, 'No connection failed; 1 is still open.'],
    [{ clean: 9 }, 'No resets, and none of 12 connections failed in a way that matters.'],
    [{ failures: 5, failuresThatMatter: 5 }, 'No resets, but 5 of 12 connections failed.'],
    [{ failures: 5, failuresThatMatter: 5, delays: 1 }, 'No resets, but 4 of 12 connections failed.'],
    [
      { failures: 1, failuresThatMatter: 1, delays: 1, clean: 12 },
      'No resets, but 1 of 12 connections was held up.',
    ],
    [
      { resets: 3, failures: 2, failuresThatMatter: 2 },
      'No reset mattered, but 2 of 12 connections failed without one.',
    ],
    [
      { resets: 3, resetsThatMatter: 2, failures: 2, failuresThatMatter: 2 },
      '2 resets mattered, and 2 of 12 connections failed without one.',
    ],
    [
      { resets: 3, resetsThatMatter: 2, clean: 9 },
      '2 of 3 resets mattered; no connection failed without one.',
    ],
    [
      { failures: 4 },
      'No resets, and none of 12 connections failed in a way that matters; 4 attempts that failed did not matter.',
    ],
    [{ connections: 0 }, 'No connections.'],
  ])('of %j', (numbers, sentence) => {
    expect(headlineOf({ ...NOTHING, ...numbers })).toBe(sentence);
  });
});
