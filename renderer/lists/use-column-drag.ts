/** Moves a column by dragging its title. */
import { useRef, useState } from 'react';
import type { PointerEvent, RefObject } from 'react';
import type { ColumnsOfList } from './use-columns.ts';

/** A press that moves less is a click. */
const THRESHOLD_PX = 6;

export interface ColumnDrag {
  readonly dragged: string | null;
  /** The column before which the dragged one would come; null for none, and for the end. */
  readonly dropBefore: string | null;
  readonly start: (event: PointerEvent<HTMLElement>, id: string) => void;
  /** Whether the press that just ended moved a column, and is no click. */
  readonly wasDragged: () => boolean;
}

/** @param row the row of titles */
export function useColumnDrag<Row, Sort extends string>(
  row: RefObject<HTMLElement | null>,
  { move }: Pick<ColumnsOfList<Row, Sort>, 'move'>,
): ColumnDrag {
  const [state, setState] = useState<{ readonly id: string; readonly before: string | null } | null>(null);
  const isDrag = useRef(false);
  const start = (event: PointerEvent<HTMLElement>, id: string): void => {
    isDrag.current = false;
    if (event.button !== 0 || event.pointerType === 'touch') return;
    const target = event.currentTarget;
    const { pointerId, clientX } = event;
    let before: string | null = null;
    const onMove = (moved: globalThis.PointerEvent): void => {
      if (!isDrag.current && Math.abs(moved.clientX - clientX) < THRESHOLD_PX) return;
      if (!isDrag.current) target.setPointerCapture(pointerId);
      isDrag.current = true;
      before = titleAt(row.current, moved.clientX);
      setState({ id, before });
    };
    const onEnd = (ended: globalThis.PointerEvent): void => {
      target.removeEventListener('pointermove', onMove);
      target.removeEventListener('pointerup', onEnd);
      target.removeEventListener('pointercancel', onEnd);
      setState(null);
      if (isDrag.current && ended.type === 'pointerup' && before !== id) move(id, before);
    };
    target.addEventListener('pointermove', onMove);
    target.addEventListener('pointerup', onEnd);
    target.addEventListener('pointercancel', onEnd);
  };
  return {
    dragged: state?.id ?? null,
    dropBefore: state?.before ?? null,
    start,
    wasDragged: () => isDrag.current,
  };
}

/** The first title whose middle is right of the pointer; null behind the last. */
function titleAt(row: HTMLElement | null, x: number): string | null {
  for (const title of row?.querySelectorAll<HTMLElement>('[data-column]') ?? []) {
    const { left, width } = title.getBoundingClientRect();
    if (x < left + width / 2) return title.dataset.column ?? null;
  }
  return null;
}
