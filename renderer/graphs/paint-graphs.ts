/**
 * Draws the graphs of one side of a connection below one another, on one axis of time: sequence numbers, round trips, window and
 * what is in flight, throughput. Origins of resets keep their colours and shapes; nothing else uses them.
 */
import { bytesText } from '../../shared/format/bytes.ts';
import { countText } from '../../shared/format/count.ts';
import { durationText } from '../../shared/format/duration.ts';
import type { OriginKind } from '../../shared/model/verdict.ts';
import { originColour, paintOrigin } from '../ui/drawn-marks.ts';
import type { DrawingTheme } from '../ui/drawing-theme.ts';
import type { Painter, TextLook } from '../ui/painter.ts';
import type { TimeRange } from './range.ts';
import { ticksTo, timeTicks } from './range.ts';
import type { SideSeries } from './use-series.ts';

export const SEQUENCE_KINDS = ['tcptrace', 'stevens'] as const;
export type SequenceKind = (typeof SEQUENCE_KINDS)[number];

export interface GraphsScene {
  readonly width: number;
  readonly height: number;
  readonly theme: DrawingTheme;
  readonly range: TimeRange;
  /** Time that the axis counts from. */
  readonly zeroNs: number;
  readonly shown: SideSeries;
  readonly kind: SequenceKind;
  readonly resets: readonly { readonly timeNs: number; readonly kind: OriginKind }[];
  readonly selectedNs: number | null;
  readonly pointedNs: number | null;
}

interface Band {
  readonly title: string;
  readonly top: number;
  readonly height: number;
  readonly most: number;
  readonly text: (value: number) => string;
}

/** Room for the numbers of the vertical axes, and for those of time. */
export const LEFT = 74;
export const RIGHT = 14;
const BOTTOM = 24;
const TITLE = 20;
/** px of a bar of throughput. */
const BAR = 6;

export function timeAt({ width, range }: Pick<GraphsScene, 'width' | 'range'>, x: number): number {
  return range.fromNs + ((x - LEFT) / Math.max(1, width - LEFT - RIGHT)) * (range.toNs - range.fromNs);
}

export function xAt({ width, range }: Pick<GraphsScene, 'width' | 'range'>, timeNs: number): number {
  return LEFT + ((timeNs - range.fromNs) / Math.max(1, range.toNs - range.fromNs)) * (width - LEFT - RIGHT);
}

export function paintGraphs(painter: Painter, scene: GraphsScene): void {
  const bands = layBands(scene);
  const [sequence, trips, windows, rate] = bands;
  paintTimeAxis(painter, scene);
  for (const band of bands) paintBand(painter, scene, band);
  paintSequence(painter, scene, sequence);
  paintTrips(painter, scene, trips);
  paintWindows(painter, scene, windows);
  paintRate(painter, scene, rate);
  paintResets(painter, scene);
  for (const [timeNs, token] of [
    [scene.selectedNs, 'accent'],
    [scene.pointedNs, 'text-3'],
  ] as const) {
    if (timeNs === null || timeNs < scene.range.fromNs || timeNs > scene.range.toNs) continue;
    const x = xAt(scene, timeNs);
    painter.line(x, 4, x, scene.height - BOTTOM, { colour: scene.theme.colour(token), dash: [2, 3] });
  }
  // What was drawn to the left of the axis belongs to times before the range.
  paintAxisNumbers(painter, scene, bands);
}

function layBands({ height, shown, width }: GraphsScene): readonly [Band, Band, Band, Band] {
  const room = height - BOTTOM;
  const small = Math.max(64, Math.floor(room * 0.17));
  const first = room - 3 * small;
  const { most, series } = shown;
  const seq = Math.max(highest(series.sentHigh), highest(series.againHigh), highest(series.ackHigh), 1);
  const rates = ratesOf(shown, barsOf(width));
  return [
    {
      title: 'Sequence number',
      top: 0,
      height: first,
      most: seq,
      text: (value) => countText(Math.round(value)),
    },
    { title: 'Round trip', top: first, height: small, most: Math.max(most.rttNs, 1), text: durationText },
    {
      title: 'Window and bytes in flight',
      top: first + small,
      height: small,
      most: Math.max(most.window, most.flight, 1),
      text: bytesText,
    },
    {
      title: 'Throughput',
      top: first + 2 * small,
      height: small,
      most: Math.max(highest(rates), 1),
      text: (value) => `${bytesText(value)}/s`,
    },
  ];
}

/** Of values that may be missing. */
function highest(values: Float64Array): number {
  let most = 0;
  for (const value of values) if (value > most) most = value;
  return most;
}

function yIn({ top, height, most }: Band, value: number): number {
  return top + height - 4 - (value / (most * 1.04)) * (height - TITLE - 8);
}

