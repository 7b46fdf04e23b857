import { describe, expect, it } from 'vitest';
import { nextDirection } from './column.ts';
import { moveCursor } from './list-keys.ts';
import { scrollScale } from './scaled-scroll.ts';
import { offsetAfter } from './use-follow-cursor.ts';
import { ROW_PX, offsetToShow } from './use-row-window.ts';

describe('moving the cursor', () => {
  it.each([
    ['ArrowDown', 4, 5],
    ['ArrowUp', 4, 3],
    ['PageDown', 4, 13],
    ['PageUp', 14, 5],
    ['Home', 50, 0],
    ['End', 0, 99],
  ])('%s from row %i goes to row %i', (key, cursor, expected) => {
    expect(moveCursor(key, cursor, 100, 10)).toBe(expected);
  });

  it('stops at both ends', () => {
    expect(moveCursor('ArrowUp', 0, 100, 10)).toBe(0);
    expect(moveCursor('ArrowDown', 99, 100, 10)).toBe(99);
    expect(moveCursor('PageDown', 95, 100, 10)).toBe(99);
    expect(moveCursor('PageUp', 3, 100, 10)).toBe(0);
  });

  it('begins at the first row when there is no cursor yet', () => {
    expect(moveCursor('ArrowDown', -1, 100, 10)).toBe(0);
    expect(moveCursor('ArrowUp', -1, 100, 10)).toBe(0);
    expect(moveCursor('PageDown', -1, 100, 10)).toBe(9);
  });

  it('does nothing in an empty list, and for other keys', () => {
    expect(moveCursor('ArrowDown', -1, 0, 10)).toBeUndefined();
    expect(moveCursor('Tab', 3, 100, 10)).toBeUndefined();
  });
});

describe('scrolling', () => {
  it('moves no further than needed to show a row whole', () => {
    const viewport = 10 * ROW_PX;
    expect(offsetToShow(3, viewport, 0)).toBe(0);
    expect(offsetToShow(10, viewport, 0)).toBe(ROW_PX);
    expect(offsetToShow(2, viewport, 5 * ROW_PX)).toBe(2 * ROW_PX);
  });

  it('keeps short lists as they are', () => {
    expect(scrollScale(26_000, 800)).toEqual({ trackPx: 26_000, factor: 1 });
  });

  it('reaches both ends of a list that is longer than an element can be', () => {
    const list = 10_000_000 * ROW_PX;
    const viewport = 800;
    const { trackPx, factor } = scrollScale(list, viewport);
    expect(trackPx).toBeLessThan(33_554_428);
    expect((trackPx - viewport) * factor).toBeCloseTo(list - viewport, 0);
  });
});

describe('following the cursor', () => {
  const viewport = 10 * ROW_PX;
  it('scrolls to where the user moved it', () => {
    expect(offsetAfter(3, 40, false, 0, viewport)).toBe(31 * ROW_PX);
  });

  it('brings a row that it is opened at to the middle, unless it is in sight', () => {
    expect(offsetAfter(-1, 40, true, 0, viewport)).toBe(35.5 * ROW_PX);
    expect(offsetAfter(-1, 4, true, 0, viewport)).toBe(0);
  });

  it('keeps the row where it is on the screen when rows came before it', () => {
    expect(offsetAfter(3, 40, true, 2 * ROW_PX, viewport)).toBe(39 * ROW_PX);
  });

  it('leaves a user alone who scrolled elsewhere', () => {
    expect(offsetAfter(3, 40, true, 500 * ROW_PX, viewport)).toBe(500 * ROW_PX);
  });
});

describe('sorting by a title', () => {
  it('begins with the column’s own direction and then turns', () => {
    expect(nextDirection(false, 'ascending', 'descending')).toBe('descending');
    expect(nextDirection(true, 'descending', 'descending')).toBe('ascending');
    expect(nextDirection(true, 'ascending')).toBe('descending');
  });
});
