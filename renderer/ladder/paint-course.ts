/**
 * A packet on its way past several capture points. Where it was seen its line is whole; where nobody looked it is dotted; what
 * appears begins between two of them, and what vanishes ends between two. Who made a reset is drawn as the verdict has it.
 */
import { originColour, paintOrigin } from '../ui/drawn-marks.ts';
import type { Painter, TextLook } from '../ui/painter.ts';
import { USUAL_CHANGES } from '../words/join-text.ts';
import type { Courses } from './courses.ts';
import { FATE_APPEARS, FATE_VANISHES, legEnds, onTheWay } from './courses.ts';
import { isIcmp, sideOf } from './flow-packets.ts';
import { laneX } from './layout.ts';
import type { ArrowLook } from './paint-parts.ts';
import {
  groundAt,
  messageAt,
  paintArrow,
  paintCross,
  paintGhostWords,
  SHORT_RESET,
  paintLabel,
  paintPill,
  pillWidth,
  segmentLook,
} from './paint-parts.ts';
import { arrowLabel, notesOf } from './rung-words.ts';
import { BREAK_PX } from './rungs.ts';
import type { LadderReset, LadderScene } from './scene.ts';

const DOT = 3;
/** A clock's error that is drawn smaller than this is not drawn. */
const LEAST_ERROR_PX = 3;

type Point = readonly [x: number, y: number];

interface Way {
  /** Vantages in the order in which it passes them, with where their lines are met. */
  readonly points: readonly { readonly v: number; readonly x: number; readonly y: number }[];
  /** Among these, the first and the last that saw it. */
  readonly first: number;
  readonly last: number;
  readonly sender: number;
  readonly receiver: number;
  /** 1 to the right, −1 to the left. */
  readonly step: 1 | -1;
}

export function paintCourse(
  painter: Painter,
  scene: LadderScene,
  courses: Courses,
  index: number,
  reset: LadderReset | undefined,
  y: number,
): void {
  const way = wayOf(scene, courses, index, y);
  const { theme, packets } = scene;
  const look: ArrowLook =
    reset !== undefined
      ? { colour: originColour(theme, reset.kind), width: 2 }
      : isIcmp(packets, index)
        ? { colour: theme.colour('warn'), width: 1.5 }
        : segmentLook(scene, index);
  const start = paintStart(painter, scene, courses, way, index, reset, look);
  const end = paintEnd(painter, scene, courses, way, index, look);
  const line = paintSeen(painter, way, start, end, look);
  // Of all rows at once they would be one thick line.
  if (scene.slant !== undefined && isPointedAt(scene, index))
    paintErrors(painter, scene, courses, way, index);
  paintDots(painter, scene, courses, way, index, look);
  const { from, to } = labelPlace(line, way, start, end, (courses.fate[index] & FATE_VANISHES) !== 0);
  const middle = (from[0] + to[0]) / 2;
  const room = Math.abs(to[0] - from[0]) - (reset === undefined ? 26 : 14);
  const labelY = (from[1] + to[1]) / 2;
  const parts = arrowLabel(packets, index, messageAt(scene, index));
  if (reset !== undefined) {
    const isTight = room < pillWidth(painter, scene, parts.slice(0, 1));
    paintPill(painter, scene, isTight ? [SHORT_RESET] : parts, { middle }, room, labelY, look.colour);
  } else {
    const [note] = scene.layout.notes === null ? notesOf(packets, index, undefined) : [];
    if (note !== undefined) parts.push({ text: note, tone: 'plain', rank: 1 });
    paintLabel(painter, scene, parts, middle, room, labelY, groundAt(scene, index));
  }
}