function axisLook({ theme }: GraphsScene): TextLook {
  return { colour: theme.colour('text-3'), size: theme.sizes.small };
}

function paintTimeAxis(painter: Painter, scene: GraphsScene): void {
  const { range, zeroNs, height, width } = scene;
  for (const offset of timeTicks(range, zeroNs, Math.max(2, Math.floor(width / 130)))) {
    const x = xAt(scene, zeroNs + offset);
    painter.line(x, 0, x, height - BOTTOM, { colour: scene.theme.colour('line') });
    const text = offset === 0 ? '0' : durationText(offset);
    painter.text(x, height - BOTTOM / 2, text, { ...axisLook(scene), align: 'center' });
  }
}

function paintBand(painter: Painter, scene: GraphsScene, band: Band): void {
  const { theme, width } = scene;
  const count = Math.max(1, Math.floor((band.height - TITLE) / 36));
  for (const value of ticksTo(band.most, count)) {
    const y = yIn(band, value);
    painter.line(LEFT, y, width - RIGHT, y, { colour: theme.colour('line') });
  }
}

function paintAxisNumbers(painter: Painter, scene: GraphsScene, bands: readonly Band[]): void {
  const { theme, width, height } = scene;
  painter.box(0, 0, LEFT - 1, height - BOTTOM, { fill: theme.colour('bg-1') });
  for (const band of bands) {
    const count = Math.max(1, Math.floor((band.height - TITLE) / 36));
    for (const value of ticksTo(band.most, count)) {
      const y = yIn(band, value);
      painter.text(LEFT - 8, y, value === 0 ? '0' : band.text(value), { ...axisLook(scene), align: 'right' });
    }
    if (band.top > 0) painter.line(0, band.top, width, band.top, { colour: theme.colour('line-strong') });
    painter.text(LEFT + 2, band.top + 11, band.title, {
      colour: theme.colour('text-2'),
      size: theme.sizes.text,
      bold: true,
    });
  }
}

/** Calls for each column that lies in the range, with the middle of it. */
function eachColumn(scene: GraphsScene, visit: (column: number, x: number) => void): void {
  const { shown, width } = scene;
  const step = (shown.toNs - shown.fromNs) / shown.columns;
  for (let column = 0; column < shown.columns; column++) {
    const x = xAt(scene, shown.fromNs + (column + 0.5) * step);
    if (x >= LEFT - 2 && x <= width - RIGHT + 2) visit(column, x);
  }
}

function paintSequence(painter: Painter, scene: GraphsScene, band: Band): void {
  const { theme, shown, kind } = scene;
  const { series } = shown;
  if (kind === 'tcptrace') {
    stepLine(painter, scene, band, series.edgeLow, series.edgeHigh, {
      colour: theme.colour('text-3'),
      dash: [4, 3],
    });
    stepLine(painter, scene, band, series.ackLow, series.ackHigh, {
      colour: theme.colour('good'),
      width: 1.25,
    });
  }
  const colour = theme.colour('accent');
  const again = theme.colour('warn');
  eachColumn(scene, (column, x) => {
    const high = series.sentHigh[column];
    if (!Number.isNaN(high)) paintSegment(painter, band, kind, x, series.sentLow[column], high, colour);
    const repeated = series.againHigh[column];
    if (!Number.isNaN(repeated)) {
      paintSegment(painter, band, kind, x, series.againLow[column], repeated, again);
      painter.disc(x, yIn(band, series.againLow[column]) + 5, 2.5, { fill: again });
    }
    if (kind === 'tcptrace' && series.sacks[column] > 0 && !Number.isNaN(series.ackHigh[column])) {
      const y = yIn(band, series.ackHigh[column]);
      painter.line(x - 4, y - 3, x + 4, y - 3, { colour: theme.colour('good'), width: 2 });
    }
  });
}

/** tcptrace draws a segment from its first to its last byte, Stevens a dot where it begins. */
function paintSegment(
  painter: Painter,
  band: Band,
  kind: SequenceKind,
  x: number,
  low: number,
  high: number,
  colour: string,
): void {
  if (kind === 'stevens') {
    painter.disc(x, yIn(band, low), 2, { fill: colour });
    if (high - low > band.most / 40) painter.disc(x, yIn(band, high), 2, { fill: colour });
    return;
  }
  const top = yIn(band, high);
  const bottom = yIn(band, low);
  painter.box(x - 0.75, top, 1.5, Math.max(1.5, bottom - top), { fill: colour });
  if (bottom - top < 9) return;
  for (const y of [top, bottom]) painter.line(x - 3, y, x + 3, y, { colour });
}

