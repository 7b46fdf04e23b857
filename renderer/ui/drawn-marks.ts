/** The shapes of the origins, as ui/origin-mark.tsx has them, for what is drawn by code: diamond, disc, broken ring. */
import type { OriginKind } from '../../shared/model/verdict.ts';
import type { DrawingTheme } from './drawing-theme.ts';
import type { Painter } from './painter.ts';

export function originColour(theme: DrawingTheme, kind: OriginKind): string {
  return theme.colour(kind);
}

export function paintOrigin(
  painter: Painter,
  x: number,
  y: number,
  kind: OriginKind,
  radius: number,
  colour: string,
): void {
  switch (kind) {
    case 'middlebox':
      painter.polygon(
        [
          [x, y - radius],
          [x + radius, y],
          [x, y + radius],
          [x - radius, y],
        ],
        colour,
      );
      return;
    case 'endpoint':
      painter.disc(x, y, radius * 0.82, { fill: colour });
      return;
    case 'unknown':
      painter.disc(x, y, radius * 0.78, { stroke: { colour, width: 1.6, dash: [2.4, 2] } });
  }
}
