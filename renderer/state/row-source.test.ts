import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PAGE_ROWS, RowSource } from './row-source.ts';
import type { RowWindowOf } from './row-source.ts';

interface Request {
  readonly from: number;
  readonly signal: AbortSignal;
  readonly answer: (window: RowWindowOf<string>) => void;
  readonly fail: (error: Error) => void;
}

let requests: Request[];
let source: RowSource<string>;

function page(from: number, total: number, tag = ''): RowWindowOf<string> {
  const count = Math.min(PAGE_ROWS, total - from);
  return { revision: 0, total, rows: Array.from({ length: count }, (_, row) => `${tag}${from + row}`) };
}

async function settle(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
}

beforeEach(() => {
  vi.useFakeTimers();
  requests = [];
  source = new RowSource(
    (from, _count, signal) =>
      new Promise((answer, fail) => {
        requests.push({ from, signal, answer, fail });
      }),
    1,
  );
});

afterEach(() => {
  source.dispose();
  vi.useRealTimers();
});

describe('pages', () => {
  it('asks for the page on screen once, and then has its rows', async () => {
    source.ensure(0, 30);
    source.ensure(2, 32);
    expect(requests.map(({ from }) => from)).toEqual([0]);
    requests[0].answer(page(0, 1000));
    await settle();
    expect(source.total).toBe(1000);
    expect(source.get(7)).toBe('7');
    expect(source.get(PAGE_ROWS)).toBeUndefined();
  });

  it('asks for both pages that a screen lies on', async () => {
    source.ensure(0, 30);
    requests[0].answer(page(0, 1000));
    await settle();
    source.ensure(PAGE_ROWS - 5, PAGE_ROWS + 20);
    expect(requests.map(({ from }) => from)).toEqual([0, PAGE_ROWS]);
  });

  it('gives up requests for what was scrolled past, and asks again on the way back', async () => {
    source.ensure(0, 30);
    requests[0].answer(page(0, 10_000));
    await settle();
    source.ensure(2000, 2030);
    source.ensure(6000, 6030);
    expect(requests[1].signal.aborted).toBe(true);
    source.ensure(2000, 2030);
    expect(requests.map(({ from }) => from)).toEqual([0, 2000, 6000, 2000]);
    requests[1].answer(page(2000, 10_000, 'late '));
    requests[3].answer(page(2000, 10_000));
    await settle();
    expect(source.get(2003)).toBe('2003');
  });

  it('does not ask beyond the end', async () => {
    source.ensure(0, 30);
    requests[0].answer(page(0, 50));
    await settle();
    source.ensure(0, 900);
    expect(requests).toHaveLength(1);
  });

  it('forgets pages that were not looked at for long', async () => {
    const total = 100 * PAGE_ROWS;
    for (let at = 0; at < 100; at++) {
      source.ensure(at * PAGE_ROWS, at * PAGE_ROWS + 10);
      requests[at].answer(page(at * PAGE_ROWS, total));
      await settle();
    }
    expect(source.get(99 * PAGE_ROWS)).toBeDefined();
    expect(source.get(0)).toBeUndefined();
  });
});

describe('a new revision', () => {
  it('keeps the old rows on screen until the new ones are here', async () => {
    source.ensure(0, 30);
    requests[0].answer(page(0, 40, 'old '));
    await settle();
    await vi.advanceTimersByTimeAsync(1000);
    source.invalidate(2);
    expect(source.get(3)).toBe('old 3');
    expect(requests).toHaveLength(2);
    requests[1].answer(page(0, 60, 'new '));
    await settle();
    expect(source.get(3)).toBe('new 3');
    expect(source.total).toBe(60);
  });

  it('does not pull more often than people can read', async () => {
    source.ensure(0, 30);
    requests[0].answer(page(0, 40));
    await vi.advanceTimersByTimeAsync(5000);
    for (let revision = 2; revision < 12; revision++) {
      source.invalidate(revision);
      await vi.advanceTimersByTimeAsync(10);
      for (const request of requests) request.answer(page(0, 40));
    }
    expect(requests.length).toBeLessThanOrEqual(2);
    await vi.advanceTimersByTimeAsync(1000);
    expect(requests.length).toBeGreaterThanOrEqual(2);
  });

  it('pulls sooner while the first rows are awaited', async () => {
    const pulledMs: number[] = [];
    let isPulled = 0;
    source.ensure(0, 30);
    for (let ms = 0; ms < 3000; ms += 10) {
      source.invalidate(ms + 2);
      for (const request of requests) request.answer(page(0, 40));
      await vi.advanceTimersByTimeAsync(10);
      if (requests.length > isPulled) pulledMs.push(ms);
      isPulled = requests.length;
    }
    const within = (from: number, to: number): number =>
      pulledMs.filter((ms) => ms >= from && ms < to).length;
    expect(within(0, 500)).toBeGreaterThan(4);
    expect(within(2000, 3000)).toBeLessThanOrEqual(4);
  });

  it('leaves pages alone that are not on screen', async () => {
    source.ensure(0, 30);
    requests[0].answer(page(0, 1000));
    await settle();
    source.ensure(400, 430);
    requests[1].answer(page(400, 1000));
    await settle();
    await vi.advanceTimersByTimeAsync(1000);
    source.invalidate(2);
    expect(requests.map(({ from }) => from)).toEqual([0, 400, 400]);
  });
});

describe('a failure', () => {
  it('is told, is not repeated by itself, and can be retried', async () => {
    const heard = vi.fn();
    source.subscribe(heard);
    source.ensure(0, 30);
    requests[0].fail(new Error('no such field'));
    await settle();
    expect(source.error?.message).toBe('no such field');
    expect(heard).toHaveBeenCalledTimes(1);
    source.ensure(0, 30);
    expect(requests).toHaveLength(1);
    source.retry();
    requests[1].answer(page(0, 5));
    await settle();
    expect(source.error).toBeUndefined();
    expect(source.total).toBe(5);
  });

  it('of a disposed source is nobody’s concern', async () => {
    const heard = vi.fn();
    source.ensure(0, 30);
    source.subscribe(heard);
    source.dispose();
    requests[0].fail(new Error('gone'));
    await settle();
    expect(heard).not.toHaveBeenCalled();
  });
});
