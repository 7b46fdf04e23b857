/**
 * Titles of a list. One tab stop: arrow keys go from title to title, Enter sorts, Alt with an arrow key sizes, Alt and Shift
 * move a column, and Alt+Down opens the menu of one. With the pointer: click, drag the edge, drag the title, right click.
 */
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useRef, useState } from 'react';
import type { KeyboardEvent, MouseEvent, PointerEvent, ReactNode } from 'react';
import type { SortDirection } from '../../shared/contract/methods.ts';
import type { Column } from './column.ts';
import { nextDirection } from './column.ts';
import { WIDTH_STEP_PX } from './column-choices.ts';
import { ColumnEdge, fittingWidth } from './column-edge.tsx';
import { ColumnMenu, useColumnMenu } from './column-menu.tsx';
import { ColumnsButton } from './columns-button.tsx';
import { useColumnDrag } from './use-column-drag.ts';
import type { ColumnsOfList } from './use-columns.ts';

export interface Sorting<Sort extends string> {
  readonly sort: Sort;
  readonly direction: SortDirection;
  readonly onSort: (query: { readonly sort: Sort; readonly direction: SortDirection }) => void;
}

interface ListHeaderProps<Row, Sort extends string> {
  readonly columns: ColumnsOfList<Row, Sort>;
  readonly sorting: Sorting<Sort> | undefined;
}

export function ListHeader<Row, Sort extends string>({ columns, sorting }: ListHeaderProps<Row, Sort>) {
  const { shown, widths } = columns;
  const row = useRef<HTMLDivElement>(null);
  const [stop, setStop] = useState(0);
  const menu = useColumnMenu<Row, Sort>();
  const drag = useColumnDrag(row, columns);
  const sortBy = (column: Column<Row, Sort>, direction?: SortDirection): void => {
    const { sort } = column;
    if (sort === undefined || sorting === undefined) return;
    const isSorted = sorting.sort === sort;
    sorting.onSort({
      sort,
      direction: direction ?? nextDirection(isSorted, sorting.direction, column.first),
    });
  };
  const focusTitle = (index: number): void => {
    const at = Math.min(shown.length - 1, Math.max(0, index));
    setStop(at);
    row.current?.querySelectorAll<HTMLElement>('.list-sort')[at]?.focus();
  };
  const onKeyDown = (event: KeyboardEvent, index: number): void => {
    const column = shown[index];
    const step = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    if (event.altKey && event.key === 'ArrowDown') menu.open(column, event.currentTarget);
    else if (step !== 0 && event.altKey && event.shiftKey) {
      moveBy(columns, index, step);
      setStop(Math.min(shown.length - 1, Math.max(0, index + step)));
    } else if (step !== 0 && event.altKey) columns.setWidth(column.id, widths[index] + step * WIDTH_STEP_PX);
    else if (step !== 0 && !event.ctrlKey && !event.metaKey) focusTitle(index + step);
    else if (event.key === 'Home') focusTitle(0);
    else if (event.key === 'End') focusTitle(shown.length - 1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div role="rowgroup" className="list-head">
      <div role="row" aria-rowindex={1} className="list-head-row">
        <div ref={row} role="presentation" className="list-row list-titles">
          {shown.map((column, index) => (
            <TitleCell
              key={column.id}
              column={column}
              direction={sorting?.sort === column.sort ? sorting?.direction : undefined}
              isStop={index === Math.min(stop, shown.length - 1)}
              isSortable={column.sort !== undefined && sorting !== undefined}
              dropped={drag.dropBefore === column.id ? 'before' : drag.dragged === column.id ? 'dragged' : ''}
              onFocus={() => {
                setStop(index);
              }}
              onKeyDown={(event) => {
                onKeyDown(event, index);
              }}
              onDragStart={(event) => {
                drag.start(event, column.id);
              }}
              onSort={(event) => {
                if (drag.wasDragged()) return;
                if (column.sort !== undefined && sorting !== undefined) sortBy(column);
                else menu.open(column, event.currentTarget);
              }}
              onMenu={(event) => {
                event.preventDefault();
                menu.open(column, event.currentTarget);
              }}
            >
              <ColumnEdge
                widthPx={widths[index]}
                onWidth={(px) => {
                  columns.setWidth(column.id, px);
                }}
                onFit={(edge) => {
                  columns.setWidth(column.id, fittingWidth(edge, column.id));
                }}
              />
            </TitleCell>
          ))}
        </div>
        {/* A row holds cells alone; this one is above the end of every row, and no column's title. */}
        <div role="gridcell" className="columns-cell">
          <ColumnsButton columns={columns} />
          <ColumnMenu
            menu={menu}
            columns={columns}
            onSort={sorting === undefined ? undefined : sortBy}
            onMove={(column, step) => {
              moveBy(columns, shown.indexOf(column), step);
            }}
          />
        </div>
      </div>
    </div>
  );
}

/** Moves a column over its shown neighbour. */
function moveBy<Row, Sort extends string>(
  columns: ColumnsOfList<Row, Sort>,
  index: number,
  step: number,
): void {
  const { shown, move } = columns;
  if (index < 0 || index + step < 0 || index + step >= shown.length) return;
  const before = step < 0 ? shown[index - 1] : shown.at(index + 2);
  move(shown[index].id, before?.id ?? null);
}

interface TitleCellProps<Row, Sort extends string> {
  readonly column: Column<Row, Sort>;
  /** Undefined where the list is not sorted by it. */
  readonly direction: SortDirection | undefined;
  readonly isSortable: boolean;
  readonly isStop: boolean;
  readonly dropped: '' | 'before' | 'dragged';
  readonly children: ReactNode;
  readonly onFocus: () => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onDragStart: (event: PointerEvent<HTMLElement>) => void;
  readonly onSort: (event: MouseEvent) => void;
  readonly onMenu: (event: MouseEvent) => void;
}

function TitleCell<Row, Sort extends string>(props: TitleCellProps<Row, Sort>) {
  const { column, direction, isSortable, isStop, dropped, children } = props;
  const { title, about, align, id } = column;
  const sortable = isSortable ? (direction ?? 'none') : undefined;
  return (
    <div
      role="columnheader"
      data-column={id}
      data-drop={dropped === '' ? undefined : dropped}
      className={`list-title ${align === 'end' ? 'align-end' : ''}`}
      aria-sort={sortable}
      onContextMenu={props.onMenu}
    >
      <button
        type="button"
        className="list-sort"
        tabIndex={isStop ? 0 : -1}
        title={about ?? (isSortable ? `Sort by ${title.toLowerCase()}` : title)}
        onFocus={props.onFocus}
        onKeyDown={props.onKeyDown}
        onPointerDown={props.onDragStart}
        onClick={props.onSort}
      >
        <span>{title}</span>
        {direction === undefined || !isSortable ? null : direction === 'ascending' ? (
          <ArrowUp size={11} aria-hidden="true" />
        ) : (
          <ArrowDown size={11} aria-hidden="true" />
        )}
      </button>
      {children}
    </div>
  );
}
