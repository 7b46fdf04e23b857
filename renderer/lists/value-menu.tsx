/**
 * What can be done with the values of a row: filter for one, exclude it, name it, copy it. A right click opens it at the value under
 * the pointer; Shift+F10 or the menu key at the row under the cursor, where the values are chosen first. A plain click stays what it
 * is, the choice of a row.
 */
import * as Ariakit from '@ariakit/react';
import { useState } from 'react';
import type { KeyboardEvent, MouseEvent } from 'react';
import { FieldValueActions } from '../filter/field-value.tsx';
import type { CellValue, Column } from './column.ts';

interface Opened {
  /** Empty for no menu. */
  readonly values: readonly CellValue[];
  /** The value that it is about; null while it is chosen. */
  readonly chosen: CellValue | null;
  readonly at: { readonly x: number; readonly y: number };
}

const CLOSED: Opened = { values: [], chosen: null, at: { x: 0, y: 0 } };

export interface OpenValueMenu<Row> {
  readonly store: Ariakit.MenuStore;
  readonly opened: Opened;
  readonly choose: (value: CellValue) => void;
  readonly onContextMenu: (event: MouseEvent) => void;
  /** @returns whether the key opened the menu */
  readonly onKey: (event: KeyboardEvent, row: Row | undefined, domId: string) => boolean;
}

/** @param rowAt the row whose element has that id; undefined where it has none yet */
export function useValueMenu<Row, Sort extends string>(
  columns: readonly Column<Row, Sort>[],
  rowAt: (index: number) => Row | undefined,
): OpenValueMenu<Row> {
  const store = Ariakit.useMenuStore({ placement: 'bottom-start' });
  const [opened, setOpened] = useState(CLOSED);
  const show = (values: readonly CellValue[], at: Opened['at']): void => {
    setOpened({ values, chosen: values.length === 1 ? values[0] : null, at });
    store.setAutoFocusOnShow(true);
    store.show();
  };
  return {
    store,
    opened,
    choose: (chosen) => {
      setOpened((now) => ({ ...now, chosen }));
    },
    onContextMenu: (event) => {
      if (!(event.target instanceof Element)) return;
      const cell = event.target.closest<HTMLElement>('[role="gridcell"]');
      const line = cell?.closest<HTMLElement>('[role="row"]');
      if (cell === null || line === null || line === undefined) return;
      const row = rowAt(Number(line.getAttribute('aria-rowindex')) - 2);
      const column = columns.at(Array.from(line.children).indexOf(cell));
      const values = row === undefined ? [] : (column?.values?.(row) ?? []);
      if (values.length === 0) return;
      event.preventDefault();
      show(values, { x: event.clientX, y: event.clientY });
    },
    onKey: (event, row, domId) => {
      if (event.key !== 'ContextMenu' && !(event.key === 'F10' && event.shiftKey)) return false;
      if (row === undefined) return false;
      const values = columns.flatMap((column) => column.values?.(row) ?? []);
      if (values.length === 0) return false;
      const box = document.getElementById(domId)?.getBoundingClientRect();
      show(values, { x: (box?.left ?? 0) + 24, y: box?.bottom ?? 0 });
      return true;
    },
  };
}

export function ValueMenu<Row>({ menu }: { readonly menu: OpenValueMenu<Row> }) {
  const { store, opened, choose } = menu;
  const { values, chosen, at } = opened;
  if (values.length === 0) return null;
  return (
    <Ariakit.Menu
      store={store}
      className="popover menu field-value-menu"
      gutter={2}
      portal
      unmountOnHide
      aria-label={chosen === null ? 'Values of the row' : `What to do with ${chosen.value}`}
      getAnchorRect={() => ({ x: at.x, y: at.y, width: 0, height: 0 })}
    >
      {chosen === null ? (
        values.map((value) => (
          <Ariakit.MenuItem
            key={`${value.field} ${value.value}`}
            className="menu-item menu-keyed"
            hideOnClick={false}
            onClick={() => {
              choose(value);
              store.setActiveId(undefined);
            }}
          >
            <span>{value.text ?? value.value}</span>
            <small>{value.title}</small>
          </Ariakit.MenuItem>
        ))
      ) : (
        <FieldValueActions field={chosen.field} value={chosen.value} />
      )}
    </Ariakit.Menu>
  );
}
