/** The path strip as an SVG that stands alone: who made the reset, and where. Sizes in px of a strip 680 wide. */
import { cutText } from '../format/text.ts';
import type { ReportPath } from '../model/report.ts';
import { stripModel } from '../path-strip/strip-model.ts';
import type { StripModel } from '../path-strip/strip-model.ts';
import { percentText } from '../texts/origin.ts';
import { html } from './escape.ts';

const WIDTH = 680;
const MARGIN = 30;
const LANE = 24;
const LINE = 70;
const NODE = 30;
const FIRST = LINE + 32;
const SECOND = FIRST + 14;
const THIRD = SECOND + 14;
const LONGEST_CAPTION = 40;
/** Half the width of a letter of a caption, about. */
const LETTER = 3.2;

const x = (at: number): number => Math.round((MARGIN + at * (WIDTH - 2 * MARGIN)) * 10) / 10;

export function pathSvg(path: ReportPath, deviceName: string): string {
  const hops = (file: number): number | null =>
    path.points.find((point) => point.file === file)?.hopsToNext ?? null;
  const model = stripModel(path.model, path.claimed, path.kind, path.confidence, hops);
  const parts = [
    reach(model),
    line(model),
    capture(model, path),
    node(0, 'Client', model),
    node(1, 'Server', model),
    path.kind === 'middlebox' ? notFromHere(model, path.claimed) : '',
    ...model.ghosts.map((ghost) => ghostMark(ghost, model)),
    way(model, path),
    device(model, path, deviceName),
  ];
  const drawn = parts.join('');
  return `<svg class="path ${path.kind}" viewBox="0 0 ${WIDTH} ${lowest(drawn) + 8}" role="img" aria-label="${html(path.label)}">${drawn}</svg>`;
}

/** Where the hosts end, or the lowest words below the line: many paths have none. */
function lowest(drawn: string): number {
  const words = Array.from(drawn.matchAll(/<text [^>]*y="(\d+)"/gu), ([, y]) => Number(y));
  return Math.max(LINE + NODE / 2 + 4, ...words);
}

function text(className: string, at: number, y: number, words: string): string {
  const half = words.length * LETTER;
  const clamped = Math.min(WIDTH - half - 2, Math.max(half + 2, at));
  return `<text class="${className}" x="${clamped}" y="${y}">${html(words)}</text>`;
}

function reach({ reach: stretch }: StripModel): string {
  if (stretch === null) return '';
  const [from, to] = stretch.map(x);
  return `<rect class="reach" x="${from}" y="${LINE - 9}" width="${Math.max(0, to - from)}" height="18" rx="9"/>`;
}

function line(model: StripModel): string {
  const segments = model.segments.map(({ from, to, hops }) => {
    const drawn = `<line class="${hops === null ? 'line unknown' : 'line'}" x1="${x(from)}" x2="${x(to)}" y1="${LINE}" y2="${LINE}"/>`;
    return hops === null && x(to) - x(from) > 110 && model.emitter?.isDevice !== true
      ? drawn + text('faint', (x(from) + x(to)) / 2, LINE - 8, 'unknown stretch')
      : drawn;
  });
  const routers = model.routers.map((at) => `<circle class="router" cx="${x(at)}" cy="${LINE}" r="4"/>`);
  const gaps = model.gaps.map(
    ({ at, hidden }) =>
      `<rect class="gap" x="${x(at) - 17}" y="${LINE - 9}" width="34" height="18" rx="9"/>${text('caption', x(at), LINE + 4, `+${hidden}`)}`,
  );
  return [...segments, ...routers, ...gaps].join('');
}

function capture(model: StripModel, { points }: ReportPath): string {
  const sign = (at: number): string =>
    `<line class="capture" x1="${at}" x2="${at}" y1="${LINE - 13}" y2="${LINE + 13}"/>`;
  if (model.capture !== null)
    return (
      sign(x(model.capture)) +
      text('faint', x(model.capture), FIRST + (isHost(model) ? 14 : 0), 'captured here')
    );
  return model.vantages
    .map(({ file, at, sees }) => {
      const name = points.find((point) => point.file === file)?.name ?? `file ${file + 1}`;
      const mark = { seen: 'saw it', absent: 'did not see it', unclear: 'unclear' }[sees];
      return (
        sign(x(at)) + text('caption', x(at), SECOND, name.slice(0, 24)) + text('faint', x(at), THIRD, mark)
      );
    })
    .join('');
}

