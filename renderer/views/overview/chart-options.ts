/** How uPlot draws the resets: bars over one another, colours from the style sheet. */
import uPlot from 'uplot';
import { timeText } from '../../words/values.ts';
import type { Clock } from '../../words/values.ts';
import { STACK } from './stacked.ts';

interface ChartParts {
  readonly width: number;
  readonly height: number;
  readonly clock: Clock;
  /** Where tokens are read from. */
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
    scales: { x: { time: false }, y: { range: (_, __, most) => [0, Math.max(1, most * 1.08)] } },
    axes: [
      {
        ...axis,
        size: 26,
        space: 110,
        values: (_, seconds) => seconds.map((second) => axisTime(clock, second)),
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

/** Trailing zeros of an axis only make it longer. */
function axisTime(clock: Clock, second: number): string {
  const text = timeText(clock, clock.firstNs + second * 1e9);
  const short = text.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
  return clock.style === 'absolute' ? short : `${short} s`;
}
