/** What happened with each connection of the table, in a paragraph, and the commands that lead from there to the proof. */
import { durationText } from '../../shared/format/duration.ts';
import { sanitiseText } from '../../shared/format/text.ts';
import type { ResetRow } from '../../shared/model/rows.ts';
import { resetCommands } from '../../shared/texts/commands.ts';
import type { ResetJourney } from '../../shared/model/join.ts';
import { wrapText } from './layout.ts';
import { listText, nameOfPlace } from './report-path.ts';
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
  const { verdict, journey } = report.detail(row.id);
  const file = report.files.length > 1 ? `${row.file + 1}:` : '';
  const lines = [
    `\n${style.bold(`Frame ${file}${row.frame}`)}`,
    ...wrapText(sanitiseText(verdict.story, LONGEST_STORY), room).map((line) => INDENT + line),
    ...journeyText(report, journey).flatMap((text) => wrapText(text, room).map((line) => INDENT + line)),
    // Commands are not wrapped: they are copied as one line.
    ...resetCommands(row, verdict).flatMap(({ where, purpose, command }) => [
      ...wrapText(`On the ${where}: ${purpose}`, room).map((line) => INDENT + style.dim(line)),
      `${INDENT}${INDENT}${command}`,
    ]),
  ];
  return `${lines.join('\n')}\n`;
}

/** Where it was seen and where not, in its order from the claimed sender on, and what follows. */
function journeyText({ join }: Report, journey: ResetJourney | null): string[] {
  if (join === null || journey === null) return [];
  const name = (file: number): string => nameOfPlace(join, file);
  const [first] = journey.seenAt;
  const seen = journey.seenAt.map(({ vantage, file, frame, timeNs, ttl }, at) => {
    const since = join.sinceStartNs(file, timeNs) - join.sinceStartNs(first.file, first.timeNs);
    const later =
      at === 0
        ? ''
        : `, ${durationText(Math.abs(since))} ${since < 0 ? 'earlier' : 'later'} by the joined clocks`;
    return `${name(vantage)} (frame ${frame}, TTL ${ttl}${later})`;
  });
  const absent = journey.absentAt.map(({ vantage, lossBound, lies, doubt }) => {
    const where = {
      before: ', which lies before that on its way',
      beyond: ', which lies behind that on its way',
      unknown: '',
    }[lies];
    if (doubt !== null)
      return `Not seen at ${name(vantage)}${where}, which proves nothing: ${sanitiseText(doubt, 400)}.`;
    const captured =
      lossBound < 1
        ? `at most ${Number((100 * lossBound).toPrecision(2))} % of what passes there is not captured`
        : 'how much of what passes there is captured is not known';
    return `Not seen at ${name(vantage)}${where}; ${captured}.`;
  });
  const { born, proven } = journey;
  const made =
    born === null
      ? []
      : [`It was made between ${listText(born.between.map(name))}${proven ? ': PROVEN' : ''}.`];
  const alone =
    born === null && proven ? ['PROVEN: loss and clocks leave no other reading of who made it.'] : [];
  return [`Seen at ${listText(seen)}.`, ...absent, ...made, ...alone];
}
