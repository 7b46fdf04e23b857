import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../testing/memory-store.ts';
import { Asking } from './asking.ts';
import { coverageOf } from './coverage.ts';

const { signal } = new AbortController();
const SECOND = 1_000_000_000n;
const MINUTE = 60n * SECOND;

const unit = { capture: '1', segment: 0, host: 'web', site: 'berlin', packets: 1, lost: 0 };

describe('coverage', () => {
  it('has no host whose only file has no packet, and so no time', async () => {
    const store = new MemoryStore({
      captures: [
        { ...unit, time: MINUTE, last_time: 2n * MINUTE },
        { ...unit, capture: '2', host: 'empty', time: null, last_time: null },
      ],
    });
    for (const scope of [{}, { fromMs: 0, toMs: 1 }]) {
      const { hosts, missing } = await coverageOf(new Asking(store, signal), scope);
      expect([...hosts.map(({ host }) => host), ...missing.map(({ name }) => name)]).toEqual(['web']);
    }
  });

  it('ends where it begins for a capture of a moment', async () => {
    const store = new MemoryStore({ captures: [{ ...unit, time: MINUTE, last_time: null }] });
    const { hosts } = await coverageOf(new Asking(store, signal), {});
    expect(hosts).toMatchObject([{ fromMs: 60_000, toMs: 60_000, gaps: [] }]);
  });

  it('tells of what is between segments, and not of a second', async () => {
    const store = new MemoryStore({
      captures: [
        { ...unit, time: 0n, last_time: MINUTE },
        { ...unit, segment: 1, time: MINUTE + SECOND, last_time: 2n * MINUTE },
        { ...unit, segment: 2, time: 3n * MINUTE, last_time: 4n * MINUTE },
      ],
    });
    const { hosts } = await coverageOf(new Asking(store, signal), {});
    expect(hosts).toMatchObject([{ gaps: [{ fromMs: 120_000, toMs: 180_000 }] }]);
  });
});
