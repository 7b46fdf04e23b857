/** What happened with each connection of the table, in a paragraph, and the commands that lead from there to the proof. */
import { sanitiseText } from '../../shared/format/text.ts';
import type { ResetRow } from '../../shared/model/rows.ts';
import { resetCommands } from '../../shared/texts/commands.ts';
import { wrapText } from './layout.ts';
import type { Report } from './report.ts';
import type { Style } from './style.ts';

const INDENT = '  ';
const READABLE_WIDTH = 110;
const LONGEST_STORY = 2000;

export function storiesText(
  report: Report,
  rows: readonly ResetRow[],
  width: number | undefined,
  style: Style,
): string {
  const room = Math.max(30, Math.min(width ?? READABLE_WIDTH, READABLE_WIDTH) - INDENT.length);
  return rows.map((row) => storyText(report, row, room, style)).join('');
}

function storyText(report: Report, row: ResetRow, room: number, style: Style): string {
  const { verdict } = report.detail(row.id);
  const file = report.files.length > 1 ? `${row.file + 1}:` : '';
  const lines = [
    `\n${style.bold(`Frame ${file}${row.frame}`)}`,
    ...wrapText(sanitiseText(verdict.story, LONGEST_STORY), room).map((line) => INDENT + line),
    // Commands are not wrapped: they are copied as one line.
    ...resetCommands(row, verdict).flatMap(({ where, purpose, command }) => [
      ...wrapText(`On the ${where}: ${purpose}`, room).map((line) => INDENT + style.dim(line)),
      `${INDENT}${INDENT}${command}`,
    ]),
  ];
  return `${lines.join('\n')}\n`;
}
