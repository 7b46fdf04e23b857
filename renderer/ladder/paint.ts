/** Draws the rungs of a ladder that lie in a window. Where the drawing goes, to the screen or to a file, is the painter's. */
import { durationText } from '../../shared/format/duration.ts';
import { countText } from '../../shared/format/count.ts';
import {
  MARK_ANY_RETRANSMISSION,
  MARK_WINDOW_FULL,
  MARK_ZERO_WINDOW,
} from '../../shared/model/packet-marks.ts';
import { originColour, paintOrigin } from '../ui/drawn-marks.ts';
import type { Painter, TextLook } from '../ui/painter.ts';
import { fitText } from '../ui/painter.ts';
import { timeText } from '../words/values.ts';
import { isOrderKnown } from './courses.ts';
import { RST, isIcmp, sideOf, windowOf } from './flow-packets.ts';
import type { DeviceLane } from './lanes.ts';
import { laneX } from './layout.ts';
import { paintCourse } from './paint-course.ts';
import {
  SHORT_RESET,
  groundAt,
  messageAt,
  numberLook,
  paintArrow,
  paintCross,
  paintGhostWords,
  paintLabel,
  paintPill,
  pillWidth,
  resetAt,
  segmentLook,
} from './paint-parts.ts';
import { BREAK_PX, PACKET, RUN, SILENCE, indexOfPacket, rungAt, rungOf } from './rungs.ts';
import { arrowLabel, frameLabel, hasOtherTtl, notesOf, runText, silenceText } from './rung-words.ts';
import type { LadderReset, LadderScene } from './scene.ts';

/**
 * @param from px of the ladder at the window's top
 * @param height of the window
 */
export function paintLadder(painter: Painter, scene: LadderScene, from: number, height: number): void {
  const { rungs } = scene;
  if (rungs.count === 0) return;
  // A line that falls from one capture point to the next may begin above the window.
  const first = rungAt(rungs, scene.slant === undefined ? from : Math.max(0, from - BREAK_PX));
  let end = first;
  while (end < rungs.count && rungs.top[end] < from + height) end++;
  for (let at = first; at < end; at++) paintGround(painter, scene, at, rungs.top[at] - from);
  paintLifelines(painter, scene, from, height);
  for (let at = first; at < end; at++) paintRung(painter, scene, at, rungs.top[at] - from);
  paintRepetition(painter, scene, from);
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
  for (const { at } of scene.packets.courses?.vantages ?? []) {
    const x = laneX(layout, at);
    painter.line(x, 0, x, bottom, { colour: theme.colour('accent-line'), width: 1.5 });
  }
  for (const at of scene.packets.courses?.proxies ?? []) {
    const x = laneX(layout, at);
    painter.box(x - 2.5, 0, 5, bottom, { fill: colour });
  }
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

function paintPacket(painter: Painter, scene: LadderScene, index: number, top: number): void {
  const { packets, layout, theme, rowPx, clock } = scene;
  const { columns } = packets;
  const y = top + rowPx / 2;
  const reset = resetAt(scene, index);
  const number = numberLook(scene);
  if (layout.time !== null) painter.text(layout.time, y, timeText(clock, columns.timeNs[index]), number);
  if (index > 0) {
    const pause = Math.max(0, columns.timeNs[index] - columns.timeNs[index - 1]);
    const isKnown = packets.courses === null || isOrderKnown(packets.courses, index);
    painter.text(layout.delta, y, `${isKnown ? '+' : '≈ '}${durationText(pause)}`, number);
  }
  const frame = frameLabel(packets, index);
  painter.text(layout.frame, y, frame, numberLook(scene, 'text-2'));
  const beforeFrame = layout.frame - painter.measure(frame, number) - 9;
  paintEvidence(painter, scene, index, beforeFrame, y);
  if (scene.marked?.has(packets.columns.packet[index]) === true)
    paintMark(painter, scene, beforeFrame - 11, y);

  if (packets.courses !== null) paintCourse(painter, scene, packets.courses, index, reset, y);
  else if (isIcmp(packets, index)) paintIcmp(painter, scene, index, y);
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

/** A ribbon: what the user marked. */
function paintMark(painter: Painter, { theme }: LadderScene, x: number, y: number): void {
  const ribbon = [
    [x - 3, y - 5],
    [x + 3, y - 5],
    [x + 3, y + 5],
    [x, y + 2],
    [x - 3, y + 5],
  ] as const;
  painter.polygon(ribbon, theme.colour('accent-text'));
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
  const between = [...lanes.devices, ...(packets.courses?.vantages ?? [])];
  const proxies = (packets.courses?.proxies ?? []).map((place) => ({ at: place }));
  const devices = [...between, ...proxies].map((lane) => laneX(layout, lane.at));
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
