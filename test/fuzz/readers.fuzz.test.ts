import { expect, it } from 'vitest';
import { lz4Target, zstdTarget } from './decompressors.ts';
import { fuzz, FuzzFailure, fuzzFor } from './fuzz-loop.ts';
import { readersTarget } from './readers.ts';

it('readers keep their word on damaged files', () => {
  fuzz(readersTarget, 1, 5000);
});

it('decompressors keep their word on damaged files', () => {
  fuzz(lz4Target, 1, 2000);
  fuzz(zstdTarget, 1, 400);
});

it('a failing target is found, and can be replayed', () => {
  const target = {
    name: 'fragile',
    corpus: [new Uint8Array(64)],
    check(input: Uint8Array) {
      if (input.includes(0xff)) throw new Error('0xff');
    },
  };
  const failure = (run: () => void): FuzzFailure => {
    try {
      run();
    } catch (error) {
      if (error instanceof FuzzFailure) return error;
    }
    throw new Error('nothing was found');
  };
  const found = failure(() => fuzzFor(target, 7, 10));
  const [, seed, iteration] = /seed (\d+), iteration (\d+)/.exec(found.message) ?? [];
  const again = failure(() => fuzz(target, Number(seed), Number(iteration) + 1));
  expect(again.input).toEqual(found.input);
});
