/** A ladder as lines of text, for a ticket or a mail: what stands on screen, without the screen. */
import { durationText } from '../../shared/format/duration.ts';
import { sanitiseText } from '../../shared/format/text.ts';
import { isIcmp, sideOf } from './flow-packets.ts';
import { PACKET, RUN } from './rungs.ts';
import { arrowLabel, frameLabel, notesOf, runText, silenceText } from './rung-words.ts';
import { courseArrow, courseHead } from './text-course.ts';
import type { LadderScene } from './scene.ts';

/** Rungs of one text; what is beyond is counted. */
export const MOST_LINES = 2000;
const SPAN = 64;
const MAX_NOTE = 200;

type TextScene = Pick<LadderScene, 'packets' | 'rungs' | 'lanes' | 'resets' | 'messages'>;

export function textLadder(
  scene: TextScene,
  ends: { readonly client: string; readonly server: string },
): string {
  const { rungs } = scene;
  const lines = [headLine(scene, ends)];
  const shown = Math.min(rungs.count, MOST_LINES);
  for (let at = 0; at < shown; at++) lines.push(lineOf(scene, at));
  if (shown < rungs.count) lines.push(`… ${rungs.count - shown} more lines`);
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

function headLine(
  { lanes, packets }: TextScene,
  ends: { readonly client: string; readonly server: string },
): string {
  if (packets.courses !== null) return `${' '.repeat(20)}${courseHead(packets.courses, SPAN, ends)}`;
  const between = lanes.devices
    .map(({ kind }) => (kind === 'middlebox' ? '<device>' : '<device?>'))
    .join(' ');
  const gap = Math.max(2, SPAN - ends.client.length - ends.server.length - between.length);
  const left = Math.floor(gap / 2);
  return `${' '.repeat(20)}${ends.client}${' '.repeat(left)}${between}${' '.repeat(gap - left)}${ends.server}`;
}

function lineOf(scene: TextScene, at: number): string {
  const { packets, rungs, resets, messages } = scene;
  const index = rungs.from[at];
  if (rungs.kind[at] === RUN) return `${' '.repeat(22)}⋯ ${runText(packets, index, rungs.to[at])} ⋯`;
  if (rungs.kind[at] !== PACKET) return `${' '.repeat(22)}⋯ ${silenceText(packets, index)} ⋯`;
  const { columns } = packets;
  const pause =
    index === 0 ? '' : `+${durationText(Math.max(0, columns.timeNs[index] - columns.timeNs[index - 1]))}`;
  const reset = columns.reset[index] < 0 ? undefined : resets.get(columns.reset[index]);
  const label = arrowLabel(packets, index, messages.get(columns.packet[index]) ?? '')
    .map(({ text }) => text)
    .join(' ');
  const notes = notesOf(packets, index, reset);
  if (reset?.kind === 'middlebox')
    notes.unshift(`made by ${reset.label}; the ${reset.claimed} never sent this`);
  if (reset?.kind === 'unknown') notes.unshift(`the ${reset.claimed}, or a device?`);
  const tail = notes.length === 0 ? '' : `  ${sanitiseText(notes.join('; '), MAX_NOTE)}`;
  const drawn =
    packets.courses === null
      ? arrow(scene, index, label)
      : `${courseArrow(packets.courses, index, SPAN, sideOf(packets, index) === 'client')}  ${label}`;
  return `${pause.padStart(10)} ${`#${packets.courses === null ? columns.frame[index] : frameLabel(packets, index)}`.padStart(7)}  ${drawn}  ttl ${columns.ttl[index]}${tail}`;
}

/** The arrow begins where the line of who made it stands. */
function arrow({ packets, lanes, resets }: TextScene, index: number, label: string): string {
  const isClient = sideOf(packets, index) === 'client';
  const reset = resets.get(packets.columns.reset[index]);
  const lane = reset === undefined ? undefined : lanes.deviceOf.get(reset.id);
  const at = isIcmp(packets, index) ? 0.5 : lane === undefined ? (isClient ? 0 : 1) : lanes.devices[lane].at;
  const ghost = Math.round((isClient ? at : 1 - at) * SPAN);
  const room = SPAN - ghost;
  const text = label.length > room - 6 ? label.slice(0, Math.max(0, room - 6)) : label;
  const rest = Math.max(0, room - text.length - 3);
  const half = Math.floor(rest / 2);
  const mark = lane === undefined ? '' : '*';
  const dots = '·'.repeat(Math.max(0, ghost - mark.length));
  const shaft = `${'-'.repeat(half)} ${text} ${'-'.repeat(rest - half)}`;
  return isClient ? `|${dots}${mark}${shaft}>|` : `|<${shaft}${mark}${dots}|`;
}
