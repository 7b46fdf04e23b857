/**
 * Draws the timeline: resets and failures above, packets below, each lane to its own scale, since a reset among a thousand packets has to
 * be seen. Bars keep to whole device pixels, so that they stay crisp.
 */
import { roundWidthNs } from '../../shared/format/buckets.ts';
import { durationText } from '../../shared/format/duration.ts';
import { isoTime } from '../../shared/format/time.ts';
import type { Timeline } from '../../shared/model/timeline.ts';
import type { TimeRange } from '../state/range-slice.ts';
import type { Clock } from '../words/values.ts';
import { shownRange } from './model.ts';

export const HEIGHT_PX = 62;
const LANE_PX = 21;
const EVENTS_BOTTOM = 23;
const PACKETS_BOTTOM = 47;
const AXIS_BASELINE = 59;
const TICK_SPACE_PX = 110;
const LABEL_MARGIN_PX = 4;
/** What happened once is seen beside what happened a thousand times. */
const LEAST_PX = 3;
const GAP_FROM_PX = 4;

const MINUTE_NS = 60e9;
const HOUR_NS = 3600e9;
const DAY_NS = 86_400e9;

/** From the bottom of the stack up. */
const EVENTS = ['middlebox', 'endpoint', 'unknown', 'failures'] as const;

export interface Shown {
  readonly timeline: Timeline;
  readonly clock: Clock;
  readonly width: number;
  readonly metric: 'packets' | 'bytes';
  readonly range: TimeRange | null;
  readonly hoveredBar: number | null;
}

export function draw(canvas: HTMLCanvasElement, shown: Shown): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const scale = window.devicePixelRatio;
  canvas.width = Math.round(shown.width * scale);
  canvas.height = Math.round(HEIGHT_PX * scale);
  context.setTransform(scale, 0, 0, scale, 0, 0);
  const style = getComputedStyle(canvas);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  context.font = `${token('--size-0') || '10.5px'} ${style.fontFamily}`;
  new Painter(context, shown, scale, token).paint();
}

class Painter {
  readonly #context: CanvasRenderingContext2D;
  readonly #shown: Shown;
  readonly #scale: number;
  readonly #token: (name: string) => string;
  readonly #barPx: number;

  constructor(
    context: CanvasRenderingContext2D,
    shown: Shown,
    scale: number,
    token: (name: string) => string,
  ) {
    this.#context = context;
    this.#shown = shown;
    this.#scale = scale;
    this.#token = token;
    this.#barPx = shown.width / shown.timeline.packets.length;
  }

  paint(): void {
    const { timeline, metric, width } = this.#shown;
    this.#fill('--line', 0, EVENTS_BOTTOM, width, 1);
    this.#fill('--line', 0, PACKETS_BOTTOM, width, 1);
    this.#hover();
    const most = Math.max(1, ...timeline[metric]);
    const share = metric === 'packets' ? timeline.retransmissions : [];
    for (let bar = 0; bar < timeline.packets.length; bar++) {
      this.#events(bar);
      const count = timeline[metric][bar];
      if (count === 0) continue;
      const height = Math.max(1, (LANE_PX * count) / most);
      const passing = metric === 'packets' ? timeline.passing[bar] : count;
      // What the filter leaves out stays as the shadow of what passes.
      if (passing < count) this.#bar('--timeline-rest', bar, PACKETS_BOTTOM, height);
      if (passing > 0)
        this.#bar('--timeline-packets', bar, PACKETS_BOTTOM, Math.max(1, (height * passing) / count));
      const again = share[bar] ?? 0;
      if (again > 0)
        this.#bar('--timeline-again', bar, PACKETS_BOTTOM, Math.max(2, (height * again) / count));
    }
    this.#axis();
    this.#brush();
  }

  #events(bar: number): void {
    const { timeline } = this.#shown;
    let total = 0;
    for (const kind of EVENTS) total += timeline[kind][bar];
    if (total === 0) return;
    let bottom = EVENTS_BOTTOM;
    const room = LANE_PX - LEAST_PX * EVENTS.filter((kind) => timeline[kind][bar] > 0).length;
    for (const kind of EVENTS) {
      const count = timeline[kind][bar];
      if (count === 0) continue;
      const height = LEAST_PX + Math.max(0, (room * count) / this.#mostEvents());
      this.#bar(kind === 'failures' ? '--chart-failed' : `--chart-${kind}`, bar, bottom, height);
      bottom -= height;
    }
  }

