/** One row on screen; a grey one until its page is here. */
import { memo } from 'react';
import type { MouseEvent } from 'react';
import type { Column } from './column.ts';

/** How a row was picked: shift reaches to it, ctrl or command adds it to what is selected. */
export type Picked = Pick<MouseEvent, 'shiftKey' | 'ctrlKey' | 'metaKey'>;

interface ListRowProps<Row, Sort extends string> {
  readonly domId: string;
  readonly index: number;
  readonly top: number;
  readonly row: Row | undefined;
  readonly before: Row | undefined;
  readonly sentenceOf: ((row: Row, before: Row | undefined) => string) | undefined;
  readonly columns: readonly Column<Row, Sort>[];
  readonly isSelected: boolean;
  readonly isCursor: boolean;
  readonly tone: string;
  readonly onPick: (index: number, row: Row | undefined, how?: Picked) => void;
  readonly onOpen: (row: Row) => void;
}

function ListRowInner<Row, Sort extends string>(props: ListRowProps<Row, Sort>) {
  const { domId, index, top, row, before, sentenceOf, columns, isSelected, isCursor, tone, onPick, onOpen } =
    props;
  return (
    <div
      id={domId}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      aria-label={row === undefined ? undefined : sentenceOf?.(row, before)}
      data-cursor={isCursor || undefined}
      className={`list-row ${tone}`}
      style={{ transform: `translateY(${top}px)` }}
      onMouseDown={(event) => {
        if (event.button !== 0 || event.target instanceof HTMLButtonElement) return;
        // The focus stays with the list: rows that scroll away would take it with them.
        event.preventDefault();
        event.currentTarget.closest<HTMLElement>('[role="grid"]')?.focus({ preventScroll: true });
        onPick(index, row, event);
      }}
      onDoubleClick={() => {
        if (row !== undefined) onOpen(row);
      }}
    >
      {columns.map((column) => (
        <div
          key={column.id}
          role="gridcell"
          className={`list-cell cell-${column.id} ${column.align === 'end' ? 'align-end' : ''}`}
          title={row === undefined ? undefined : column.hint?.(row)}
        >
          {row === undefined ? <span className="cell-waiting" /> : column.cell(row, before)}
        </div>
      ))}
    </div>
  );
}

export const ListRow = memo(ListRowInner) as typeof ListRowInner;
