/** The menu of one column: sort, size, move, hide. */
import * as Ariakit from '@ariakit/react';
import { useState } from 'react';
import type { SortDirection } from '../../shared/contract/methods.ts';
import type { Column } from './column.ts';
import { WIDTH_STEP_PX } from './column-choices.ts';
import { fittingWidth } from './column-edge.tsx';
import type { ColumnsOfList } from './use-columns.ts';

interface OpenedAt<Row, Sort extends string> {
  readonly column: Column<Row, Sort>;
  readonly at: HTMLElement;
}

export interface OpenMenu<Row, Sort extends string> {
  readonly store: Ariakit.MenuStore;
  readonly opened: OpenedAt<Row, Sort> | null;
  readonly open: (column: Column<Row, Sort>, at: EventTarget & Element) => void;
}

export function useColumnMenu<Row, Sort extends string>(): OpenMenu<Row, Sort> {
  const store = Ariakit.useMenuStore({ placement: 'bottom-start' });
  const [opened, setOpened] = useState<OpenedAt<Row, Sort> | null>(null);
  return {
    store,
    opened,
    open: (column, at) => {
      if (!(at instanceof HTMLElement)) return;
      setOpened({ column, at });
      store.setAutoFocusOnShow(true);
      store.show();
    },
  };
}

interface ColumnMenuProps<Row, Sort extends string> {
  readonly menu: OpenMenu<Row, Sort>;
  readonly columns: ColumnsOfList<Row, Sort>;
  readonly onSort: ((column: Column<Row, Sort>, direction: SortDirection) => void) | undefined;
  readonly onMove: (column: Column<Row, Sort>, step: 1 | -1) => void;
}

export function ColumnMenu<Row, Sort extends string>({
  menu: { store, opened },
  columns,
  onSort,
  onMove,
}: ColumnMenuProps<Row, Sort>) {
  if (opened === null) return null;
  const { column, at } = opened;
  const width = columns.widths[columns.shown.indexOf(column)] ?? column.width;
  const button = at.matches('button') ? at : at.querySelector<HTMLElement>('button');
  const item = (title: string, keys: string, run: () => void, stays = false) => (
    <Ariakit.MenuItem className="menu-item menu-keyed" hideOnClick={!stays} onClick={run}>
      <span>{title}</span>
      {keys === '' ? null : <small>{keys}</small>}
    </Ariakit.MenuItem>
  );
  return (
    <Ariakit.Menu
      store={store}
      className="menu column-menu"
      gutter={4}
      portal
      unmountOnHide
      aria-label={`Column ${column.title}`}
      getAnchorRect={() => at.getBoundingClientRect()}
      finalFocus={button}
    >
      {onSort === undefined || column.sort === undefined ? null : (
        <>
          {item('Sort ascending', '', () => {
            onSort(column, 'ascending');
          })}
          {item('Sort descending', '', () => {
            onSort(column, 'descending');
          })}
          <Ariakit.MenuSeparator className="menu-line" />
        </>
      )}
      {item('Fit to content', 'double click on the edge', () => {
        columns.setWidth(column.id, fittingWidth(at, column.id));
      })}
      {item(
        'Wider',
        'Alt →',
        () => {
          columns.setWidth(column.id, width + WIDTH_STEP_PX);
        },
        true,
      )}
      {item(
        'Narrower',
        'Alt ←',
        () => {
          columns.setWidth(column.id, width - WIDTH_STEP_PX);
        },
        true,
      )}
      {item(
        'Move left',
        'Alt Shift ←',
        () => {
          onMove(column, -1);
        },
        true,
      )}
      {item(
        'Move right',
        'Alt Shift →',
        () => {
          onMove(column, 1);
        },
        true,
      )}
      <Ariakit.MenuSeparator className="menu-line" />
      {item('Hide column', '', () => {
        columns.setVisible(column.id, false);
      })}
    </Ariakit.Menu>
  );
}
