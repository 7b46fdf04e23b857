/** What graphs show, as CSV: a line for each column of time that holds anything. */
import { SERIES_NAMES } from '../../shared/columns/series.ts';
import type { SideSeries } from './use-series.ts';

const COUNTS: ReadonlySet<string> = new Set(['bytes', 'sacks', 'duplicates']);

/** @param zeroNs time that seconds count from */
export function seriesCsv(
  { series, columns, fromNs, toNs }: Omit<SideSeries, 'flow'>,
  zeroNs: number,
): string {
  const lines = [['seconds', ...SERIES_NAMES].join(',')];
  const step = (toNs - fromNs) / columns;
  for (let column = 0; column < columns; column++) {
    const isEmpty = SERIES_NAMES.every(
      (name) => Number.isNaN(series[name][column]) || (COUNTS.has(name) && series[name][column] === 0),
    );
    if (isEmpty) continue;
    const seconds = ((fromNs + column * step - zeroNs) / 1e9).toFixed(9);
    const values = SERIES_NAMES.map((name) =>
      Number.isNaN(series[name][column]) ? '' : String(series[name][column]),
    );
    lines.push([seconds, ...values].join(','));
  }
  return `${lines.join('\n')}\n`;
}
