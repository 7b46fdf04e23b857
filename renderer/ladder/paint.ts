/** Draws the rungs of a ladder that lie in a window. Where the drawing goes, to the screen or to a file, is the painter's. */
import { durationText } from '../../shared/format/duration.ts';
import { countText } from '../../shared/format/count.ts';
import {
  MARK_ANY_RETRANSMISSION,
  MARK_DUPLICATE_ACK,
  MARK_KEEP_ALIVE,
  MARK_KEEP_ALIVE_ACK,
  MARK_OUT_OF_ORDER,
  MARK_WINDOW_FULL,
  MARK_ZERO_WINDOW,
} from '../../shared/model/packet-marks.ts';
import { originColour, paintOrigin } from '../ui/drawn-marks.ts';
import type { Painter, TextLook } from '../ui/painter.ts';
import { fitText } from '../ui/painter.ts';
import { timeText } from '../words/values.ts';
import { FIN, RST, SYN, isIcmp, sideOf, windowOf } from './flow-packets.ts';
import type { DeviceLane } from './lanes.ts';
import { laneX } from './layout.ts';
import { PACKET, RUN, SILENCE, indexOfPacket, rungAt, rungOf } from './rungs.ts';
import type { LabelPart } from './rung-words.ts';
import { arrowLabel, hasOtherTtl, notesOf, runText, silenceText } from './rung-words.ts';
import type { LadderReset, LadderScene } from './scene.ts';

const HEAD = 7;
const PILL = 17;

/**
 * @param from px of the ladder at the window's top
 * @param height of the window
 */
export function paintLadder(painter: Painter, scene: LadderScene, from: number, height: number): void {
  const { rungs } = scene;
  if (rungs.count === 0) return;
  const first = rungAt(rungs, from);
  let end = first;
  while (end < rungs.count && rungs.top[end] < from + height) end++;
  for (let at = first; at < end; at++) paintGround(painter, scene, at, rungs.top[at] - from);
  paintLifelines(painter, scene, from, height);
  for (let at = first; at < end; at++) paintRung(painter, scene, at, rungs.top[at] - from);
  paintRepetition(painter, scene, from);
}

function resetAt({ packets, resets }: LadderScene, index: number): LadderReset | undefined {
  const id = packets.columns.reset[index];
  return id < 0 ? undefined : resets.get(id);
}

function paintGround(painter: Painter, scene: LadderScene, at: number, y: number): void {
  const { rungs, packets, theme, layout, rowPx } = scene;
  const index = rungs.from[at];
  const isPacket = rungs.kind[at] === PACKET;
  const reset = isPacket ? resetAt(scene, index) : undefined;
  const isSelected = isPacket && packets.columns.packet[index] === scene.selected;
  const isAbout = isPacket && packets.columns.packet[index] === scene.about;
  const fill = isSelected
    ? theme.colour('select')
    : reset !== undefined
      ? theme.colour(`${reset.kind}-soft`)
      : isAbout
        ? theme.colour('warn-soft')
        : isPacket && scene.lit?.has(packets.columns.packet[index]) === true
          ? theme.colour('accent-soft')
          : at === scene.hovered && rungs.kind[at] !== SILENCE
            ? theme.colour('bg-3')
            : undefined;
  if (fill !== undefined) painter.box(0, y, layout.width, rowPx, { fill });
  if (isPacket && scene.lit?.has(packets.columns.packet[index]) === true) {
    painter.box(1, y + 1, layout.width - 2, rowPx - 2, { stroke: theme.colour('accent-line'), radius: 3 });
  }
  if (at === scene.cursor) {
    painter.box(1, y + 0.5, layout.width - 2, rowPx - 1, { stroke: theme.colour('accent'), radius: 3 });
  }
  if (reset !== undefined || isAbout) {
    const colour = reset === undefined ? theme.colour('warn') : originColour(theme, reset.kind);
    painter.box(0, y, 3, rowPx, { fill: colour });
  } else if (isSelected) painter.box(0, y, 3, rowPx, { fill: theme.colour('accent') });
}

function paintLifelines(painter: Painter, scene: LadderScene, from: number, height: number): void {
  const { layout, lanes, theme, rungs } = scene;
  const bottom = Math.min(height, rungs.totalPx - from);
  const colour = theme.colour('line-strong');
  for (const x of [layout.client, layout.server]) painter.line(x, 0, x, bottom, { colour, width: 1.5 });
  for (const device of lanes.devices) {
    const x = laneX(layout, device.at);
    painter.line(x, 0, x, bottom, {
      colour: originColour(theme, device.kind),
      width: 1.5,
      ...(device.isPlaced ? {} : { dash: [5, 4] }),
    });
  }
}

