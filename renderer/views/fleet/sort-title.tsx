/** A title of a column that sorts by it. */
import { ArrowDown, ArrowUp } from 'lucide-react';
import type { Sorting } from './sorting.ts';

interface SortTitleProps<Column extends string> {
  readonly of: Column;
  readonly title: string;
  readonly sorting: Sorting<Column>;
  readonly onSort: (column: Column) => void;
  readonly isEnd?: boolean;
  readonly className?: string;
  readonly hint?: string;
}

export function SortTitle<Column extends string>(props: SortTitleProps<Column>) {
  const { of, title, sorting, onSort, isEnd = false, className = '', hint } = props;
  const isIt = sorting.column === of;
  return (
    <th
      scope="col"
      className={`${isEnd ? 'align-end' : ''} ${className}`}
      aria-sort={!isIt ? undefined : sorting.isDescending ? 'descending' : 'ascending'}
    >
      <button
        type="button"
        className="fleet-sort"
        title={hint}
        onClick={() => {
          onSort(of);
        }}
      >
        {title}
        {!isIt ? null : sorting.isDescending ? (
          <ArrowDown size={11} aria-hidden="true" />
        ) : (
          <ArrowUp size={11} aria-hidden="true" />
        )}
      </button>
    </th>
  );
}
