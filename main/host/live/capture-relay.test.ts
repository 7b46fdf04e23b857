import { expect, it } from 'vitest';
import { NO_LIVE } from '../../../shared/model/live.ts';
import { eventually } from '../../../test/support/patience.ts';
import type { CaptureMessage, CaptureTold } from './capture-contract.ts';
import { CaptureRelay } from './capture-relay.ts';

const told = (message: CaptureMessage, capture = 1): CaptureTold => ({ capture, message });
const file = (number: number, bytes: number) => ({
  number,
  path: `/${number}`,
  bytes,
  packets: 0,
  firstNs: 0,
  lastNs: 0,
});
const written = (number: number, bytes: number): CaptureTold =>
  told({ kind: 'written', file: file(number, bytes) });
const opened = (number: number): CaptureTold => told({ kind: 'opened', file: file(number, 0) });
const counts = (packets: number): CaptureTold =>
  told({
    kind: 'counts',
    counts: {
      packets,
      bytes: 0,
      kernelDrops: null,
      interfaceDrops: null,
      queueLosses: 0,
      witness: NO_LIVE.witness,
      freeBytes: null,
    },
  });
const ENDED = told({ kind: 'ended', error: null });

/** An engine that takes what was sent each time it is let. */
function busyEngine(): { relay: CaptureRelay; taken: (readonly CaptureTold[])[]; take: () => void } {
  const taken: (readonly CaptureTold[])[] = [];
  let take = (): void => undefined;
  const relay = new CaptureRelay((told) => {
    taken.push(told);
    return new Promise<void>((resolve) => (take = resolve));
  });
  return { relay, taken, take: () => take() };
}

it('brings up to date what waits, and keeps the order of the rest', async () => {
  const { relay, taken, take } = busyEngine();
  relay.push(opened(1));
  for (let bytes = 1; bytes <= 1000; bytes++) {
    relay.push(written(1, bytes));
    relay.push(counts(bytes));
  }
  relay.push(opened(2));
  relay.push(written(2, 5));
  relay.push(ENDED);
  let isDrained = false;
  void relay.drained().then(() => (isDrained = true));
  take();
  await eventually(() => expect(taken).toHaveLength(2));
  expect(isDrained).toBe(false);
  take();
  await eventually(() => expect(isDrained).toBe(true));
  expect(taken).toEqual([[opened(1)], [written(1, 1000), counts(1000), opened(2), written(2, 5), ENDED]]);
});

it('takes another capture for another', async () => {
  const { relay, taken, take } = busyEngine();
  relay.push(ENDED);
  relay.push(told({ kind: 'written', file: file(1, 1) }, 1));
  relay.push(told({ kind: 'written', file: file(1, 2) }, 2));
  take();
  await eventually(() => expect(taken).toHaveLength(2));
  expect(taken[1].map(({ capture }) => capture)).toEqual([1, 2]);
});

it('lets go of everything when the engine is gone', async () => {
  let calls = 0;
  const relay = new CaptureRelay(() => {
    calls++;
    return Promise.reject(new Error('gone'));
  });
  relay.push(opened(1));
  relay.push(opened(2));
  await eventually(() => expect(calls).toBe(1));
  relay.push(ENDED);
  await eventually(() => expect(calls).toBe(2));
});

it('keeps what is told of two places apart', async () => {
  const { relay, taken, take } = busyEngine();
  relay.push(opened(1));
  const second = (packets: number): CaptureTold => ({ ...counts(packets), place: 'second' });
  for (const one of [counts(1), second(10), counts(2), second(20)]) relay.push(one);
  take();
  await eventually(() => expect(taken).toHaveLength(2));
  expect(taken[1]).toEqual([counts(2), second(20)]);
  take();
  await relay.drained();
});