  #most = 0;

  #mostEvents(): number {
    if (this.#most === 0) {
      const { middlebox, endpoint, unknown, failures } = this.#shown.timeline;
      this.#most = middlebox.reduce(
        (most, count, bar) => Math.max(most, count + endpoint[bar] + unknown[bar] + failures[bar]),
        1,
      );
    }
    return this.#most;
  }

  #hover(): void {
    const { hoveredBar } = this.#shown;
    if (hoveredBar === null) return;
    const wide = Math.max(1, this.#barPx);
    this.#fill('--bg-4', hoveredBar * this.#barPx, 0, wide, PACKETS_BOTTOM);
  }

  /** What is outside of the range steps back. */
  #brush(): void {
    const { range, width } = this.#shown;
    if (range === null) return;
    const from = this.#x(range.fromNs);
    const to = this.#x(range.toNs);
    this.#context.globalAlpha = 0.66;
    this.#fill('--bg-1', 0, 0, from, PACKETS_BOTTOM + 1);
    this.#fill('--bg-1', to, 0, width - to, PACKETS_BOTTOM + 1);
    this.#context.globalAlpha = 1;
    this.#fill('--accent', from, 0, 1, PACKETS_BOTTOM + 1);
    this.#fill('--accent', to - 1, 0, 1, PACKETS_BOTTOM + 1);
  }

  #axis(): void {
    const { timeline, clock, width } = this.#shown;
    const { fromNs, toNs } = shownRange(timeline);
    const stepNs = roundWidthNs(toNs - fromNs, Math.max(1, width / TICK_SPACE_PX));
    const zero = timeline.firstNs;
    this.#context.fillStyle = this.#token('--text-3');
    let free = 0;
    for (let tick = Math.ceil((fromNs - zero) / stepNs); zero + tick * stepNs <= toNs; tick++) {
      const ns = tick * stepNs;
      const text = tickText(clock, ns, stepNs);
      const x = Math.round(this.#x(zero + ns));
      const at = Math.max(LABEL_MARGIN_PX, x - this.#context.measureText(text).width / 2);
      const end = at + this.#context.measureText(text).width;
      this.#fill('--line-strong', x, PACKETS_BOTTOM, 1, 3);
      if (at < free || end > width - LABEL_MARGIN_PX) continue;
      this.#context.fillStyle = this.#token('--text-3');
      this.#context.fillText(text, at, AXIS_BASELINE);
      free = end + LABEL_MARGIN_PX * 2;
    }
  }

  #x(ns: number): number {
    const { timeline } = this.#shown;
    return ((ns - timeline.fromNs) / timeline.widthNs) * this.#barPx;
  }

  #bar(token: string, bar: number, bottom: number, height: number): void {
    const left = this.#snap(bar * this.#barPx);
    const gap = this.#barPx >= GAP_FROM_PX ? 1 : 0;
    const right = Math.max(left + 1 / this.#scale, this.#snap((bar + 1) * this.#barPx) - gap);
    const top = this.#snap(bottom - height);
    this.#context.fillStyle = this.#token(token);
    this.#context.fillRect(left, top, right - left, bottom - top);
  }

  #fill(token: string, left: number, top: number, width: number, height: number): void {
    this.#context.fillStyle = this.#token(token);
    this.#context.fillRect(this.#snap(left), top, this.#snap(width), height);
  }

  #snap(px: number): number {
    return Math.round(px * this.#scale) / this.#scale;
  }
}

/** All in one unit: an axis that goes from 300 s to 10 min is read twice. */
function spanText(ns: number, stepNs: number): string {
  return stepNs >= MINUTE_NS && ns < HOUR_NS ? `${Math.round(ns / MINUTE_NS)} min` : durationText(ns);
}

/** Round values stay short; a time of day is cut to what the ticks differ in. */
export function tickText(clock: Clock, ns: number, stepNs: number): string {
  if (clock.style === 'relative' || clock.epochNs === null) return ns === 0 ? '0' : spanText(ns, stepNs);
  const text = isoTime(clock.epochNs, clock.firstNs + ns);
  if (stepNs >= DAY_NS) return text.slice(0, 10);
  if (stepNs >= MINUTE_NS) return text.slice(11, 16);
  return text.slice(11, -1).replace(/\.?0+$/, '');
}
