/** The packets as a ladder between the lifelines of client and server, in SVG. Sizes in px. */
import { durationText } from '../format/duration.ts';
import { cutText } from '../format/text.ts';
import type { ReportCase, ReportPacket } from '../model/report.ts';
import { html } from './escape.ts';
import { frameName, pathsToName } from './frame-name.ts';

const WIDTH = 680;
const ROW = 20;
const HEAD = 26;
/** Where the columns end or begin: frame and time to the left of the lifelines, remarks to the right. */
const FRAME = 62;
const TIME = 138;
const CLIENT = 178;
const SERVER = 500;
const NOTES = 512;
const LONGEST_NOTE = 30;
const LONGEST_FRAME = 11;
/** Rows of one drawing: paper is broken between drawings only. */
const PART = 6;

/** Drawings that stand one below the other without a gap, so that a page may end between them. */
export function ladderSvgs(told: ReportCase, paths: readonly string[]): string[] {
  const named = pathsToName(told, told.packets, paths);
  const rows = told.packets.flatMap((packet) => [
    ...(packet.isAfterGap ? [skip] : []),
    (top: number) => rung(packet, top, told, named),
  ]);
  const parts: string[] = [];
  for (let from = 0; from < rows.length; from += PART) {
    const count = Math.min(PART, rows.length - from);
    const isLast = from + count === rows.length;
    const top = from === 0 ? 0 : HEAD + from * ROW;
    const bottom = HEAD + (from + count) * ROW;
    // They reach a little into the next drawing, since edges between pixels would show; upwards they would reach into another page.
    const lifelines = [CLIENT, SERVER].map(
      (at) =>
        `<line class="life" x1="${at}" x2="${at}" y1="${from === 0 ? HEAD - 4 : top}" y2="${bottom + (isLast ? 4 : 1)}"/>`,
    );
    const rungs = rows.slice(from, from + count).map((row, index) => row(HEAD + (from + index) * ROW));
    const height = bottom - top + (isLast ? 8 : 0);
    parts.push(
      `<svg class="ladder" viewBox="0 ${top} ${WIDTH} ${height}">${from === 0 ? HEADS : ''}${lifelines.join('')}${rungs.join('')}</svg>`,
    );
  }
  return parts;
}

const HEADS =
  `<text class="head-text end" x="${FRAME}" y="14">Frame</text><text class="head-text end" x="${TIME}" y="14">Time</text>` +
  `<text class="head-text mid" x="${CLIENT}" y="14">Client</text><text class="head-text mid" x="${SERVER}" y="14">Server</text>`;

function skip(top: number): string {
  return `<text class="skip" x="${(CLIENT + SERVER) / 2}" y="${top + 14}">others, left out</text>`;
}

function rung(packet: ReportPacket, top: number, told: ReportCase, paths: readonly string[]): string {
  const { file, frame, sinceNs, from, text, notes, isReset, isEvidence } = packet;
  const isSubject = file === told.file && frame === told.frame;
  const y = top + 14;
  const [start, end] = from === 'client' ? [CLIENT, SERVER] : [SERVER, CLIENT];
  const sign = end > start ? 1 : -1;
  const name = isReset ? 'rung reset' : 'rung';
  const back = isSubject
    ? `<rect class="subject" x="0" y="${top}" width="${WIDTH}" height="${ROW}" rx="3"/>`
    : '';
  const label = frameName(paths, { file, frame });
  // The number is what is looked up: of a long name the beginning goes.
  const shown = label.length > LONGEST_FRAME ? `...${label.slice(3 - LONGEST_FRAME)}` : label;
  const mark = isEvidence && !isSubject ? `<circle class="evidence" cx="8" cy="${y - 4}" r="3"/>` : '';
  return (
    back +
    mark +
    `<text class="frame end" x="${FRAME}" y="${y}">${html(shown)}</text>` +
    `<text class="time end" x="${TIME}" y="${y}">${html(isSubject ? '0' : since(sinceNs))}</text>` +
    `<line class="${name}" x1="${start}" x2="${end - sign * 7}" y1="${y + 1}" y2="${y + 1}"/>` +
    `<path class="${name} tip" d="M${end} ${y + 1}l${-sign * 8} -4v8z"/>` +
    `<text class="${isReset ? 'what reset-text' : 'what'}" x="${(CLIENT + SERVER) / 2}" y="${y - 3}">${html(cutText(text, 52))}</text>` +
    `<text class="note" x="${NOTES}" y="${y}">${html(cutText(notes, LONGEST_NOTE))}</text>`
  );
}

function since(ns: number): string {
  return `${ns < 0 ? '\u2212' : '+'}${durationText(Math.abs(ns))}`;
}
