/** Values of rows as text; every list and panel says them alike. */
import { bytesText } from '../../shared/format/bytes.ts';
import { plural } from '../../shared/format/count.ts';
import { durationText } from '../../shared/format/duration.ts';
import { isoTime, isoTimeOfDay, relativeSeconds } from '../../shared/format/time.ts';

/** Seconds since the first packet, or the time of day. */
export const TIME_STYLES = ['relative', 'absolute'] as const;
export type TimeStyle = (typeof TIME_STYLES)[number];

/** What stands where a value is not known. */
export const UNKNOWN = '–';

/** The zero of times: nanoseconds since 1970 as the summary gives them, and the first packet's offset from it. */
export interface Clock {
  readonly epochNs: bigint | null;
  readonly firstNs: number;
  readonly style: TimeStyle;
}

/** Later times are shown in milliseconds: microseconds would not fit the column, and nobody compares them. */
const LONG_NS = 1e5 * 1e9;

/** Microseconds are enough to read; the title of a cell has all digits. */
export function timeText(clock: Clock, timeNs: number): string {
  if (clock.style === 'absolute' && clock.epochNs !== null) {
    return isoTimeOfDay(clock.epochNs, timeNs).replace(/(\.\d{6})\d{3}$/, '$1');
  }
  const relativeNs = timeNs - clock.firstNs;
  return relativeSeconds(relativeNs, Math.abs(relativeNs) < LONG_NS ? 6 : 3);
}

export function fullTimeText(clock: Clock, timeNs: number): string {
  const relative = `${relativeSeconds(timeNs - clock.firstNs, 9)} s after the first packet`;
  return clock.epochNs === null ? relative : `${isoTime(clock.epochNs, timeNs)}, ${relative}`;
}

export function secondsText(seconds: number | null): string {
  return seconds === null || seconds < 0 ? UNKNOWN : durationText(seconds * 1e9);
}

export function nanosText(ns: number): string {
  return ns < 0 ? UNKNOWN : durationText(ns);
}

export function sizeText(bytes: number): string {
  return bytes < 0 ? UNKNOWN : bytesText(bytes);
}

/** How long ago, in words that suffice for a list of files. */
export function agoText(thenMs: number, nowMs: number): string {
  const minutes = Math.floor((nowMs - thenMs) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${plural(minutes, 'minute')} ago`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${plural(hours, 'hour')} ago`;
  const days = Math.floor(hours / 24);
  return days < 30 ? `${plural(days, 'day')} ago` : new Date(thenMs).toISOString().slice(0, 10);
}
