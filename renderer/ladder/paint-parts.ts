/** What the drawings of a ladder have in common: arrows, labels, pills, and the colours that they take. */
import {
  MARK_ANY_RETRANSMISSION,
  MARK_DUPLICATE_ACK,
  MARK_KEEP_ALIVE,
  MARK_KEEP_ALIVE_ACK,
  MARK_OUT_OF_ORDER,
  MARK_ZERO_WINDOW,
} from '../../shared/model/packet-marks.ts';
import type { Painter, TextLook } from '../ui/painter.ts';
import { fitText } from '../ui/painter.ts';
import { FIN, RST, SYN } from './flow-packets.ts';
import { PACKET } from './rungs.ts';
import type { LabelPart } from './rung-words.ts';
import type { LadderReset, LadderScene } from './scene.ts';

const HEAD = 7;
const PILL = 17;

export function resetAt({ packets, resets }: LadderScene, index: number): LadderReset | undefined {
  const id = packets.columns.reset[index];
  return id < 0 ? undefined : resets.get(id);
}

export function numberLook(scene: LadderScene, colour = 'text-3'): TextLook {
  return { colour: scene.theme.colour(colour), size: scene.theme.sizes.text, align: 'right' };
}

export interface ArrowLook {
  readonly colour: string;
  readonly width: number;
  readonly dash?: readonly number[];
}

export function paintArrow(painter: Painter, x0: number, x1: number, y: number, look: ArrowLook): void {
  const step = x1 > x0 ? 1 : -1;
  painter.line(x0, y, x1 - step * HEAD, y, look);
  const half = look.width > 1.5 ? 5 : 4;
  const back = x1 - step * (HEAD + 1);
  painter.polygon(
    [
      [x1 - step, y],
      [back, y - half],
      [back, y + half],
    ],
    look.colour,
  );
}

export function segmentLook(scene: LadderScene, index: number): ArrowLook {
  const { packets, theme } = scene;
  const { marks, flags, payload } = packets.columns;
  if (packets.foreign.has(index)) return { colour: theme.colour('text-3'), width: 1, dash: [2, 3] };
  if ((marks[index] & (MARK_ANY_RETRANSMISSION | MARK_OUT_OF_ORDER)) !== 0) {
    return { colour: theme.colour('warn'), width: 1.5 };
  }
  if ((marks[index] & (MARK_KEEP_ALIVE | MARK_KEEP_ALIVE_ACK)) !== 0) {
    return { colour: theme.colour('text-3'), width: 1, dash: [2, 3] };
  }
  if ((marks[index] & (MARK_DUPLICATE_ACK | MARK_ZERO_WINDOW)) !== 0) {
    return { colour: theme.colour('warn'), width: 1 };
  }
  if ((flags[index] & RST) !== 0) return { colour: theme.colour('matters'), width: 2 };
  if ((flags[index] & (SYN | FIN)) !== 0) return { colour: theme.colour('text-2'), width: 1 };
  if (payload[index] > 0) return { colour: theme.colour('text-2'), width: 1.5 };
  return { colour: theme.colour('text-3'), width: 1 };
}

export function messageAt({ messages, packets }: LadderScene, index: number): string {
  return messages.get(packets.columns.packet[index]) ?? '';
}

/** The colour below a packet's arrow, which its label covers the line with. */
export function groundAt(scene: LadderScene, index: number): string {
  const { theme, packets, rungs, hovered } = scene;
  if (packets.columns.packet[index] === scene.selected) return theme.colour('select');
  if (packets.columns.packet[index] === scene.about) return theme.colour('warn-soft');
  const reset = resetAt(scene, index);
  if (reset !== undefined) return theme.colour(`${reset.kind}-soft`);
  const isHovered = hovered >= 0 && rungs.kind[hovered] === PACKET && rungs.from[hovered] === index;
  return theme.colour(isHovered ? 'bg-3' : 'bg-1');
}

/** Crosses a ghost out where it would have begun. */
export function paintCross(painter: Painter, x: number, y: number, colour: string): void {
  painter.line(x - 4, y - 4, x + 4, y + 4, { colour, width: 1.5 });
  painter.line(x - 4, y + 4, x + 4, y - 4, { colour, width: 1.5 });
}

