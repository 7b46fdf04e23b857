/** Rows of text as a table of the terminal: columns as wide as they need to be, the last ones cut where the terminal ends. */
import { sanitiseText } from '../../../shared/format/text.ts';
import { cellWidth, fitText, padText } from '../layout.ts';
import type { Style } from '../style.ts';

export interface GridColumn {
  readonly title: string;
  readonly right?: boolean;
}

const GAP = '  ';
const MAX_CELL = 200;

/** @param width of the terminal; undefined where nothing needs to be cut */
export function gridText(
  columns: readonly GridColumn[],
  rows: readonly (readonly string[])[],
  width: number | undefined,
  style: Style,
): string {
  const cells = rows.map((row) => row.map((cell) => sanitiseText(cell, MAX_CELL)));
  const titles = columns.map(({ title }) => sanitiseText(title, MAX_CELL));
  const widths = titles.map((title, i) =>
    cells.reduce((most, row) => Math.max(most, cellWidth(row[i])), cellWidth(title)),
  );
  const line = (row: readonly string[]): string => {
    const text = row
      .map((cell, i) => padText(cell, widths[i], columns[i].right))
      .join(GAP)
      .trimEnd();
    return width === undefined ? text : fitText(text, width);
  };
  return [style.bold(line(titles)), ...cells.map(line)].map((text) => `${text}\n`).join('');
}