function wayOf(scene: LadderScene, courses: Courses, index: number, y: number): Way {
  const { layout, packets, slant = 0 } = scene;
  const isFromClient = sideOf(packets, index) === 'client';
  const begin = packets.columns.timeNs[index];
  const order = onTheWay(courses, index, isFromClient);
  const [left, right] = legEnds(courses, index).map((at) => laneX(layout, at));
  let below = 0;
  const points = order.map((v) => {
    // Where it was not seen it is drawn as high as where it was seen last.
    if (courses.at[v].seen[index] > 0) {
      const px = (courses.at[v].timeNs[index] - begin) * slant;
      below = Math.min(BREAK_PX, Math.max(below, px));
    }
    return { v, x: laneX(layout, courses.vantages[v].at), y: y + below };
  });
  const isSeen = (point: { readonly v: number }): boolean => courses.at[point.v].seen[index] > 0;
  return {
    points,
    first: points.findIndex(isSeen),
    last: points.findLastIndex(isSeen),
    sender: isFromClient ? left : right,
    receiver: isFromClient ? right : left,
    step: isFromClient ? 1 : -1,
  };
}

/** Before the first capture point that saw it. @returns where its line begins */
function paintStart(
  painter: Painter,
  scene: LadderScene,
  courses: Courses,
  way: Way,
  index: number,
  reset: LadderReset | undefined,
  look: ArrowLook,
): Point {
  const { theme } = scene;
  const { points, first, sender, step } = way;
  const { x, y } = points[first];
  const before = first === 0 ? sender : points[first - 1].x;
  const between = (before + x) / 2;
  if (reset !== undefined && reset.kind !== 'endpoint') {
    paintGhost(painter, scene, index, reset, way, between);
    paintOrigin(painter, between, y, reset.kind, 7, look.colour);
    return [between + step * 9, y];
  }
  if (isIcmp(scene.packets, index)) {
    // A router on the way sends it; which one, the drawing does not say.
    painter.disc(between, y, DOT, { stroke: { colour: look.colour, width: 1.5 } });
    return [between, y];
  }
  if (reset === undefined && (courses.fate[index] & FATE_APPEARS) !== 0) {
    painter.line(between, y - 6, between, y + 6, { colour: theme.colour('warn'), width: 2 });
    return [between, y];
  }
  painter.line(sender, y, x, y, unseen(look));
  if (reset !== undefined) paintOrigin(painter, sender, y, reset.kind, 6, look.colour);
  return [x, y];
}

/** What the host never sent, or may have sent. */
function paintGhost(
  painter: Painter,
  scene: LadderScene,
  index: number,
  reset: LadderReset,
  { sender, step, points, first }: Way,
  to: number,
): void {
  const { theme } = scene;
  const { y } = points[first];
  painter.line(sender, y, to - step * 9, y, { colour: theme.colour('text-3'), width: 1.25, dash: [3, 4] });
  const isForged = reset.kind === 'middlebox';
  if (isForged) paintCross(painter, sender + step * 14, y, theme.colour('text-3'));
  const words: readonly [string, string] = isForged
    ? [`the ${reset.claimed} never sent this`, 'never sent']
    : [`the ${reset.claimed}, or a device?`, 'or a device?'];
  const look: TextLook = { colour: theme.colour('text-2'), size: theme.sizes.text, align: 'center' };
  // Words would cover the lines of the capture points that they stand on: they keep to the stretch before the device.
  const near = first === 0 ? sender : points[first - 1].x;
  const room = Math.abs(to - near) - 26;
  const middle = first === 0 ? (near + step * 20 + to) / 2 : (near + to - step * 8) / 2;
  paintGhostWords(painter, words, middle, room, y, look, groundAt(scene, index));
}

/** Behind the last capture point that saw it. @returns where its line ends */
function paintEnd(
  painter: Painter,
  scene: LadderScene,
  courses: Courses,
  { points, last, receiver, step }: Way,
  index: number,
  look: ArrowLook,
): Point {
  const { theme } = scene;
  const { x, y } = points[last];
  if ((courses.fate[index] & FATE_VANISHES) === 0) {
    painter.line(x, y, receiver - step * 8, y, unseen(look));
    paintArrow(painter, receiver - step * 9, receiver, y, { ...look, dash: [] });
    return [x, y];
  }
  const beyond = points.at(last + 1)?.x ?? receiver;
  const end = (x + beyond) / 2;
  paintCross(painter, end, y, theme.colour('matters'));
  return [end - step * 5, y];
}

function unseen(look: ArrowLook): ArrowLook {
  return { colour: look.colour, width: Math.min(1, look.width), dash: [1.5, 4] };
}

