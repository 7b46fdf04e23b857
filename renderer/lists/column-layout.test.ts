/** Which columns fit, how wide they are, and what the user chose of them. */
import { describe, expect, it } from 'vitest';
import {
  NO_CHOICES,
  WIDEST_PX,
  chosenColumns,
  orderedColumns,
  readChoices,
  withOrder,
  withVisible,
  withWidth,
} from './column-choices.ts';
import { layColumns } from './column-layout.ts';

const COLUMNS = [
  { id: 'frame', width: 60, rank: 0 },
  { id: 'client', width: 160, min: 100, grow: 1, rank: 0 },
  { id: 'hops', width: 50, rank: 5 },
  { id: 'idle', width: 60, rank: 3 },
  { id: 'extra', width: 80, rank: 9, isExtra: true },
];
const ids = (columns: readonly { readonly id: string }[]) => columns.map(({ id }) => id);

describe('the layout of columns', () => {
  const chosen = chosenColumns(COLUMNS, NO_CHOICES);

  it('gives all of the room away', () => {
    const layout = layColumns(chosen, NO_CHOICES, 1000);
    expect(ids(layout.shown)).toEqual(['frame', 'client', 'hops', 'idle']);
    expect(layout.left).toEqual([]);
    expect(layout.totalPx).toBe(1000);
    expect(layout.widths).toEqual([60, 1000 - 60 - 50 - 60 - 3 * 12 - 60, 50, 60]);
  });

  it('shrinks before it leaves out', () => {
    const layout = layColumns(chosen, NO_CHOICES, 380);
    expect(layout.left).toEqual([]);
    expect(layout.widths[1]).toBe(380 - 170 - 96);
  });

  it('leaves out what decides nothing before it cuts values, and cuts them only when nothing more may go', () => {
    const withWhole = chosen.map((column) => (column.id === 'client' ? { ...column, whole: 150 } : column));
    const whole = layColumns(withWhole, NO_CHOICES, 380);
    expect(ids(whole.left)).toEqual(['hops']);
    expect(whole.widths[1]).toBeGreaterThanOrEqual(150);
    const cut = layColumns(withWhole, NO_CHOICES, 60 + 120 + 12 + 60);
    expect(ids(cut.left)).toEqual(['hops', 'idle']);
    expect(cut.widths).toEqual([60, 120]);
  });

  it('leaves out the highest rank first, and never what decides', () => {
    expect(ids(layColumns(chosen, NO_CHOICES, 320).left)).toEqual(['hops']);
    expect(ids(layColumns(chosen, NO_CHOICES, 40).left)).toEqual(['hops', 'idle']);
    expect(ids(layColumns(chosen, NO_CHOICES, 40).shown)).toEqual(['frame', 'client']);
  });

  it('keeps what the user turned on, and all where the list scrolls sideways', () => {
    const on = withVisible(NO_CHOICES, 'hops', true);
    expect(ids(layColumns(chosen, on, 40).left)).toEqual(['idle']);
    const wide = layColumns(chosen, { ...NO_CHOICES, isWide: true }, 40);
    expect(wide.left).toEqual([]);
    expect(wide.totalPx).toBeGreaterThan(40);
  });

  it('obeys a width that the user set', () => {
    const layout = layColumns(chosen, withWidth(NO_CHOICES, 'client', 300), 1000);
    expect(layout.widths[1]).toBe(300);
  });
});

describe('what the user chooses', () => {
  it('puts a column before another, and at the end', () => {
    const all = ids(COLUMNS);
    const first = withOrder(NO_CHOICES, all, 'idle', 'frame');
    expect(ids(orderedColumns(COLUMNS, first))).toEqual(['idle', 'frame', 'client', 'hops', 'extra']);
    const last = withOrder(NO_CHOICES, all, 'frame', null);
    expect(ids(orderedColumns(COLUMNS, last))).toEqual(['client', 'hops', 'idle', 'extra', 'frame']);
  });

  it('places a column that it does not know behind its neighbour', () => {
    const choices = { ...NO_CHOICES, order: ['idle', 'frame', 'gone', 'client'] };
    expect(ids(orderedColumns(COLUMNS, choices))).toEqual(['idle', 'extra', 'frame', 'client', 'hops']);
  });

  it('shows an extra column once it is turned on, and none that is turned off', () => {
    const choices = withVisible(withVisible(NO_CHOICES, 'extra', true), 'frame', false);
    expect(ids(chosenColumns(COLUMNS, choices))).toEqual(['client', 'hops', 'idle', 'extra']);
  });

  it('keeps widths within reason', () => {
    expect(withWidth(NO_CHOICES, 'frame', 1e9).widths.frame).toBe(WIDEST_PX);
    expect(withWidth(NO_CHOICES, 'frame', -5).widths.frame).toBeGreaterThan(0);
  });

  it('comes back as it was stored, and is nothing where that makes no sense', () => {
    const choices = withWidth(
      withVisible(withOrder(NO_CHOICES, ids(COLUMNS), 'idle', 'frame'), 'hops', false),
      'idle',
      90,
    );
    expect(readChoices(JSON.stringify(choices))).toEqual(choices);
    for (const stored of [
      null,
      '',
      '{',
      '7',
      'null',
      '[]',
      '{"order":7,"widths":{"a":"b","c":1e9},"visible":[1]}',
    ]) {
      expect(readChoices(stored)).toEqual(NO_CHOICES);
    }
  });
});
