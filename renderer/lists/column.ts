/** What a list shows of a row. */
import type { ReactNode } from 'react';
import type { SortDirection } from '../../shared/contract/methods.ts';

export interface Column<Row, Sort extends string> {
  readonly id: string;
  readonly title: string;
  /** What the column shows, where the title alone does not say it. */
  readonly about?: string;
  /** CSS grid track. */
  readonly track: string;
  readonly sort?: Sort;
  /** Direction of the first click. */
  readonly first?: SortDirection;
  readonly align?: 'end';
  /** The column is hidden where the list is narrower, px. */
  readonly minWidth?: number;
  readonly cell: (row: Row) => ReactNode;
  /** The whole of what the cell may cut. */
  readonly hint?: (row: Row) => string;
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
