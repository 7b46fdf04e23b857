/**
 * Text for a cell of a spreadsheet. Packets and names of files write part of these cells, and `=HYPERLINK(…)` in a server
 * name must stay a name.
 */
import { sanitiseText } from './text.ts';

/**
 * Spreadsheets take these for the beginning of a formula, in their wide and small forms too, and some pass over blanks and
 * characters that draw nothing in front of it. A control in front is reason enough: a TAB or CR begins a new cell for some.
 */
const FORMULA =
  /^(?:\p{Cc}|[\s\p{Cf}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]*[=+\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212])/u;
/** A cell may have several lines. */
const LINES_OF_CELL = /[\t\n]/u;
const NEGATIVE_NUMBER = /^-\d+(?:\.\d+)?$/u;

/** The text with an apostrophe in front where it could be taken for a formula; controls and what hides are escaped. */
export function cellText(text: string): string {
  const safe = text
    .split(/([\t\n])/u)
    .map((part) => (LINES_OF_CELL.test(part) ? part : sanitiseText(part, Infinity)));
  return (FORMULA.test(text) ? "'" : '') + safe.join('');
}

/** One line of cells as spreadsheets take it out of the clipboard, where a TAB or a new line would part a cell. */
export function tabSeparated(cells: readonly (string | number)[]): string {
  return cells
    .map((cell) => {
      if (typeof cell === 'number' || NEGATIVE_NUMBER.test(cell)) return String(cell);
      return sanitiseText(cellText(cell), Infinity);
    })
    .join('\t');
}
