/** The right edge of a title: dragging it sizes the column, a double click fits it to what is on screen. */
import { useRef } from 'react';
import type { PointerEvent } from 'react';
import { NARROWEST_PX } from './column-choices.ts';

/** Room beside what is measured, so that nothing touches its neighbour. */
const SPARE_PX = 6;

interface ColumnEdgeProps {
  readonly widthPx: number;
  readonly onWidth: (px: number) => void;
  readonly onFit: (edge: HTMLElement) => void;
}

export function ColumnEdge({ widthPx, onWidth, onFit }: ColumnEdgeProps) {
  const from = useRef<{ readonly x: number; readonly width: number } | null>(null);
  const end = (): void => {
    from.current = null;
  };
  return (
    <span
      // The keyboard sizes a column from its title.
      aria-hidden="true"
      className="column-edge"
      onPointerDown={(event: PointerEvent<HTMLElement>) => {
        if (event.button !== 0) return;
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
        from.current = { x: event.clientX, width: widthPx };
      }}
      onPointerMove={(event) => {
        if (from.current !== null) onWidth(from.current.width + event.clientX - from.current.x);
      }}
      onPointerUp={end}
      onPointerCancel={end}
      onDoubleClick={(event) => {
        onFit(event.currentTarget);
      }}
    />
  );
}

/** The width that shows all that is on screen of a column, its title too. */
export function fittingWidth(inside: HTMLElement, id: string): number {
  const grid = inside.closest<HTMLElement>('[role="grid"]');
  if (grid === null) return NARROWEST_PX;
  const cells = grid.querySelectorAll<HTMLElement>(`[data-column="${id}"] .list-sort, .cell-${id}`);
  const scale = document.createElement('div');
  scale.className = 'column-scale';
  // Copies are measured at their full width: the cells themselves cut what does not fit.
  for (const cell of cells) scale.append(cell.cloneNode(true));
  grid.append(scale);
  const width = scale.getBoundingClientRect().width;
  scale.remove();
  return Math.ceil(width) + SPARE_PX;
}
