/** Lists that fit an answer: as many entries as there is room for, and word of the rest. */
import * as v from 'valibot';
import { MCP_LIMITS } from './limits.ts';

/** What every list says besides its rows. */
export const pageEntries = {
  total: v.pipe(v.number(), v.integer(), v.minValue(0), v.description('Entries in all.')),
  from: v.pipe(v.number(), v.integer(), v.minValue(0)),
  next: v.pipe(
    v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0))),
    v.description('What to give as `from` for the next entries; null after the last.'),
  ),
  leftOut: v.pipe(
    v.nullable(v.string()),
    v.description('What this answer had no room for, and how to get it; null where it is whole.'),
  ),
};

export interface Page<T> {
  readonly total: number;
  readonly from: number;
  readonly next: number | null;
  readonly leftOut: string | null;
  readonly rows: T[];
}

/**
 * @param rows entries from number `from` on, as many as were asked for
 * @param spent bytes of the answer that are already used
 */
export function pageOf<T>(rows: readonly T[], from: number, total: number, spent = 0): Page<T> {
  const fitting = fittingCount(rows, MCP_LIMITS.answerBytes - spent);
  const end = from + fitting;
  const isPast = from > 0 && from >= total;
  const isWhole = end >= total && !isPast;
  return {
    total,
    from,
    next: isWhole || isPast || fitting === 0 ? null : end,
    leftOut: isWhole ? null : leftOutText(from, end, total, fitting < rows.length),
    rows: rows.slice(0, fitting),
  };
}

function leftOutText(from: number, end: number, total: number, isFull: boolean): string {
  if (end === from) return `No entry stands at ${from}: there are ${total}.`;
  const why = isFull ? ' An answer has no room for more.' : '';
  return `Entries ${from} to ${end - 1} of ${total}.${why} Ask again with from: ${end}, or narrow it down with a filter.`;
}

/** How many of the first rows fit into that many bytes; one at least, since each row is bounded by itself. */
function fittingCount(rows: readonly unknown[], bytes: number): number {
  let left = bytes;
  for (let count = 0; count < rows.length; count++) {
    left -= Buffer.byteLength(JSON.stringify(rows[count])) + 1;
    if (left < 0) return Math.max(1, count);
  }
  return rows.length;
}

/** The first entries of a list inside of something, and how many more there are. */
export function firstOf<T>(
  all: readonly T[],
  most: number = MCP_LIMITS.parts,
): { readonly list: T[]; readonly more: number } {
  return { list: all.slice(0, most), more: Math.max(0, all.length - most) };
}
