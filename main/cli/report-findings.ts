/** What the table of resets begins and ends with: the findings, and the ICMP errors beside the resets. */
import { countText, plural } from '../../shared/format/count.ts';
import { sanitiseText } from '../../shared/format/text.ts';
import type { FlowId } from '../../shared/base/units.ts';
import type { Finding } from '../../shared/model/finding.ts';
import { wrapText } from './layout.ts';
import type { Report } from './report.ts';
import type { Style } from './style.ts';

/** Findings told unless all are asked for. */
const TOLD = 10;
/** Kinds of ICMP errors told. */
const ICMP_TOLD = 3;
const INDENT = '    ';
/** Sentences are wrapped here even where the terminal is wider or unknown. */
const READABLE_WIDTH = 110;

export function findingsText(report: Report, width: number | undefined, style: Style): string {
  const { list, noise, total } = report.findings;
  if (list.length === 0) return '';
  const consequential = list.filter((finding) => !finding.noise);
  // Where nothing matters the noise is all there is to tell.
  const folds = !report.isWhole && consequential.length > 0;
  const shown = (folds ? consequential : list).slice(0, report.isWhole ? list.length : TOLD);
  // Other commands take a finding by this number (--finding N).
  const lines = shown.map((finding) => findingText(finding, list.indexOf(finding) + 1, report, width, style));
  const untold = total - shown.length - (folds ? noise.findings : 0);
  if (untold > 0) lines.push(`…and ${plural(untold, 'more finding')}${report.isWhole ? '' : ': --all'}\n`);
  if (folds && noise.findings > 0) {
    lines.push(
      `…and ${plural(noise.resets, 'harmless reset')} in ${plural(noise.findings, 'group')}: --all\n`,
    );
  }
  return `${lines.join('')}\n`;
}

/** A mark besides the colour, as in the table: colour alone is lost on some people and all pipes. */
function findingText(
  finding: Finding,
  number: number,
  report: Report,
  width: number | undefined,
  style: Style,
): string {
  const room = Math.max(30, Math.min(width ?? READABLE_WIDTH, READABLE_WIDTH) - INDENT.length);
  const mark = finding.noise ? style.dim('  · ') : style.red('  ! ');
  const sentence = wrapText(`${number}. ${sanitiseText(finding.sentence, 600)}`, room);
  const [example] = finding.examples;
  const { payloadText } = report.detail(example);
  const rest: string[] = [];
  if (payloadText !== null) rest.push(...wrapText(`It says: “${sanitiseText(payloadText, 200)}”`, room));
  // Nothing is to be done about noise.
  if (!finding.noise) rest.push(...wrapText(`Next: ${sanitiseText(finding.next, 600)}`, room));
  return [
    ...sentence.map((line, i) => `${i === 0 ? mark : INDENT}${line}\n`),
    ...rest.map((line) => `${INDENT}${style.dim(line)}\n`),
  ].join('');
}

/** What failed without a reset, like failures together; noise is folded as that of resets is. */
export function failuresText(report: Report, width: number | undefined, style: Style): string {
  const { groups, moreGroups, failures } = report.endings;
  if (groups.length === 0) return '';
  const room = Math.max(30, Math.min(width ?? READABLE_WIDTH, READABLE_WIDTH) - INDENT.length);
  const consequential = groups.filter(({ matters }) => matters > 0);
  const folds = !report.isWhole && consequential.length > 0;
  const shown = (folds ? consequential : groups).slice(0, report.isWhole ? groups.length : TOLD);
  const lines = shown.flatMap(({ matters, sentence, next, examples: [id] }) => {
    const mark = matters > 0 ? style.red('  ! ') : style.dim('  · ');
    const example = report.failureRow(id as FlowId);
    const where = example === undefined ? '' : ` (frame ${example.frame})`;
    return [
      ...wrapText(sanitiseText(sentence + where, 600), room).map(
        (line, i) => `${i === 0 ? mark : INDENT}${line}\n`,
      ),
      ...wrapText(`Next: ${sanitiseText(next, 800)}`, room).map((line) => `${INDENT}${style.dim(line)}\n`),
    ];
  });
  const untold = groups.length - shown.length + moreGroups;
  const rest = untold > 0 ? `…and ${plural(untold, 'more group')} of failures: --all\n` : '';
  return `${style.bold('Failed without a reset')} (${countText(failures)})\n${lines.join('')}${rest}\n`;
}

export function icmpText(report: Report, width: number | undefined): string {
  const { total, groups, moreGroups } = report.icmp;
  if (total === 0) return '';
  const room = Math.max(30, Math.min(width ?? READABLE_WIDTH, READABLE_WIDTH) - INDENT.length);
  const told = groups.slice(0, ICMP_TOLD).flatMap(({ example, count }) => {
    const times = count === 1 ? '' : `${countText(count)} × `;
    const text = `${times}frame ${example.frame}, ${example.protocol.toUpperCase()} ${example.client} → ${example.server}: ${example.meaning}`;
    return wrapText(text, room).map((line, i) => `${i === 0 ? '  ○ ' : INDENT}${line}\n`);
  });
  const more = groups.length + moreGroups - ICMP_TOLD;
  const rest = more > 0 ? `…and ${plural(more, 'more kind')}: --json lists them all\n` : '';
  return `\n${plural(total, 'ICMP error')} refused datagrams or connections\n${told.join('')}${rest}`;
}
