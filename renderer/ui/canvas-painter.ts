/** Draws on a canvas. Widths of texts are remembered: the same few stand in every frame. */
import type { BoxLook, LineLook, Painter, TextLook } from './painter.ts';

const MOST_WIDTHS = 4000;
type Font = Pick<TextLook, 'size' | 'bold' | 'mono'>;

export class CanvasPainter implements Painter {
  readonly #context: CanvasRenderingContext2D;
  readonly #fonts: { readonly sans: string; readonly mono: string };
  readonly #widths = new Map<string, number>();
  #font = '';

  constructor(context: CanvasRenderingContext2D, fonts: { readonly sans: string; readonly mono: string }) {
    this.#context = context;
    this.#fonts = fonts;
  }

  /** Begins a frame: everything is wiped, and a CSS px is as many device px as said. */
  begin(width: number, height: number, ratio: number): void {
    this.#font = '';
    this.#context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.#context.clearRect(0, 0, width, height);
  }

  line(x0: number, y0: number, x1: number, y1: number, look: LineLook): void {
    this.path(
      [
        [x0, y0],
        [x1, y1],
      ],
      look,
    );
  }

  path(points: readonly (readonly [number, number])[], { colour, width = 1, dash }: LineLook): void {
    const context = this.#context;
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.setLineDash(dash === undefined ? [] : [...dash]);
    context.beginPath();
    let isBroken = true;
    for (const [x, y] of points) {
      if (Number.isNaN(x) || Number.isNaN(y)) isBroken = true;
      else if (isBroken) {
        context.moveTo(x, y);
        isBroken = false;
      } else context.lineTo(x, y);
    }
    context.stroke();
  }

  box(x: number, y: number, width: number, height: number, { fill, stroke, radius = 0 }: BoxLook): void {
    const context = this.#context;
    context.beginPath();
    if (radius === 0) context.rect(x, y, width, height);
    else context.roundRect(x, y, width, height, radius);
    if (fill !== undefined) {
      context.fillStyle = fill;
      context.fill();
    }
    if (stroke === undefined) return;
    context.setLineDash([]);
    context.lineWidth = 1;
    context.strokeStyle = stroke;
    context.stroke();
  }

  polygon(points: readonly (readonly [number, number])[], fill: string): void {
    const context = this.#context;
    context.fillStyle = fill;
    context.beginPath();
    points.forEach(([x, y], index) => {
      if (index === 0) context.moveTo(x, y);
      else context.lineTo(x, y);
    });
    context.closePath();
    context.fill();
  }

  disc(x: number, y: number, radius: number, { fill, stroke }: Parameters<Painter['disc']>[3]): void {
    const context = this.#context;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    if (fill !== undefined) {
      context.fillStyle = fill;
      context.fill();
    }
    if (stroke === undefined) return;
    context.setLineDash([...(stroke.dash ?? [])]);
    context.lineWidth = stroke.width ?? 1;
    context.strokeStyle = stroke.colour;
    context.stroke();
  }

  text(x: number, y: number, text: string, look: TextLook): void {
    const context = this.#context;
    this.#use(look);
    context.fillStyle = look.colour;
    context.textAlign = look.align ?? 'left';
    context.textBaseline = 'middle';
    context.fillText(text, x, y + 0.5);
  }

  measure(text: string, font: Font): number {
    const css = this.#css(font);
    const key = `${css}|${text}`;
    let width = this.#widths.get(key);
    if (width === undefined) {
      this.#use(font);
      width = this.#context.measureText(text).width;
      if (this.#widths.size >= MOST_WIDTHS) this.#widths.clear();
      this.#widths.set(key, width);
    }
    return width;
  }

  #css({ size, bold = false, mono = false }: Font): string {
    return `${bold ? '600 ' : ''}${size}px ${mono ? this.#fonts.mono : this.#fonts.sans}`;
  }

  #use(font: Font): void {
    const css = this.#css(font);
    if (css === this.#font) return;
    this.#font = css;
    this.#context.font = css;
  }
}