/** What was seen of its way. @returns its stretches */
function paintSeen(
  painter: Painter,
  { points, first, last }: Way,
  start: Point,
  end: Point,
  look: ArrowLook,
): readonly (readonly [Point, Point])[] {
  const seen: Point[] = points.slice(first, last + 1).map(({ x, y }): Point => [x, y]);
  const all = [start, ...seen, end];
  painter.path(all, look);
  return all.slice(1).map((to, at): readonly [Point, Point] => [all[at], to]);
}

/** A stretch shorter than this has no room for words, px. */
const LEAST_LABEL_PX = 60;

/** On the longest stretch that was seen; where none has room for words, on the longest one that nobody looked at. */
function labelPlace(
  line: readonly (readonly [Point, Point])[],
  { points, first, last, sender, receiver }: Way,
  start: Point,
  end: Point,
  isCut: boolean,
): { readonly from: Point; readonly to: Point } {
  const seen = longest(line);
  if (Math.abs(seen.to[0] - seen.from[0]) >= LEAST_LABEL_PX) return seen;
  const unseenStretches: (readonly [Point, Point])[] = [];
  // Before a mark that a packet appears at, and behind one that it ends at, there is no line.
  if (start[0] === points[first].x) unseenStretches.push([[points[first - 1]?.x ?? sender, start[1]], start]);
  if (!isCut) unseenStretches.push([end, [points.at(last + 1)?.x ?? receiver, end[1]]]);
  return longest([[seen.from, seen.to], ...unseenStretches]);
}

function longest(line: readonly (readonly [Point, Point])[]): { readonly from: Point; readonly to: Point } {
  const width = ([from, to]: readonly [Point, Point]): number => Math.abs(to[0] - from[0]);
  const [from, to] = line.reduce((best, one) => (width(one) > width(best) ? one : best));
  return { from, to };
}

function isPointedAt({ packets, selected, hovered, rungs }: LadderScene, index: number): boolean {
  return packets.columns.packet[index] === selected || (hovered >= 0 && rungs.from[hovered] === index);
}

/** Between which times it passed, as far as the clocks tell. */
function paintErrors(
  painter: Painter,
  { slant = 0, theme }: LadderScene,
  courses: Courses,
  { points, first, last }: Way,
  index: number,
): void {
  for (const { v, x, y } of points.slice(first + 1, last + 1)) {
    const error = courses.vantages[v].offsetErrorNs;
    if (error === null || courses.at[v].seen[index] === 0) continue;
    const px = Math.min(BREAK_PX / 2, error * slant);
    if (px < LEAST_ERROR_PX) continue;
    painter.line(x, y - px, x, y + px, { colour: theme.colour('accent'), width: 1 });
    for (const edge of [y - px, y + px])
      painter.line(x - 3, edge, x + 3, edge, { colour: theme.colour('accent'), width: 1 });
  }
}

/** At each capture point: a disc where it was seen, a square where it was changed, a struck ring where it was missing. */
function paintDots(
  painter: Painter,
  scene: LadderScene,
  courses: Courses,
  { points }: Way,
  index: number,
  look: ArrowLook,
): void {
  const { theme } = scene;
  const ground = groundAt(scene, index);
  for (const { v, x, y } of points) {
    const here = courses.at[v];
    if (here.seen[index] === 0) {
      if (here.isOut[index] === 1) continue;
      const colour = theme.colour('text-3');
      painter.disc(x, y, DOT + 0.5, { fill: ground, stroke: { colour, width: 1.25 } });
      painter.line(x - 4.5, y + 4.5, x + 4.5, y - 4.5, { colour, width: 1.25 });
    } else if ((here.changes[index] & ~USUAL_CHANGES) !== 0) {
      painter.box(x - 4.5, y - 4.5, 9, 9, { fill: theme.colour('warn'), radius: 1.5 });
    } else if (here.seen[index] > 1) {
      painter.disc(x, y, DOT + 2, { fill: ground, stroke: { colour: look.colour, width: 1.5 } });
      painter.disc(x, y, 1.5, { fill: look.colour });
    } else painter.disc(x, y, DOT, { fill: look.colour });
  }
}
