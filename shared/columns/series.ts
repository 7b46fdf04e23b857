/** How the series of a flow travel: one array of doubles, name by name, so that drawing them makes no objects. */
import { assert } from '../base/assert.ts';

/** Low and high are the smallest and the largest value of a column; NaN where it has none. Counts are 0 there. */
export const SERIES_NAMES = [
  'sentLow', // first byte of segments that carried something new
  'sentHigh', // one past their last byte
  'againLow', // the same of segments that were sent again
  'againHigh',
  'ackLow', // what the other side had acknowledged
  'ackHigh',
  'edgeLow', // how far its window reached
  'edgeHigh',
  'windowLow', // that window, bytes
  'windowHigh',
  'flightLow', // sent and not yet acknowledged, bytes
  'flightHigh',
  'rttLow', // from a segment to the acknowledgement that covers it, ns
  'rttHigh',
  'bytes', // payload that was sent, whether new or again
  'sacks', // acknowledgements with SACK blocks
  'duplicates', // duplicate acknowledgements
] as const;
export type SeriesName = (typeof SERIES_NAMES)[number];
export type Series = Readonly<Record<SeriesName, Float64Array>>;

const COUNTS: ReadonlySet<SeriesName> = new Set<SeriesName>(['bytes', 'sacks', 'duplicates']);

/** Series without a value yet, in one buffer. */
export function makeSeries(columns: number): Series & { readonly buffer: ArrayBuffer } {
  const buffer = new ArrayBuffer(SERIES_NAMES.length * columns * 8);
  const series = seriesIn(buffer, columns);
  for (const name of SERIES_NAMES) if (!COUNTS.has(name)) series[name].fill(NaN);
  return { ...series, buffer };
}

function seriesIn(buffer: ArrayBuffer, columns: number): Series {
  return Object.fromEntries(
    SERIES_NAMES.map((name, index) => [name, new Float64Array(buffer, index * columns * 8, columns)]),
  ) as unknown as Series;
}

/** @throws where the bytes are no series of that many columns */
export function decodeSeries(message: Uint8Array, columns: number): Series {
  assert(message.length === SERIES_NAMES.length * columns * 8, 'series are as long as their columns say');
  return seriesIn(message.slice().buffer, columns);
}