/** @param shorter what is said where there is no room for all of it */
export function paintGhostWords(
  painter: Painter,
  [words, shorter]: readonly [string, string],
  x: number,
  room: number,
  y: number,
  look: TextLook,
  ground: string,
): void {
  const text = painter.measure(words, look) <= room ? words : shorter;
  const width = painter.measure(text, look);
  if (width > room) return;
  painter.box(x - width / 2 - 5, y - PILL / 2, width + 10, PILL, { fill: ground });
  painter.text(x, y, text, look);
}

const PART_GAP = 8;
const PILL_PAD = 7;

function partLook(scene: LadderScene, part: LabelPart): TextLook {
  const { theme } = scene;
  const tones = { message: 'accent-text', strong: 'text-1', plain: 'text-3' } as const;
  return { colour: theme.colour(tones[part.tone]), size: theme.sizes.text, bold: part.tone !== 'plain' };
}

function widthOf(painter: Painter, scene: LadderScene, parts: readonly LabelPart[]): number {
  let width = PART_GAP * Math.max(0, parts.length - 1);
  for (const part of parts) width += painter.measure(part.text, partLook(scene, part));
  return width;
}

/** The parts that there is room for, without those that tell least; the first one is cut where it alone is too long. */
function fitParts(
  painter: Painter,
  scene: LadderScene,
  parts: readonly LabelPart[],
  room: number,
): LabelPart[] {
  const kept = [...parts];
  while (kept.length > 1 && widthOf(painter, scene, kept) > room) {
    const least = kept.reduce((worst, part, index) => (part.rank > kept[worst].rank ? index : worst), 0);
    kept.splice(least, 1);
  }
  const [first] = kept;
  if (kept.length !== 1 || widthOf(painter, scene, kept) <= room) return kept;
  const text = fitText(painter, first.text, partLook(scene, first), room);
  return text === '' ? [] : [{ ...first, text }];
}

export function paintLabel(
  painter: Painter,
  scene: LadderScene,
  parts: readonly LabelPart[],
  middle: number,
  room: number,
  y: number,
  ground: string,
): void {
  const kept = fitParts(painter, scene, parts, room);
  if (kept.length === 0) return;
  const width = widthOf(painter, scene, kept);
  let x = middle - width / 2;
  painter.box(x - PILL_PAD, y - PILL / 2, width + 2 * PILL_PAD, PILL, { fill: ground, radius: 4 });
  for (const part of kept) {
    const look = partLook(scene, part);
    painter.text(x, y, part.text, look);
    x += painter.measure(part.text, look) + PART_GAP;
  }
}

export function pillWidth(painter: Painter, scene: LadderScene, parts: readonly LabelPart[]): number {
  return widthOf(painter, scene, parts) + 2 * PILL_PAD;
}

/** What is left of a reset's words where there is room for one. */
export const SHORT_RESET: LabelPart = { text: 'RST', tone: 'strong', rank: 0 };

/** Where a pill stands: around a point, or from an edge to the right (1) or to the left (−1). */
type PillPlace = { readonly middle: number } | { readonly edge: number; readonly towards: number };

/** What a reset says, on its colour. @returns its width */
export function paintPill(
  painter: Painter,
  scene: LadderScene,
  parts: readonly LabelPart[],
  place: PillPlace,
  room: number,
  y: number,
  colour: string,
): number {
  const kept = fitParts(painter, scene, parts, room - 2 * PILL_PAD);
  if (kept.length === 0) return 0;
  const width = pillWidth(painter, scene, kept);
  const left =
    'middle' in place ? place.middle - width / 2 : place.towards > 0 ? place.edge : place.edge - width;
  painter.box(left, y - PILL / 2, width, PILL, { fill: colour, radius: 4 });
  let x = left + PILL_PAD;
  for (const part of kept) {
    const look = { ...partLook(scene, part), colour: scene.theme.colour('bg-1') };
    painter.text(x, y, part.text, look);
    x += painter.measure(part.text, look) + PART_GAP;
  }
  return width;
}
