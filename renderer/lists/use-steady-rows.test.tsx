/** A list that grows while somebody reads it. */
import { act, cleanup, render, screen, waitFor } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RowFeed } from '../state/row-feed.ts';
import { RowList } from './row-list.tsx';
import { newestAt } from './use-newest.ts';
import type { NewestEnd } from './use-steady-rows.ts';
import { findRow, isAtNewest, newestOffset } from './use-steady-rows.ts';
import { ROW_PX } from './use-row-window.ts';

/** happy-dom lays nothing out: lists would be 0 px high and draw no row. */
const HEIGHT = 600;
vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(HEIGHT);
vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(1200);
vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(HEIGHT);
vi.spyOn(HTMLElement.prototype, 'offsetWidth', 'get').mockReturnValue(1200);

interface Row {
  readonly id: number;
}

let rows: Row[] = [];
let revision = 0;
let feed: RowFeed<string, Row>;
let following: boolean;

beforeEach(() => {
  rows = Array.from({ length: 100 }, (_, id) => ({ id }));
  revision = 0;
  following = false;
  feed = new RowFeed((_, from, count) =>
    Promise.resolve({ revision, total: rows.length, rows: rows.slice(from, from + count) }),
  );
});

afterEach(cleanup);

function List({ at }: { readonly at: NewestEnd['at'] }) {
  const [cursor, setCursor] = useState(-1);
  const [selected, setSelected] = useState<number | null>(null);
  const [isFollowing, setIsFollowing] = useState(following);
  return (
    <RowList
      name="rows"
      label="Rows"
      feed={feed}
      columns={[{ id: 'id', title: 'Id', width: 200, rank: 0, cell: (row: Row) => `row ${row.id}` }]}
      idOf={(row) => row.id}
      selected={selected}
      cursor={cursor}
      onCursor={(index, row) => {
        setCursor(index);
        if (row !== undefined) setSelected(row.id);
      }}
      onOpen={() => undefined}
      newest={{
        at,
        isFollowing,
        onFollowing: (next) => {
          following = next;
          setIsFollowing(next);
        },
      }}
      noun="reset"
    />
  );
}

async function show(at: NewestEnd['at']): Promise<HTMLElement> {
  feed.ask('');
  render(<List at={at} />);
  const grid = screen.getByRole('grid');
  await screen.findByText('row 0');
  return grid;
}

async function scroll(grid: HTMLElement, offset: number): Promise<void> {
  act(() => {
    grid.scrollTop = offset;
    grid.dispatchEvent(new Event('scroll'));
  });
  await screen.findByText(`row ${Math.ceil(offset / ROW_PX)}`);
}

async function grow(next: Row[]): Promise<void> {
  rows = next;
  revision++;
  act(() => {
    feed.invalidate(revision);
  });
  await waitFor(() => {
    expect(screen.getByRole('grid').getAttribute('aria-rowcount')).toBe(String(next.length + 1));
  });
}

const fresh = (count: number): Row[] => Array.from({ length: count }, (_, index) => ({ id: 1000 + index }));

describe('a growing list', () => {
  it('keeps what is on screen when rows come before it', async () => {
    const grid = await show(null);
    await scroll(grid, 40 * ROW_PX);
    await grow([...fresh(7), ...rows]);
    expect(grid.scrollTop).toBe(47 * ROW_PX);
  });

  it('shows what is first to whom is at its top', async () => {
    const grid = await show(null);
    await grow([...fresh(7), ...rows]);
    expect(grid.scrollTop).toBe(0);
    await screen.findByText('row 1000');
  });

  it('keeps the selected row where it is, and the cursor on it', async () => {
    const grid = await show(null);
    await scroll(grid, 10 * ROW_PX);
    act(() => {
      screen.getByText('row 15').dispatchEvent(new MouseEvent('mousedown', { bubbles: true, button: 0 }));
    });
    await grow([...fresh(5), ...rows]);
    expect(grid.scrollTop).toBe(15 * ROW_PX);
    await waitFor(() => {
      const active = document.getElementById(grid.getAttribute('aria-activedescendant') ?? '');
      expect(active?.textContent).toBe('row 15');
    });
  });

  it('that follows its newest end shows it', async () => {
    following = true;
    const grid = await show('end');
    await grow([...rows, ...fresh(20)]);
    expect(grid.scrollTop).toBeGreaterThan(90 * ROW_PX);
    expect(screen.queryByText(/new reset/)).toBeNull();
  });

  it('says how many came out of sight, and leads to them', async () => {
    const grid = await show('end');
    await grow([...rows, ...fresh(3)]);
    expect(grid.scrollTop).toBe(0);
    const pill = await screen.findByRole('button', { name: '3 new resets' });
    act(() => {
      pill.click();
    });
    expect(following).toBe(true);
    expect(grid.scrollTop).toBeGreaterThan(70 * ROW_PX);
    expect(screen.queryByRole('button', { name: '3 new resets' })).toBeNull();
  });

  it('stops following when somebody reads an older row', async () => {
    following = true;
    await show('start');
    act(() => {
      screen.getByText('row 4').dispatchEvent(new MouseEvent('mousedown', { bubbles: true, button: 0 }));
    });
    expect(following).toBe(false);
  });
});

it('finds a row near its old place', () => {
  const ids = [9, 8, 7, 6, 5];
  expect(findRow((index) => ids[index], 6, 0)).toBe(3);
  expect(findRow((index) => ids[index], 9, 4)).toBe(0);
  expect(findRow((index) => ids[index], 1, 2)).toBeUndefined();
});

it('knows its newest end by its order', () => {
  expect(newestAt({ sort: 'time', direction: 'ascending' })).toBe('end');
  expect(newestAt({ sort: 'start', direction: 'descending' })).toBe('start');
  expect(newestAt({ sort: 'importance', direction: 'ascending' })).toBeNull();
  expect(newestOffset('end', 100, 600)).toBe(100 * ROW_PX - 600);
  expect(newestOffset('end', 3, 600)).toBe(0);
  expect(isAtNewest('end', 100 * ROW_PX - 600 - 10, 100, 600)).toBe(true);
  expect(isAtNewest('end', 0, 100, 600)).toBe(false);
});
