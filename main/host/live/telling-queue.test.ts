import { expect, it } from 'vitest';
import type { Milliseconds } from '../../../shared/base/units.ts';
import type { Session } from '../../engine/session.ts';
import { TellingQueue } from './telling-queue.ts';

const ms = (value: number): Milliseconds => value as Milliseconds;

it('tells of resets when two seconds have passed, each once', () => {
  const counts = { resets: { count: 0 }, verdicts: { count: 0 } };
  const telling = new TellingQueue(counts as unknown as Session);
  const set = (resets: number, verdicts: number): void => {
    counts.resets.count = resets;
    counts.verdicts.count = verdicts;
  };
  expect(telling.take(ms(0))).toEqual({ from: 0, to: 0 });
  set(3, 3);
  expect(telling.take(ms(100))).toEqual({ from: 0, to: 0 });
  set(5, 5);
  expect(telling.take(ms(1000))).toEqual({ from: 0, to: 0 });
  expect(telling.take(ms(2100))).toEqual({ from: 0, to: 3 });
  set(6, 4); // the sixth came just now, the fifth is not judged yet
  expect(telling.take(ms(3000))).toEqual({ from: 3, to: 4 });
  set(6, 6);
  expect(telling.take(ms(5000))).toEqual({ from: 4, to: 6 });
  set(9, 8);
  telling.take(ms(5001));
  expect(telling.takeAll()).toEqual({ from: 6, to: 8 });
});
