/**
 * How wide the columns of a list are, and which of them fit. What decides stays: columns are left out by rank, the least
 * important first, and only when all others are as narrow as they get without cutting what they show. What is left when none
 * may go is cut.
 */
import type { ColumnChoices } from './column-choices.ts';

export const COLUMN_GAP_PX = 12;
/** Left and right of a row together; the right side has room for the button that chooses columns. */
export const LIST_PADDING_PX = 60;

interface Sized {
  readonly id: string;
  readonly width: number;
  readonly min?: number;
  readonly whole?: number;
  readonly grow?: number;
  readonly rank: number;
}

export interface ColumnLayout<C> {
  readonly shown: readonly C[];
  /** px, one for each that is shown. */
  readonly widths: readonly number[];
  /** Chosen columns that there is no room for. */
  readonly left: readonly C[];
  /** Of a row with its padding; wider than the list where it scrolls sideways. */
  readonly totalPx: number;
}

/** @param columns those that the user has chosen, in order @param listPx width of the list; 0 while it is not known */
export function layColumns<C extends Sized>(
  columns: readonly C[],
  choices: ColumnChoices,
  listPx: number,
): ColumnLayout<C> {
  const room = listPx === 0 ? Infinity : listPx;
  const isKept = (column: C): boolean =>
    column.rank === 0 || choices.isWide || choices.visible[column.id] === true;
  const shown = [...columns];
  const left: C[] = [];
  while (needed(shown, choices) > room) {
    const next = shown.reduce<C | undefined>(
      (worst, one) => (isKept(one) || (worst !== undefined && worst.rank >= one.rank) ? worst : one),
      undefined,
    );
    if (next === undefined) break;
    shown.splice(shown.indexOf(next), 1);
    left.push(next);
  }
  const widths = shareOut(shown, choices, room === Infinity ? 0 : room);
  return { shown, widths, left, totalPx: sum(widths) + around(shown.length) };
}

function leastOf({ id, width, min }: Sized, { widths }: ColumnChoices): number {
  return widths[id] ?? min ?? width;
}

function wholeOf(column: Sized, choices: ColumnChoices): number {
  return choices.widths[column.id] ?? column.whole ?? leastOf(column, choices);
}

function wishOf({ id, width }: Sized, { widths }: ColumnChoices): number {
  return widths[id] ?? width;
}

function needed(columns: readonly Sized[], choices: ColumnChoices): number {
  return columns.reduce((total, column) => total + wholeOf(column, choices), around(columns.length));
}

function around(columns: number): number {
  return LIST_PADDING_PX + Math.max(0, columns - 1) * COLUMN_GAP_PX;
}

/** Every column gets its least, then what shows its values whole, then what it would like, then its share of the rest. */
function shareOut(columns: readonly Sized[], choices: ColumnChoices, room: number): number[] {
  let widths = columns.map((column) => leastOf(column, choices));
  let free = Math.max(0, room - sum(widths) - around(columns.length));
  for (const goalOf of [wholeOf, wishOf]) {
    const wanted = columns.map((column, i) => Math.max(0, goalOf(column, choices) - widths[i]));
    const given = Math.min(1, free / Math.max(1, sum(wanted)));
    widths = widths.map((px, i) => px + given * wanted[i]);
    free -= given * sum(wanted);
  }
  const grows = columns.map(({ id, grow = 0 }) => (choices.widths[id] === undefined ? grow : 0));
  const perShare = free / Math.max(1, sum(grows));
  return widths.map((px, i) => Math.floor(px + (sum(grows) === 0 ? 0 : perShare * grows[i])));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
