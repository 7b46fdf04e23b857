/** Rows of packets as text: the columns of the list, separated by tabs or as CSV (RFC 4180). */
import { cellText, tabSeparated } from '../../shared/format/spreadsheet.ts';
import type { PacketRow } from '../../shared/model/rows.ts';
import type { PacketColumn } from './packet-columns.tsx';

export type RowFormat = 'text' | 'csv';

export function rowsAsText(
  rows: readonly PacketRow[],
  columns: readonly PacketColumn[],
  format: RowFormat,
): string {
  const told = columns.flatMap(({ title, text }) => (text === undefined ? [] : [{ title, text }]));
  const line = format === 'csv' ? csvLine : tabSeparated;
  return [
    line(told.map(({ title }) => title)),
    ...rows.map((row, i) => line(told.map(({ text }) => text(row, i === 0 ? undefined : rows[i - 1])))),
  ].join(format === 'csv' ? '\r\n' : '\n');
}

function csvLine(cells: readonly string[]): string {
  return cells.map((cell) => `"${cellText(cell).replaceAll('"', '""')}"`).join(',');
}
