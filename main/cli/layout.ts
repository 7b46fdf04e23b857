/** Text on a grid of terminal cells. */
import measure from 'fast-string-truncated-width';
import { wrapAnsi } from 'fast-wrap-ansi';

const ELLIPSIS = '…';

/** One cell each: nearly all texts, with the signs that ours have. Measuring any other wants patterns of Unicode, which take longer to compile than a table to write. */
const PLAIN = /^[ -~\u2013\u2014\u2018-\u201d\u2026]*$/;

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
  if (words === '') return [];
  return (isPlain(words) ? wrapPlain(words, width) : undefined) ?? wrapAnsi(words, width).split('\n');
}

/** @returns undefined where a word is wider than a line */
function wrapPlain(text: string, width: number): string[] | undefined {
  const lines: string[] = [];
  let from = 0;
  while (text.length - from > width) {
    const end = text.lastIndexOf(' ', from + width);
    if (end <= from) return undefined;
    lines.push(text.slice(from, end));
    from = end + 1;
  }
  lines.push(text.slice(from));
  return lines;
}
