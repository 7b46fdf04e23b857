/** Text on a grid of terminal cells. */
import measure from 'fast-string-truncated-width';
import { wrapAnsi } from 'fast-wrap-ansi';

const ELLIPSIS = '…';

/** The number of terminal cells that a text without control characters takes. */
export function cellWidth(text: string): number {
  return measure(text).width;
}

/** Cuts to `width` cells, with `…` where something is missing. */
export function fitText(text: string, width: number): string {
  const { index, ellipsed } = measure(text, { limit: width, ellipsis: ELLIPSIS });
  return text.slice(0, index) + (ellipsed ? ELLIPSIS : '');
}

export function padText(text: string, width: number, right = false): string {
  const padding = ' '.repeat(Math.max(0, width - cellWidth(text)));
  return right ? padding + text : text + padding;
}

/** Breaks between words so that no line is wider; a longer word gets a line of its own. */
export function wrapText(text: string, width: number): string[] {
  const words = text.trim().replace(/\s+/gu, ' ');
  return words === '' ? [] : wrapAnsi(words, width).split('\n');
}
