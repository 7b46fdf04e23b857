/**
 * Lines, boxes and words to be drawn, on a canvas or into SVG: a drawing is written once and does not know which. Coordinates are
 * CSS px.
 */
export interface TextLook {
  readonly colour: string;
  readonly size: number;
  readonly bold?: boolean;
  readonly mono?: boolean;
  readonly align?: 'left' | 'center' | 'right';
}

export interface LineLook {
  readonly colour: string;
  readonly width?: number;
  readonly dash?: readonly number[];
}

export interface BoxLook {
  readonly fill?: string;
  readonly stroke?: string;
  readonly radius?: number;
}

export interface Painter {
  line(x0: number, y0: number, x1: number, y1: number, look: LineLook): void;
  /** A line through many points; a point that is NaN breaks it. */
  path(points: readonly (readonly [number, number])[], look: LineLook): void;
  box(x: number, y: number, width: number, height: number, look: BoxLook): void;
  polygon(points: readonly (readonly [number, number])[], fill: string): void;
  disc(
    x: number,
    y: number,
    radius: number,
    look: { readonly fill?: string; readonly stroke?: LineLook },
  ): void;
  /** Its middle stands at y. */
  text(x: number, y: number, text: string, look: TextLook): void;
  measure(text: string, look: Pick<TextLook, 'size' | 'bold' | 'mono'>): number;
}

/** A text as far as it fits, with an ellipsis where it does not; empty where not even that fits. */
export function fitText(painter: Painter, text: string, look: TextLook, room: number): string {
  if (painter.measure(text, look) <= room) return text;
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (painter.measure(`${text.slice(0, middle)}…`, look) <= room) low = middle;
    else high = middle - 1;
  }
  return low === 0 ? '' : `${text.slice(0, low).trimEnd()}…`;
}