function paintRung(painter: Painter, scene: LadderScene, at: number, y: number): void {
  switch (scene.rungs.kind[at]) {
    case PACKET:
      paintPacket(painter, scene, scene.rungs.from[at], y);
      return;
    case RUN:
      paintRun(painter, scene, at, y);
      return;
    case SILENCE:
      paintSilence(painter, scene, at, y);
  }
}

function numberLook(scene: LadderScene, colour = 'text-3'): TextLook {
  return { colour: scene.theme.colour(colour), size: scene.theme.sizes.text, align: 'right' };
}

function paintPacket(painter: Painter, scene: LadderScene, index: number, top: number): void {
  const { packets, layout, theme, rowPx, clock } = scene;
  const { columns } = packets;
  const y = top + rowPx / 2;
  const reset = resetAt(scene, index);
  const number = numberLook(scene);
  if (layout.time !== null) painter.text(layout.time, y, timeText(clock, columns.timeNs[index]), number);
  if (index > 0) {
    const pause = Math.max(0, columns.timeNs[index] - columns.timeNs[index - 1]);
    painter.text(layout.delta, y, `+${durationText(pause)}`, number);
  }
  const frame = countText(columns.frame[index]);
  painter.text(layout.frame, y, frame, numberLook(scene, 'text-2'));
  paintEvidence(painter, scene, index, layout.frame - painter.measure(frame, number) - 9, y);

  if (isIcmp(packets, index)) paintIcmp(painter, scene, index, y);
  else if (reset !== undefined) paintReset(painter, scene, index, reset, y);
  else paintSegment(painter, scene, index, y);

  const isOther = hasOtherTtl(packets, index);
  painter.text(layout.ttl, y, String(columns.ttl[index]), {
    ...number,
    ...(isOther
      ? { bold: true, colour: reset === undefined ? theme.colour('warn') : originColour(theme, reset.kind) }
      : {}),
  });
  if (
    layout.window !== null &&
    packets.isTcp &&
    !isIcmp(packets, index) &&
    (columns.flags[index] & RST) === 0
  ) {
    const isShut = (columns.marks[index] & (MARK_ZERO_WINDOW | MARK_WINDOW_FULL)) !== 0;
    const look = isShut ? { ...numberLook(scene, 'warn'), bold: true } : number;
    painter.text(layout.window, y, countText(windowOf(packets, index)), look);
  }
  paintNotes(painter, scene, index, reset, y);
}

function paintEvidence(painter: Painter, scene: LadderScene, index: number, x: number, y: number): void {
  const mark = scene.marks.get(scene.packets.columns.packet[index]);
  if (mark === undefined) return;
  const { theme } = scene;
  if (mark.favours === 'neither') painter.disc(x, y, 3, { fill: theme.colour('warn') });
  else paintOrigin(painter, x, y, mark.favours, 4.5, originColour(theme, mark.favours));
}

function paintNotes(
  painter: Painter,
  scene: LadderScene,
  index: number,
  reset: LadderReset | undefined,
  y: number,
): void {
  const { packets, layout, theme } = scene;
  if (layout.notes === null) return;
  const text = notesOf(packets, index, reset).join(' · ');
  if (text === '') return;
  const isTrouble =
    (packets.columns.marks[index] & (MARK_ANY_RETRANSMISSION | MARK_ZERO_WINDOW | MARK_WINDOW_FULL)) !== 0;
  const look: TextLook = {
    colour: theme.colour(reset !== undefined ? 'text-2' : isTrouble ? 'warn' : 'text-3'),
    size: theme.sizes.text,
  };
  painter.text(layout.notes, y, fitText(painter, text, look, layout.end - layout.notes), look);
}

interface ArrowLook {
  readonly colour: string;
  readonly width: number;
  readonly dash?: readonly number[];
}

