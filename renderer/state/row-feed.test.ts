import { describe, expect, it, vi } from 'vitest';
import { eventually } from '../../test/support/patience.ts';
import { RowFeed } from './row-feed.ts';
import type { RowWindowOf } from './row-source.ts';

interface Query {
  readonly filter: string;
}

function feedOf(answers: Record<string, RowWindowOf<string> | Error>) {
  return new RowFeed<Query, string>(({ filter }) => {
    const answer = answers[filter];
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  });
}

const rows = (...names: string[]): RowWindowOf<string> => ({ revision: 0, total: names.length, rows: names });

describe('a feed', () => {
  it('shows the old answer until the new one is here', async () => {
    const feed = feedOf({ a: rows('one'), b: rows('two', 'three') });
    feed.ask({ filter: 'a' });
    expect(feed.getState().shown).toBeUndefined();
    await eventually(() => expect(feed.getState().shown?.total).toBe(1));
    feed.ask({ filter: 'b' });
    expect(feed.getState()).toMatchObject({ switching: true });
    expect(feed.getState().shown?.get(0)).toBe('one');
    await eventually(() => expect(feed.getState().shown?.total).toBe(2));
    expect(feed.getState().switching).toBe(false);
  });

  it('keeps the old answer beside the error of a question with a typo', async () => {
    const feed = feedOf({ a: rows('one'), 'origin:x': new Error('origin has no value x') });
    feed.ask({ filter: 'a' });
    await eventually(() => expect(feed.getState().shown).toBeDefined());
    feed.ask({ filter: 'origin:x' });
    await eventually(() => expect(feed.getState().error?.message).toBe('origin has no value x'));
    expect(feed.getState().shown?.get(0)).toBe('one');
    expect(feed.getState().switching).toBe(false);
  });

  it('asks the same question only once', async () => {
    const fetch = vi.fn(() => Promise.resolve(rows('one')));
    const feed = new RowFeed<Query, string>(fetch);
    feed.ask({ filter: '' });
    await eventually(() => expect(feed.getState().shown).toBeDefined());
    feed.ask({ filter: '' });
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  it('forgets everything when another capture is opened', async () => {
    const feed = feedOf({ a: rows('one') });
    feed.ask({ filter: 'a' });
    await eventually(() => expect(feed.getState().shown).toBeDefined());
    feed.leaveAt({ offset: 300, cursor: 4 });
    feed.reset();
    expect(feed.getState().shown).toBeUndefined();
    expect(feed.place).toEqual({ offset: 0, cursor: -1, seen: 0 });
    feed.ask({ filter: 'a' });
    await eventually(() => expect(feed.getState().shown?.total).toBe(1));
  });
});
