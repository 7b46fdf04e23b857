/** Text on a grid of terminal cells. */
import measure from 'fast-string-truncated-width';
import { wrapAnsi } from 'fast-wrap-ansi';

const ELLIPSIS = '…';

/** One cell each: nearly all texts. Measuring any other wants patterns of Unicode, which take longer to compile than a table to write. */
const PLAIN = /^[ -~]*$/;

function isPlain(text: string): boolean {
  return PLAIN.test(text);
}

/** The number of terminal cells that a text without control characters takes. */
export function cellWidth(text: string): number {
  return isPlain(text) ? text.length : measure(text).width;
}

/** Cuts to `width` cells, with `…` where something is missing. */
export function fitText(text: string, width: number): string {
  if (isPlain(text) && text.length <= width) return text;
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
