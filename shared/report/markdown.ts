/** A report as Markdown for tickets. Foreign text stands in it as text: see escape.ts. */
import { countText } from '../format/count.ts';
import type { Report, ReportBytes, ReportCase, ReportTable, ReportTerm } from '../model/report.ts';
import { codeBlock, codeSpan, markdown, markdownInline } from './escape.ts';
import { baseName, frameName, frameNames, pathsToName } from './frame-name.ts';
import { ladderText } from './ladder-text.ts';
import { failureWhereText } from '../texts/failure-where.ts';
import type { Naming } from './words.ts';
import {
  bytesSentence,
  capturedTerms,
  evidenceGroups,
  hexOffset,
  NO_NAMES,
  placeWord,
  TITLES,
} from './words.ts';

const HEX_LINE = 16;

export function reportMarkdown(report: Report, naming: Naming = NO_NAMES): string {
  const paths = report.files.map(({ path }) => path);
  const say: Say = {
    line: (words) => markdown(naming.text(words)),
    inline: (words) => markdownInline(naming.text(words)),
  };
  const isSingle = report.cases.length === 1 && report.facts.length === 0;
  const blocks = [
    `# ${say.inline(report.title)}`,
    markdown(
      `${report.madeBy}, ${report.madeAt}.${report.isAnonymised ? ' Addresses, names and payload were replaced.' : ''}`,
    ),
    say.line(report.what),
    ...nextBlocks(report.next, [], say, '##'),
    ...termBlocks(report.facts, say.inline),
    ...report.tables.flatMap((table) => tableBlocks(table, say)),
    ...report.cases.flatMap((told) => caseBlocks(told, isSingle, paths, say, naming)),
    ...report.moreTables.flatMap((table) => tableBlocks(table, say)),
    ...(report.notes.length === 0
      ? []
      : [
          `## ${TITLES.notes}`,
          ...termBlocks(
            report.notes.map(({ on, text: note }) => ({ term: on, text: note })),
            say.inline,
          ),
        ]),
    `## ${TITLES.captured}`,
    ...report.files.flatMap((file) => [
      `### ${markdownInline(baseName(file.path))}`,
      ...termBlocks(capturedTerms(file), markdownInline),
    ]),
    markdown(report.lost.join(' ')),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

/** Words with the user's names, as they stand at the beginning of a line and within one. */
interface Say {
  readonly line: (words: string) => string;
  readonly inline: (words: string) => string;
}

function caseBlocks(
  told: ReportCase,
  isSingle: boolean,
  paths: readonly string[],
  say: Say,
  naming: Naming,
): string[] {
  const {
    title,
    client,
    server,
    serverName,
    what,
    facts,
    path,
    failure,
    next,
    commands,
    refute,
    limits,
    bytes,
  } = told;
  const level = isSingle ? '##' : '###';
  const ends = `${client} \u2192 ${server}${serverName === '' ? '' : `, ${serverName}`}, frame ${frameName(paths, told)}`;
  const device = path === null ? '' : naming.device(path.deviceKey);
  return [
    ...(isSingle ? [say.line(ends)] : [`## ${say.inline(`${title}, frame ${frameName(paths, told)}`)}`]),
    ...(isSingle ? [] : what.map(say.line)),
    ...(path === null
      ? []
      : [say.line(`${path.label}${device === '' ? '' : ` The device is called ${device}.`}`)]),
    ...(failure === null ? [] : [markdown(failureWhereText(failure.side))]),
    ...nextBlocks([next], commands, say, level),
    ...(isSingle ? what.map(say.line) : []),
    ...termBlocks(facts, say.inline),
    ...(told.packets.length === 0
      ? []
      : [`${level} ${TITLES.ladder}`, markdown(TITLES.ladderAbout), codeBlock(ladderText(told, paths))]),
    ...evidenceBlocks(told, paths, say, level),
    ...(bytes === null ? [] : bytesBlocks(bytes, paths, level)),
    ...listBlocks(TITLES.refute, refute, say.line, level),
    ...listBlocks(TITLES.limits, limits, say.line, level),
  ];
}

function nextBlocks(
  next: readonly string[],
  commands: ReportCase['commands'],
  say: Say,
  level: string,
): string[] {
  const told = next.filter((words) => words !== '');
  if (told.length === 0 && commands.length === 0) return [];
  return [
    `${level} ${TITLES.next}`,
    ...told.map(say.line),
    ...commands.flatMap(({ where, purpose, command }) => [
      markdown(`On the ${placeWord(where)}: ${purpose}`),
      codeBlock(command, 'sh'),
    ]),
  ];
}

function termBlocks(terms: readonly ReportTerm[], text: (words: string) => string): string[] {
  return terms.length === 0
    ? []
    : [terms.map((one) => `- **${markdownInline(one.term)}:** ${text(one.text)}`).join('\n')];
}

function listBlocks(title: string, items: readonly string[], line: Say['line'], level: string): string[] {
  return items.length === 0 ? [] : [`${level} ${title}`, items.map((item) => `- ${line(item)}`).join('\n')];
}

function evidenceBlocks(told: ReportCase, paths: readonly string[], say: Say, level: string): string[] {
  const groups = evidenceGroups(told);
  if (groups.length === 0) return [];
  return [
    `${level} ${TITLES.evidence}`,
    ...groups.map(({ title, pieces, hasWeight }) => {
      const rows = pieces.map(({ weight, text: words, frames }) => {
        const names = frameNames(pathsToName(told, frames, paths), frames);
        return `|${hasWeight ? ` ${markdownInline(weight)} |` : ''} ${say.inline(words)} | ${markdownInline(names)} |`;
      });
      const head = hasWeight
        ? `| Weight | ${title} | Frames |\n| --- | --- | --- |`
        : `| ${title} | Frames |\n| --- | --- |`;
      return [head, ...rows].join('\n');
    }),
  ];
}

function bytesBlocks(bytes: ReportBytes, paths: readonly string[], level: string): string[] {
  const lines: string[] = [];
  for (let from = 0; from < bytes.hex.length; from += HEX_LINE)
    lines.push(`${hexOffset(from)}  ${bytes.hex.slice(from, from + HEX_LINE).join(' ')}`);
  const rows = bytes.fields
    .filter(({ counts }) => counts)
    .map(
      ({ title, value, from, to }) =>
        `| ${markdownInline(title)} | ${markdownInline(value)} | ${codeSpan(bytes.hex.slice(from, to).join(' '))} | ${hexOffset(from)} |`,
    );
  return [
    `${level} ${TITLES.bytes}`,
    markdown(bytesSentence(bytes, frameName(paths, bytes)).replace('is marked', 'is listed below')),
    codeBlock(lines.join('\n')),
    ['| Field | Value | Bytes | At |', '| --- | --- | --- | --- |', ...rows].join('\n'),
  ];
}

function tableBlocks({ title, columns, rows, more }: ReportTable, say: Say): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    `## ${markdownInline(title)}`,
    [line(columns), line(columns.map(() => '---')), ...rows.map((row) => line(row.map(say.inline)))].join(
      '\n',
    ),
    more > 0 ? `${countText(more)} more are not listed here.` : '',
  ];
}
