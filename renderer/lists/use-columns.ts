/** The columns of one list as the user has them, and what the user can do with them. */
import { useCallback, useMemo, useState } from 'react';
import { keep, readKept } from '../core/kept.ts';
import type { Column } from './column.ts';
import {
  NO_CHOICES,
  chosenColumns,
  orderedColumns,
  readChoices,
  withOrder,
  withVisible,
  withWidth,
} from './column-choices.ts';
import type { ColumnChoices } from './column-choices.ts';
import { layColumns } from './column-layout.ts';
import type { ColumnLayout } from './column-layout.ts';

export interface ColumnsOfList<Row, Sort extends string> extends ColumnLayout<Column<Row, Sort>> {
  /** All there are, in the user's order. */
  readonly all: readonly Column<Row, Sort>[];
  readonly choices: ColumnChoices;
  readonly isChosen: (id: string) => boolean;
  readonly setVisible: (id: string, isVisible: boolean) => void;
  readonly setWidth: (id: string, px: number) => void;
  /** @param before null for the end */
  readonly move: (id: string, before: string | null) => void;
  readonly setWide: (isWide: boolean) => void;
  readonly reset: () => void;
}

/** @param list names the list, under which the choices are kept */
export function useColumns<Row, Sort extends string>(
  list: string,
  columns: readonly Column<Row, Sort>[],
  listPx: number,
): ColumnsOfList<Row, Sort> {
  const name = `columns.${list}`;
  const [choices, setChoices] = useState(() => readChoices(readKept(name)));
  const change = useCallback(
    (make: (choices: ColumnChoices) => ColumnChoices) => {
      setChoices((before) => {
        const next = make(before);
        keep(name, JSON.stringify(next));
        return next;
      });
    },
    [name],
  );
  return useMemo(() => {
    const all = orderedColumns(columns, choices);
    const chosen = chosenColumns(columns, choices);
    return {
      ...layColumns(chosen, choices, listPx),
      all,
      choices,
      isChosen: (id) => chosen.some((column) => column.id === id),
      setVisible: (id, isVisible) => {
        change((now) => withVisible(now, id, isVisible));
      },
      setWidth: (id, px) => {
        change((now) => withWidth(now, id, px));
      },
      move: (id, before) => {
        const ids = all.map((column) => column.id);
        change((now) => withOrder(now, ids, id, before));
      },
      setWide: (isWide) => {
        change((now) => ({ ...now, isWide }));
      },
      reset: () => {
        change(() => NO_CHOICES);
      },
    };
  }, [columns, choices, listPx, change]);
}
