/** Client and server, and where between them it failed, as an SVG that stands alone. Sizes in px. */
import type { ReportFailure } from '../model/report.ts';
import { failureWhereText } from '../texts/failure-where.ts';
import { html } from './escape.ts';

const WIDTH = 680;
const HEIGHT = 44;
const LINE = 22;
const CLIENT = 30;
const SERVER = WIDTH - CLIENT;
const HALF = 15;
/** Where the line is broken: close to the end whose doing it was. */
const BREAKS: Readonly<Record<'client' | 'server' | 'path' | 'unknown', number>> = {
  client: CLIENT + 70,
  server: SERVER - 70,
  path: WIDTH / 2,
  unknown: WIDTH / 2,
};

export function failureSvg({ side }: ReportFailure): string {
  const at = BREAKS[side ?? 'unknown'];
  const line = side === null ? 'line unknown' : 'line';
  const sign =
    side === null
      ? `<text class="question" x="${at}" y="${LINE + 5}">?</text>`
      : `<path class="not" d="M${at - 7} ${LINE - 7}l14 14M${at + 7} ${LINE - 7}l-14 14"/>`;
  return (
    `<svg class="path ${side === null ? 'unknown' : 'middlebox'}" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${html(failureWhereText(side))}">` +
    `<line class="${line}" x1="${CLIENT}" x2="${at - 14}" y1="${LINE}" y2="${LINE}"/>` +
    `<line class="${line}" x1="${at + 14}" x2="${SERVER}" y1="${LINE}" y2="${LINE}"/>` +
    `${end('C', CLIENT, side === 'client')}${end('S', SERVER, side === 'server')}${sign}</svg>`
  );
}

function end(letter: string, at: number, isLit: boolean): string {
  const lit = isLit ? ' lit' : '';
  return (
    `<rect class="node${lit}" x="${at - HALF}" y="${LINE - HALF}" width="${2 * HALF}" height="${2 * HALF}" rx="7"/>` +
    `<text class="inside${lit}" x="${at}" y="${LINE + 5}">${letter}</text>`
  );
}
