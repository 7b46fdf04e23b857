import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Milliseconds } from '../../../shared/base/units.ts';
import type { CaptureTold } from './capture-contract.ts';
import { ToldThrottle } from './told-throttle.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const written = (bytes: number): CaptureTold => ({
  capture: 1,
  message: { kind: 'written', file: { number: 1, path: '/a', bytes, packets: 0, firstNs: 0, lastNs: 0 } },
});
const ENDED: CaptureTold = { capture: 1, message: { kind: 'ended', error: null } };

function throttled(): { throttle: ToldThrottle; told: CaptureTold[] } {
  const told: CaptureTold[] = [];
  const now = (): Milliseconds => Date.now() as Milliseconds;
  return { throttle: new ToldThrottle((one) => told.push(one), now), told };
}

it('tells at once after a pause, and the newest of many in time', () => {
  const { throttle, told } = throttled();
  throttle.push(written(1));
  expect(told).toEqual([written(1)]);
  for (let bytes = 2; bytes <= 6; bytes++) {
    vi.advanceTimersByTime(5);
    throttle.push(written(bytes));
  }
  expect(told).toEqual([written(1)]);
  vi.advanceTimersByTime(50);
  expect(told).toEqual([written(1), written(6)]);
  vi.advanceTimersByTime(50);
  throttle.push(written(7));
  expect(told.at(-1)).toEqual(written(7));
});

it('tells everything else at once, behind what was written before it', () => {
  const { throttle, told } = throttled();
  throttle.push(written(1));
  throttle.push(written(2));
  throttle.push(ENDED);
  expect(told).toEqual([written(1), written(2), ENDED]);
  vi.runAllTimers();
  expect(told).toHaveLength(3);
});
