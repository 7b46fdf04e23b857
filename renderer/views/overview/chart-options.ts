/** How uPlot draws the resets: bars over one another, colours from the style sheet. */
import uPlot from 'uplot';
import { durationText } from '../../../shared/format/duration.ts';
import { isoTime } from '../../../shared/format/time.ts';
import type { Clock } from '../../words/values.ts';
import { STACK } from './stacked.ts';

/** Steps of the time axis, seconds: those that people count in. */
const STEPS = [
  ...[-9, -8, -7, -6, -5, -4, -3, -2, -1].flatMap((power) => [1, 2, 5].map((step) => step * 10 ** power)),
  ...[1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200],
  ...[1, 2, 5, 7, 14, 30, 60, 90, 180, 365, 730, 1825, 3650, 7300].map((days) => days * 86_400),
];
const MINUTE = 60;
const DAY = 86_400;

interface ChartParts {
  readonly width: number;
  readonly height: number;
  readonly clock: Clock;
  /** The element whose colours and font are used. */
  readonly element: Element;
  /** Bucket under the pointer, null for none. */
  readonly onPoint: (bucket: number | null) => void;
}

export function chartOptions({ width, height, clock, element, onPoint }: ChartParts): uPlot.Options {
  const style = getComputedStyle(element);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  const bars = uPlot.paths.bars?.({ size: [0.86, 26], radius: 0.12 });
  const axis: uPlot.Axis = {
    stroke: token('--text-3'),
    font: `11px ${style.fontFamily}`,
    grid: { show: false },
    ticks: { show: false },
  };
  return {
    width,
    height,
    padding: [10, 10, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: {
      x: { time: false, range: wholeBars },
      y: { range: (_, __, most) => [0, Math.max(1, most * 1.08)] },
    },
    axes: [
      {
        ...axis,
        size: 26,
        incrs: STEPS,
        space: 110,
        values: (_, seconds, __, ___, step) => seconds.map((second) => axisTime(clock, second, step)),
      },
      {
        ...axis,
        size: 44,
        space: 34,
        grid: { show: true, stroke: token('--line'), width: 1 },
        incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 1e6, 1e7],
      },
    ],
    series: [
      {},
      ...STACK.map((kind): uPlot.Series => ({
        label: kind,
        fill: token(`--chart-${kind}`),
        width: 0,
        points: { show: false },
        ...(bars === undefined ? {} : { paths: bars }),
      })),
    ],
    hooks: {
      setCursor: [
        (chart) => {
          onPoint(chart.cursor.idx ?? null);
        },
      ],
    },
  };
}

/** Widens the axis by half a bar at either end, so that the first and last bar are whole. */
function wholeBars(chart: uPlot, first: number, last: number): uPlot.Range.MinMax {
  const [middles] = chart.data;
  const half = middles.length > 1 ? (middles[1] - middles[0]) / 2 : 0.5;
  return [first - half, last + half];
}

/** Round values stay short; a time of day is cut to what the ticks differ in. */
function axisTime(clock: Clock, second: number, stepSeconds: number): string {
  if (clock.style === 'relative' || clock.epochNs === null) {
    return second === 0 ? '0' : durationText(second * 1e9);
  }
  const text = isoTime(clock.epochNs, clock.firstNs + second * 1e9);
  if (stepSeconds >= DAY) return text.slice(0, 10);
  if (stepSeconds >= MINUTE) return text.slice(11, 16);
  return text.slice(11, -1).replace(/\.?0+$/, '');
}