function isHost({ emitter, capture: at }: StripModel): boolean {
  return emitter !== null && !emitter.isDevice && at !== null && Math.abs(emitter.at - at) < 0.2;
}

function node(end: 0 | 1, name: string, { emitter }: StripModel): string {
  const lit = emitter !== null && !emitter.isDevice && emitter.at === end ? ' lit' : '';
  const at = x(end);
  const half = NODE / 2;
  return `<rect class="node${lit}" x="${at - half}" y="${LINE - half}" width="${NODE}" height="${NODE}" rx="7"/>${text(`inside${lit}`, at, LINE + 5, name.charAt(0))}`;
}

function notFromHere({ claimed }: StripModel, name: string): string {
  const at = x(claimed);
  return `<path class="not" d="M${at - 5} ${LANE + 4}l10 10M${at + 5} ${LANE + 4}l-10 10"/>${text('not-text', at, LANE - 6, `not from the ${name}`)}`;
}

function ghostMark(ghost: StripModel['ghosts'][number], { claimed }: StripModel): string {
  const at = x(ghost.at);
  const sign = claimed === 1 ? -1 : 1;
  const words =
    ghost.share === null ? (ghost.isDevice ? 'a device, or' : 'the host') : `or ${percentText(ghost.share)}`;
  const mark = ghost.isDevice
    ? `<path class="ghost" d="M${at} ${LINE - 10}l10 10l-10 10l-10 -10z"/>`
    : `<rect class="ghost" x="${at - NODE / 2 - 4}" y="${LINE - NODE / 2 - 4}" width="${NODE + 8}" height="${NODE + 8}" rx="11"/>`;
  return mark + text('faint', ghost.isDevice ? at : at + sign * 4, FIRST + (ghost.isDevice ? 0 : 2), words);
}

function way({ emitter, claimed, receiver, ghosts }: StripModel, { kind }: ReportPath): string {
  const end = x(receiver);
  const sign = receiver === 1 ? 1 : -1;
  const open = ghosts.find(({ isDevice }) => isDevice);
  const from = emitter === null ? (x(open?.at ?? claimed) + x(claimed)) / 2 : x(emitter.at);
  const rise = emitter === null ? LINE - 24 : emitter.isDevice ? LINE - 12 : LINE - NODE / 2 - 4;
  const bend = Math.min(22, Math.abs(end - from) / 2);
  const drawn = `M${from} ${rise}V${LANE + bend}Q${from} ${LANE} ${from + sign * bend} ${LANE}H${end - sign * bend}Q${end} ${LANE} ${end} ${LANE + bend}V${LINE - NODE / 2 - 10}`;
  const middle = (from + end) / 2;
  return (
    `<path class="way${kind === 'unknown' ? ' open' : ''}" d="${drawn}"/>` +
    (emitter === null ? text('question', from, LINE - 12, '?') : '') +
    `<path class="head" d="M${end} ${LINE - NODE / 2 - 5}l-5 -8h10z"/>` +
    `<rect class="flag" x="${middle - 17}" y="${LANE - 9}" width="34" height="18" rx="5"/>${text('flag-text', middle, LANE + 4, 'RST')}`
  );
}

function device(
  { emitter, capture: captured, vantages, ghosts }: StripModel,
  { maker, where }: ReportPath,
  name: string,
): string {
  if (emitter === null) return '';
  const at = x(emitter.at);
  const title = cutText(name === '' ? maker : name, LONGEST_CAPTION);
  const signs = [...(captured === null ? [] : [captured]), ...vantages.map((one) => one.at)].map(x);
  const isClear = signs.every(
    (sign) => Math.abs(sign - at) > 50 + Math.max(title.length, where.length) * LETTER,
  );
  if (!emitter.isDevice)
    return title === '' ? '' : text('caption', at, ghosts.length > 0 ? SECOND : FIRST, title);
  const mark = `<path class="device${emitter.isPlaced ? '' : ' adrift'}" d="M${at} ${LINE - 13}l13 13l-13 13l-13 -13z"/>`;
  const first = isClear ? FIRST : vantages.length > 0 ? FIRST : SECOND;
  // Under several capture points there is room above their names only.
  const told =
    vantages.length > 0 && !isClear
      ? text('caption', at, first, title)
      : text('caption', at, first, title) + text('faint', at, first + 14, where);
  return mark + (emitter.isPlaced ? '' : text('question', at, LINE + 4, '?')) + told;
}
