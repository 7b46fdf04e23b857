/** Values of rows as text; every list and panel says them alike. */
import { bytesText } from '../../shared/format/bytes.ts';
import { plural } from '../../shared/format/count.ts';
import { durationText } from '../../shared/format/duration.ts';
import {
  isoTime,
  isoTimeOfDay,
  localTimeOfDay,
  localZone,
  relativeSeconds,
} from '../../shared/format/time.ts';

/** Seconds since the first packet, or from the selected reset; the time of day in UTC, or where the reader is. */
export const TIME_STYLES = ['relative', 'selected', 'absolute', 'local'] as const;
export type TimeStyle = (typeof TIME_STYLES)[number];

/** What stands where a value is not known. */
export const UNKNOWN = '–';

/** The zero of times: nanoseconds since 1970 as the summary gives them, and the first packet's offset from it. */
export interface Clock {
  readonly epochNs: bigint | null;
  readonly firstNs: number;
  readonly style: TimeStyle;
  /** Time of the selected reset; null or left out while none is selected. */
  readonly selectedNs?: number | null;
}

/** Later times are shown in milliseconds: microseconds would not fit the column, and nobody compares them. */
const LONG_NS = 1e5 * 1e9;

/** Microseconds are enough to read; the title of a cell has all digits. */
export function timeText(clock: Clock, timeNs: number): string {
  if (clock.style === 'absolute' && clock.epochNs !== null) {
    return isoTimeOfDay(clock.epochNs, timeNs).replace(/(\.\d{6})\d{3}$/, '$1');
  }
  if (clock.style === 'local' && clock.epochNs !== null) {
    return localTimeOfDay(clock.epochNs, timeNs);
  }
  const isFromSelected = clock.style === 'selected' && typeof clock.selectedNs === 'number';
  const relativeNs = timeNs - (isFromSelected ? (clock.selectedNs ?? 0) : clock.firstNs);
  return (
    (isFromSelected && relativeNs > 0 ? '+' : '') +
    relativeSeconds(relativeNs, Math.abs(relativeNs) < LONG_NS ? 6 : 3)
  );
}

/** What heads a column of such times: "Time (UTC)", "Time (CET)", "Time (s)", "Time (s from the reset)". */
export function timeTitle(clock: Clock, name: string): string {
  return `${name} (${timeUnit(clock)})`;
}

export function timeUnit({ style, epochNs, firstNs, selectedNs }: Clock): string {
  if (style === 'selected' && typeof selectedNs === 'number') return 's from the reset';
  if (style === 'absolute' && epochNs !== null) return 'UTC';
  if (style === 'local' && epochNs !== null) return localZone(epochNs, firstNs);
  return 's';
}

/** What a choice of the style is called, in menus and on buttons. */
export const TIME_NAMES: Readonly<Record<TimeStyle, string>> = {
  relative: 'seconds since the first packet',
  selected: 'seconds from the selected reset',
  absolute: 'time of day in UTC',
  local: 'time of day here',
};

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
