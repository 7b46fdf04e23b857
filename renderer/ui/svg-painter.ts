/** Draws into SVG, to be kept as a file. Texts come from packets: they are escaped, and never anything but text. */
import type { BoxLook, LineLook, Painter, TextLook } from './painter.ts';

const DIGITS = 2;

export class SvgPainter implements Painter {
  readonly #parts: string[] = [];
  readonly #measure: Painter['measure'];
  readonly #fonts: { readonly sans: string; readonly mono: string };

  /** @param measure widths of the fonts that the drawing is shown in */
  constructor(measure: Painter['measure'], fonts: { readonly sans: string; readonly mono: string }) {
    this.#measure = measure;
    this.#fonts = fonts;
  }

  /** The whole file. */
  file(width: number, height: number, background: string, title: string): string {
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" width="${round(width)}" height="${round(height)}" viewBox="0 0 ${round(width)} ${round(height)}" role="img">`,
      `<title>${escapeXml(title)}</title>`,
      `<rect width="100%" height="100%" fill="${escapeXml(background)}"/>`,
      ...this.#parts,
      '</svg>',
      '',
    ].join('\n');
  }

  line(x0: number, y0: number, x1: number, y1: number, look: LineLook): void {
    this.#parts.push(
      `<line x1="${round(x0)}" y1="${round(y0)}" x2="${round(x1)}" y2="${round(y1)}"${strokeOf(look)}/>`,
    );
  }

  path(points: readonly (readonly [number, number])[], look: LineLook): void {
    let isBroken = true;
    let path = '';
    for (const [x, y] of points) {
      if (Number.isNaN(x) || Number.isNaN(y)) {
        isBroken = true;
        continue;
      }
      path += `${isBroken ? 'M' : 'L'}${round(x)} ${round(y)}`;
      isBroken = false;
    }
    if (path !== '') this.#parts.push(`<path d="${path}" fill="none"${strokeOf(look)}/>`);
  }

  box(x: number, y: number, width: number, height: number, { fill, stroke, radius = 0 }: BoxLook): void {
    const outline = stroke === undefined ? '' : strokeOf({ colour: stroke });
    this.#parts.push(
      `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="${round(radius)}" fill="${escapeXml(fill ?? 'none')}"${outline}/>`,
    );
  }

  polygon(points: readonly (readonly [number, number])[], fill: string): void {
    const list = points.map(([x, y]) => `${round(x)},${round(y)}`).join(' ');
    this.#parts.push(`<polygon points="${list}" fill="${escapeXml(fill)}"/>`);
  }

  disc(x: number, y: number, radius: number, { fill, stroke }: Parameters<Painter['disc']>[3]): void {
    this.#parts.push(
      `<circle cx="${round(x)}" cy="${round(y)}" r="${round(radius)}" fill="${escapeXml(fill ?? 'none')}"${stroke === undefined ? '' : strokeOf(stroke)}/>`,
    );
  }

  text(x: number, y: number, text: string, look: TextLook): void {
    const anchor = look.align === 'right' ? 'end' : look.align === 'center' ? 'middle' : 'start';
    const family = look.mono === true ? this.#fonts.mono : this.#fonts.sans;
    this.#parts.push(
      `<text x="${round(x)}" y="${round(y)}" dominant-baseline="central" text-anchor="${anchor}" font-family="${escapeXml(family)}" font-size="${look.size}"${look.bold === true ? ' font-weight="600"' : ''} fill="${escapeXml(look.colour)}" xml:space="preserve">${escapeXml(text)}</text>`,
    );
  }

  measure(text: string, font: Parameters<Painter['measure']>[1]): number {
    return this.#measure(text, font);
  }
}

function strokeOf({ colour, width = 1, dash }: LineLook): string {
  const dashes = dash === undefined ? '' : ` stroke-dasharray="${dash.map(round).join(' ')}"`;
  return ` stroke="${escapeXml(colour)}" stroke-width="${round(width)}"${dashes}`;
}

function round(value: number): string {
  return String(Number(value.toFixed(DIGITS)));
}

const NAMED: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** XML 1.0 has no way to write most control characters, lone surrogates and two noncharacters: they become U+FFFD. */
export function escapeXml(text: string): string {
  return text.replace(NOT_IN_XML, '\ufffd').replace(/[&<>"']/g, (character) => NAMED[character] ?? '');
}

const NOT_IN_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu;
