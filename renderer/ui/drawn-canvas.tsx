/** A canvas that is drawn anew, once a frame at most, whenever what it is drawn from has changed. */
import { useEffect, useLayoutEffect, useRef } from 'react';
import { CanvasPainter } from './canvas-painter.ts';
import type { DrawingTheme } from './drawing-theme.ts';

interface DrawnCanvasProps {
  readonly width: number;
  readonly height: number;
  readonly theme: DrawingTheme;
  /** The same function means the same drawing. */
  readonly draw: (painter: CanvasPainter) => void;
  /** Given a function that draws again although nothing of the above changed: something scrolled. */
  readonly redrawRef?: { current: () => void };
  readonly className?: string;
}

export function DrawnCanvas({ width, height, theme, draw, redrawRef, className }: DrawnCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const frame = useRef(0);
  const painter = useRef<{ of: DrawingTheme; painter: CanvasPainter } | null>(null);

  useLayoutEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (element === null || context === null || context === undefined || width <= 0 || height <= 0) return;
    const ratio = window.devicePixelRatio || 1;
    const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (element.width !== w) element.width = w;
    if (element.height !== h) element.height = h;
    if (painter.current?.of !== theme)
      painter.current = { of: theme, painter: new CanvasPainter(context, theme.fonts) };
    const now = painter.current.painter;
    const run = (): void => {
      cancelAnimationFrame(frame.current);
      frame.current = 0;
      now.begin(width, height, ratio);
      draw(now);
    };
    run();
    if (redrawRef !== undefined) {
      redrawRef.current = () => {
        if (frame.current === 0) frame.current = requestAnimationFrame(run);
      };
    }
  }, [width, height, theme, draw, redrawRef]);

  useEffect(
    () => () => {
      cancelAnimationFrame(frame.current);
    },
    [],
  );
  return <canvas ref={canvas} className={className} style={{ width, height }} aria-hidden="true" />;
}