function paintArrow(painter: Painter, x0: number, x1: number, y: number, look: ArrowLook): void {
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

function segmentLook(scene: LadderScene, index: number): ArrowLook {
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

function paintSegment(painter: Painter, scene: LadderScene, index: number, y: number): void {
  const { layout, packets } = scene;
  const [x0, x1] =
    sideOf(packets, index) === 'client' ? [layout.client, layout.server] : [layout.server, layout.client];
  paintArrow(painter, x0, x1, y, segmentLook(scene, index));
  const parts = arrowLabel(packets, index, messageAt(scene, index));
  // Where there is no room for notes beside the arrows, what is most to be noted stands on its arrow.
  const [note] = layout.notes === null ? notesOf(packets, index, undefined) : [];
  if (note !== undefined) parts.push({ text: note, tone: 'plain', rank: 1 });
  paintLabel(painter, scene, parts, (x0 + x1) / 2, Math.abs(x1 - x0) - 40, y, groundAt(scene, index));
}

function messageAt({ messages, packets }: LadderScene, index: number): string {
  return messages.get(packets.columns.packet[index]) ?? '';
}

/** The colour below a packet's arrow, which its label covers the line with. */
function groundAt(scene: LadderScene, index: number): string {
  const { theme, packets, rungs, hovered } = scene;
  if (packets.columns.packet[index] === scene.selected) return theme.colour('select');
  if (packets.columns.packet[index] === scene.about) return theme.colour('warn-soft');
  const reset = resetAt(scene, index);
  if (reset !== undefined) return theme.colour(`${reset.kind}-soft`);
  const isHovered = hovered >= 0 && rungs.kind[hovered] === PACKET && rungs.from[hovered] === index;
  return theme.colour(isHovered ? 'bg-3' : 'bg-1');
}

/** A router on the way sends an ICMP error; which one, the drawing does not say: the arrow begins between the lines. */
function paintIcmp(painter: Painter, scene: LadderScene, index: number, y: number): void {
  const { layout, theme, packets } = scene;
  const x1 = sideOf(packets, index) === 'client' ? layout.server : layout.client;
  const x0 = laneX(layout, 0.5);
  paintArrow(painter, x0, x1, y, { colour: theme.colour('warn'), width: 1.5 });
  const label = arrowLabel(packets, index, '');
  paintLabel(painter, scene, label, (x0 + x1) / 2, Math.abs(x1 - x0) - 30, y, groundAt(scene, index));
}

/**
 * A reset leaves the line of who made it. What is made in a host's name leaves the device's line, and a ghost says what that
 * host did not send; where nobody can tell, the part before the suspected line is the open question.
 */
function paintReset(
  painter: Painter,
  scene: LadderScene,
  index: number,
  reset: LadderReset,
  y: number,
): void {
  const { layout, theme, lanes, packets } = scene;
  const claimed = reset.claimed === 'client' ? layout.client : layout.server;
  const receiver = reset.claimed === 'client' ? layout.server : layout.client;
  const colour = originColour(theme, reset.kind);
  const lane = lanes.deviceOf.get(reset.id);
  const device: DeviceLane | undefined = lane === undefined ? undefined : lanes.devices[lane];
  const maker = device === undefined ? claimed : laneX(layout, device.at);
  paintArrow(painter, maker, receiver, y, { colour, width: 2 });
  const parts = arrowLabel(packets, index, messageAt(scene, index));
  if (device === undefined) {
    paintOrigin(painter, maker, y, reset.kind, 6, colour);
    paintPill(
      painter,
      scene,
      parts,
      { middle: (maker + receiver) / 2 },
      Math.abs(receiver - maker) - 44,
      y,
      colour,
    );
    return;
  }
  const ghost = { colour: theme.colour('text-3'), width: 1.25, dash: [3, 4] };
  const step = maker > claimed ? 1 : -1;
  painter.line(claimed, y, maker - step * 10, y, ghost);
  if (device.kind === 'middlebox') paintCross(painter, claimed + step * 16, y, theme.colour('text-3'));
  paintOrigin(painter, maker, y, reset.kind, 7, colour);
  const span = Math.abs(receiver - maker);
  const other = Math.abs(maker - claimed);
  const shorter = device.kind === 'middlebox' ? 'never sent' : 'or a device?';
  const words =
    device.kind === 'middlebox'
      ? `the ${reset.claimed} never sent this`
      : `the ${reset.claimed}, or a device?`;
  const look: TextLook = { colour: theme.colour('text-2'), size: theme.sizes.text, align: 'center' };
  const ground = groundAt(scene, index);
  const isBeside = span - 34 < pillWidth(painter, scene, parts.slice(0, 2));
  if (!isBeside) {
    paintPill(painter, scene, parts, { middle: (maker + receiver) / 2 }, span - 34, y, colour);
    paintGhostWords(
      painter,
      [words, shorter],
      (maker - step * 8 + claimed + step * 22) / 2,
      other - 52,
      y,
      look,
      ground,
    );
    return;
  }
  // The way from the device is too short for words: they stand behind it, over the ghost, which keeps room for its own.
  // The name of the packet comes before those words: a reset that does not say what it is says nothing.
  const least = pillWidth(painter, scene, parts.slice(0, 1));
  const kept = [words, shorter].map((text) => other - painter.measure(text, look) - 84);
  const room = kept.find((px) => px >= least) ?? other - PILL_FROM - CROSS_ROOM;
  const width = paintPill(
    painter,
    scene,
    room < least ? [SHORT_RESET] : parts,
    { edge: maker - step * PILL_FROM, towards: -step },
    room,
    y,
    colour,
  );
  const left = other - width - 58;
  paintGhostWords(painter, [words, shorter], claimed + step * (26 + left / 2), left, y, look, ground);
}

/** From the mark of a device to the pill behind it, and what the cross at the ghost's begin takes. */
const PILL_FROM = 16;
const CROSS_ROOM = 24;
/** What is left of a reset's words where there is room for one. */
const SHORT_RESET: LabelPart = { text: 'RST', tone: 'strong', rank: 0 };

/** Crosses a ghost out where it would have begun. */
function paintCross(painter: Painter, x: number, y: number, colour: string): void {
  painter.line(x - 4, y - 4, x + 4, y + 4, { colour, width: 1.5 });
  painter.line(x - 4, y + 4, x + 4, y - 4, { colour, width: 1.5 });
}

/** @param shorter what is said where there is no room for all of it */
function paintGhostWords(
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

function paintLabel(
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

function pillWidth(painter: Painter, scene: LadderScene, parts: readonly LabelPart[]): number {
  return widthOf(painter, scene, parts) + 2 * PILL_PAD;
}

/** Where a pill stands: around a point, or from an edge to the right (1) or to the left (−1). */
type PillPlace = { readonly middle: number } | { readonly edge: number; readonly towards: number };

/** What a reset says, on its colour. @returns its width */
function paintPill(
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

function paintRun(painter: Painter, scene: LadderScene, at: number, top: number): void {
  const { layout, theme, rungs, packets, rowPx } = scene;
  const y = top + rowPx / 2;
  const middle = (layout.client + layout.server) / 2;
  const look: TextLook = { colour: theme.colour('text-2'), size: theme.sizes.text, align: 'center' };
  const room = layout.server - layout.client - 30;
  const words = runText(packets, rungs.from[at], rungs.to[at]);
  const dotted = `⋯ ${words} ⋯`;
  const text = painter.measure(dotted, look) <= room ? dotted : fitText(painter, words, look, room);
  const width = painter.measure(text, look);
  painter.box(middle - width / 2 - 10, y - 10, width + 20, 20, {
    fill: theme.colour(at === scene.hovered ? 'bg-4' : 'bg-3'),
    radius: 10,
  });
  painter.text(middle, y, text, look);
  const { columns } = packets;
  const first = rungs.from[at];
  const number = numberLook(scene);
  const span = columns.timeNs[rungs.to[at] - 1] - columns.timeNs[Math.max(0, first - 1)];
  painter.text(layout.delta, y, `+${durationText(Math.max(0, span))}`, number);
  painter.text(layout.frame, y, '⋯', number);
}

/** Where nothing was sent for long the axis is broken: the lines are cut by two strokes each. */
function paintSilence(painter: Painter, scene: LadderScene, at: number, top: number): void {
  const { layout, theme, lanes, rungs, packets, rowPx } = scene;
  const y = top + rowPx / 2;
  const ground = theme.colour('bg-1');
  const colour = theme.colour('text-3');
  const devices = lanes.devices.map((device) => laneX(layout, device.at));
  for (const x of [layout.client, layout.server, ...devices]) {
    painter.box(x - 3, y - 3.5, 6, 7, { fill: ground });
    for (const shift of [-3.5, 3.5])
      painter.line(x - 5, y + shift + 2, x + 5, y + shift - 2, { colour, width: 1.25 });
  }
  const middle = (layout.client + layout.server) / 2;
  const look: TextLook = { colour, size: theme.sizes.text, align: 'center' };
  const text = `⋯ ${silenceText(packets, rungs.from[at])} ⋯`;
  const width = painter.measure(text, look);
  painter.box(middle - width / 2 - 8, y - 9, width + 16, 18, { fill: ground });
  painter.text(middle, y, text, look);
}

/** A bracket from the selected packet to the one that it repeats, or that repeats it. */
function paintRepetition(painter: Painter, scene: LadderScene, from: number): void {
  const { rungs, packets, layout, theme, rowPx, selected } = scene;
  const index = selected === null ? -1 : indexOfPacket(packets, selected);
  if (index < 0) return;
  const other = packets.repeats[index] >= 0 ? packets.repeats[index] : packets.repeatedBy[index];
  if (other < 0) return;
  const [y0, y1] = [index, other].map((one) => rungs.top[rungOf(rungs, one)] + rowPx / 2 - from);
  const isClient = sideOf(packets, index) === 'client';
  const x = isClient ? layout.client : layout.server;
  const out = isClient ? x - 11 : x + 11;
  const bracket = [
    [x, y0],
    [out, y0],
    [out, y1],
    [x, y1],
  ] as const;
  painter.path(bracket, { colour: theme.colour('warn'), width: 1.5, dash: [4, 3] });
}
