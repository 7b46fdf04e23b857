/** Titles of a list; those that sort are buttons. */
import { ArrowDown, ArrowUp } from 'lucide-react';
import type { SortDirection } from '../../shared/contract/methods.ts';
import type { Column } from './column.ts';
import { nextDirection } from './column.ts';

export interface Sorting<Sort extends string> {
  readonly sort: Sort;
  readonly direction: SortDirection;
  readonly onSort: (query: { readonly sort: Sort; readonly direction: SortDirection }) => void;
}

interface ListHeaderProps<Row, Sort extends string> {
  readonly columns: readonly Column<Row, Sort>[];
  readonly sorting: Sorting<Sort> | undefined;
}

export function ListHeader<Row, Sort extends string>({ columns, sorting }: ListHeaderProps<Row, Sort>) {
  return (
    <div role="rowgroup" className="list-head">
      <div role="row" aria-rowindex={1} className="list-row list-titles">
        {columns.map((column) => (
          <HeaderCell key={column.id} column={column} sorting={sorting} />
        ))}
      </div>
    </div>
  );
}

function HeaderCell<Row, Sort extends string>({
  column,
  sorting,
}: {
  readonly column: Column<Row, Sort>;
  readonly sorting: Sorting<Sort> | undefined;
}) {
  const { sort, title, about, align } = column;
  const isSorted = sort !== undefined && sorting?.sort === sort;
  const className = `list-title ${align === 'end' ? 'align-end' : ''}`;
  if (sort === undefined || sorting === undefined) {
    return (
      <div role="columnheader" className={className} title={about}>
        <span>{title}</span>
      </div>
    );
  }
  return (
    <div role="columnheader" className={className} aria-sort={isSorted ? sorting.direction : 'none'}>
      <button
        type="button"
        className="list-sort"
        title={about ?? `Sort by ${title.toLowerCase()}`}
        onClick={() => {
          sorting.onSort({ sort, direction: nextDirection(isSorted, sorting.direction, column.first) });
        }}
      >
        <span>{title}</span>
        {isSorted ? (
          sorting.direction === 'ascending' ? (
            <ArrowUp size={11} aria-hidden="true" />
          ) : (
            <ArrowDown size={11} aria-hidden="true" />
          )
        ) : null}
      </button>
    </div>
  );
}
