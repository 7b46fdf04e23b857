/** What a list shows of a row. */
import type { ReactNode } from 'react';
import type { SortDirection } from '../../shared/contract/methods.ts';

/** A value in a cell that a filter can ask for. */
export interface CellValue {
  /** Name of the field, and the value, as filters write them. */
  readonly field: string;
  readonly value: string;
  /** What the value is: "Client". */
  readonly title: string;
  /** How it is shown, where that is not the value. */
  readonly text?: string;
}

export interface Column<Row, Sort extends string> {
  readonly id: string;
  readonly title: string;
  /** What the column shows, where the title alone does not say it. */
  readonly about?: string;
  /** What it takes where there is room, px. */
  readonly width: number;
  /** The narrowest it gets before columns are left out, px; `width` where it never shrinks. */
  readonly min?: number;
  /** What shows its usual values whole, px: lesser columns are left out sooner than it gets narrower. `min` where left out. */
  readonly whole?: number;
  /** Its share of what is left over. */
  readonly grow?: number;
  /** The higher, the sooner it is left out of a narrow list; 0 stays. */
  readonly rank: number;
  /** Not shown until the user chooses it. */
  readonly isExtra?: boolean;
  readonly sort?: Sort;
  /** Direction of the first click. */
  readonly first?: SortDirection;
  readonly align?: 'end';
  /** @param before the row above it, where that is here */
  readonly cell: (row: Row, before: Row | undefined) => ReactNode;
  /** The whole of what the cell may cut. */
  readonly hint?: (row: Row) => string;
  /** What filters can ask for of it. */
  readonly values?: (row: Row) => readonly CellValue[];
  /** What is copied of it. */
  readonly text?: (row: Row, before: Row | undefined) => string;
}

/** The direction that a click on a column's title sorts by. */
export function nextDirection(
  isSorted: boolean,
  direction: SortDirection,
  first: SortDirection = 'ascending',
): SortDirection {
  if (!isSorted) return first;
  return direction === 'ascending' ? 'descending' : 'ascending';
}
