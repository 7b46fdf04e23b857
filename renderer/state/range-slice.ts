/**
 * The part of the capture's time that everything is narrowed to, and the part that the timeline shows.
 *
 * Invariant: a range holds its first moment and not its last, as the filter that it stands for says.
 */
import { both } from '../../shared/filter/compose.ts';
import { parseFilter } from '../../shared/filter/parse.ts';
import type { ListQuery } from './lists-slice.ts';

/** Nanoseconds since the analysis' epoch. */
export interface TimeRange {
  readonly fromNs: number;
  readonly toNs: number;
}

export interface RangeState {
  /** What was brushed: lists and overview show nothing else. Null for all. */
  readonly range: TimeRange | null;
  /** What the timeline shows of the capture; null for all. */
  readonly zoom: TimeRange | null;
}

export const RANGE_START: RangeState = { range: null, zoom: null };

const NS_PER_SECOND = 1e9;

/** What of the state a question depends on beside the question itself. */
interface Narrowing {
  readonly range: TimeRange | null;
  readonly summary: { readonly firstNs: number } | null;
}

/** The filter that a range stands for; empty where there is no range. */
export function rangeFilter({ range, summary }: Narrowing): string {
  if (range === null || summary === null) return '';
  const from = secondsLiteral(range.fromNs - summary.firstNs);
  const to = secondsLiteral(range.toNs - summary.firstNs);
  return `frame.time_relative >= ${from} && frame.time_relative < ${to}`;
}

/** A list's question, narrowed to the range. The text that the user typed stays as it is. */
export function narrowed<Query extends Pick<ListQuery<string>, 'filter'>>(
  query: Query,
  narrowing: Narrowing,
): Query {
  const range = rangeFilter(narrowing);
  // A filter that cannot be read is asked as it is, so that the engine says what is wrong with it.
  if (range === '' || !parseFilter(query.filter).ok) return query;
  return { ...query, filter: both(query.filter, range) };
}

/** Seconds as Wireshark's filters write them: no exponent, all nine places. */
function secondsLiteral(ns: number): string {
  const whole = Math.round(ns);
  const seconds = Math.floor(Math.abs(whole) / NS_PER_SECOND);
  const rest = String(Math.abs(whole) % NS_PER_SECOND).padStart(9, '0');
  const digits = rest.replace(/0+$/, '');
  return `${whole < 0 ? '-' : ''}${seconds}${digits === '' ? '' : `.${digits}`}`;
}
