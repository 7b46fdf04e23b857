/** Sorting of the short tables of the fleet, which are here as a whole. */
import { useState } from 'react';

export interface Sorting<Column extends string> {
  readonly column: Column | null;
  readonly isDescending: boolean;
}

type Value = string | number;

/** @returns the rows as they came until a column was chosen */
export function sorted<Row, Column extends string>(
  rows: readonly Row[],
  { column, isDescending }: Sorting<Column>,
  values: Readonly<Record<Column, (row: Row) => Value>>,
): readonly Row[] {
  if (column === null) return rows;
  const of = values[column];
  const order = (one: Value, other: Value): number =>
    typeof one === 'string' && typeof other === 'string'
      ? one < other
        ? -1
        : Number(one > other)
      : Number(one) - Number(other);
  return [...rows].sort((one, other) => order(of(one), of(other)) * (isDescending ? -1 : 1));
}

/** Numbers begin with the largest, words with the first; the third click gives the order back in which they came. */
export function useSorting<Column extends string>(words: readonly Column[]) {
  const [sorting, setSorting] = useState<Sorting<Column>>({ column: null, isDescending: false });
  const toggle = (column: Column): void => {
    setSorting((before) => {
      const first = !words.includes(column);
      if (before.column !== column) return { column, isDescending: first };
      return before.isDescending === first
        ? { column, isDescending: !first }
        : { column: null, isDescending: false };
    });
  };
  return { sorting, toggle };
}