/** A value that stays as it is until it is told anew. */
function stepLine(
  painter: Painter,
  scene: GraphsScene,
  band: Band,
  lows: Float64Array,
  highs: Float64Array,
  look: Parameters<Painter['path']>[1],
): void {
  const points: (readonly [number, number])[] = [];
  const most = band.most * 1.04;
  let last = NaN;
  eachColumn(scene, (column, x) => {
    if (Number.isNaN(lows[column])) return;
    // What lies above the band is not there, rather than at its edge.
    const place = (value: number): number => (value > most ? NaN : yIn(band, value));
    if (!Number.isNaN(last)) points.push([x, place(last)]);
    points.push([x, place(lows[column])]);
    if (highs[column] !== lows[column]) points.push([x, place(highs[column])]);
    last = highs[column];
  });
  if (points.length > 0 && last <= most) points.push([scene.width - RIGHT, yIn(band, last)]);
  painter.path(points, look);
}

function paintTrips(painter: Painter, scene: GraphsScene, band: Band): void {
  const { series } = scene.shown;
  const colour = scene.theme.colour('accent');
  eachColumn(scene, (column, x) => {
    if (Number.isNaN(series.rttLow[column])) return;
    const top = yIn(band, series.rttHigh[column]);
    const bottom = yIn(band, series.rttLow[column]);
    if (bottom - top > 4) painter.line(x, top, x, bottom, { colour });
    painter.disc(x, top, 2, { fill: colour });
  });
}

function paintWindows(painter: Painter, scene: GraphsScene, band: Band): void {
  const { series } = scene.shown;
  const { theme } = scene;
  const floor = yIn(band, 0);
  let last = 0;
  let lastX = NaN;
  const flight: (readonly [number, number])[] = [];
  eachColumn(scene, (column, x) => {
    if (Number.isNaN(series.flightHigh[column])) return;
    if (!Number.isNaN(lastX)) flight.push([x, yIn(band, last)]);
    else flight.push([x, floor]);
    flight.push([x, yIn(band, series.flightHigh[column])]);
    last = series.flightLow[column];
    flight.push([x, yIn(band, last)]);
    lastX = x;
  });
  if (flight.length > 0) {
    flight.push([scene.width - RIGHT, yIn(band, last)], [scene.width - RIGHT, floor]);
    painter.polygon(flight, theme.colour('accent-line'));
  }
  stepLine(painter, scene, band, series.windowLow, series.windowHigh, {
    colour: theme.colour('good'),
    width: 1.25,
  });
}

function barsOf(width: number): number {
  return Math.max(1, Math.floor((width - LEFT - RIGHT) / BAR));
}

/** Bytes a second in bars of equal time over all columns. */
function ratesOf({ series, columns, fromNs, toNs }: SideSeries, bars: number): Float64Array {
  const rates = new Float64Array(Math.min(bars, columns));
  const seconds = Math.max(1, toNs - fromNs) / 1e9 / rates.length;
  for (let column = 0; column < columns; column++) {
    rates[Math.floor((column / columns) * rates.length)] += series.bytes[column] / seconds;
  }
  return rates;
}

function paintRate(painter: Painter, scene: GraphsScene, band: Band): void {
  const { shown, theme } = scene;
  const rates = ratesOf(shown, barsOf(scene.width));
  const step = (shown.toNs - shown.fromNs) / rates.length;
  const floor = yIn(band, 0);
  rates.forEach((rate, bar) => {
    if (rate === 0) return;
    const from = Math.max(LEFT, xAt(scene, shown.fromNs + bar * step));
    const to = Math.min(scene.width - RIGHT, xAt(scene, shown.fromNs + (bar + 1) * step));
    if (to <= from) return;
    const top = yIn(band, rate);
    painter.box(from + 0.5, top, Math.max(1, to - from - 1), Math.max(1, floor - top), {
      fill: theme.colour('accent'),
    });
  });
}

/** Lines of a flood stand apart far enough to see what lies below them, and their marks so that each is one. */
const LINE_APART = 5;
const MARK_APART = 13;

function paintResets(painter: Painter, scene: GraphsScene): void {
  const lines: Partial<Record<OriginKind, number>> = {};
  const marks: Partial<Record<OriginKind, number>> = {};
  for (const { timeNs, kind } of scene.resets) {
    if (timeNs < scene.range.fromNs || timeNs > scene.range.toNs) continue;
    const x = xAt(scene, timeNs);
    const colour = originColour(scene.theme, kind);
    if (Math.abs(x - (lines[kind] ?? -Infinity)) >= LINE_APART) {
      lines[kind] = x;
      const dash = kind === 'unknown' ? { dash: [4, 3] } : {};
      painter.line(x, 14, x, scene.height - BOTTOM, { colour, width: 1.25, ...dash });
    }
    if (Math.abs(x - (marks[kind] ?? -Infinity)) < MARK_APART) continue;
    marks[kind] = x;
    paintOrigin(painter, x, 9, kind, 6, colour);
  }
}
