/**
 * Points in time as text, exact to the nanosecond. A capture's epoch is a bigint and its packets' times are
 * float64 nanoseconds since it; only their sum, taken here, is a date.
 */
const NS_PER_SECOND = 1_000_000_000n;
/** Date knows the years −271821 … 275760. */
const DATE_LIMIT_SECONDS = 8_640_000_000_000;

const NS_OF_SECOND = 1_000_000_000n;

/** Seconds with all nine digits, of nanoseconds that no double would hold. */
export function secondsText(ns: bigint): string {
  const size = ns < 0n ? -ns : ns;
  return `${ns < 0n ? '-' : ''}${size / NS_OF_SECOND}.${String(size % NS_OF_SECOND).padStart(9, '0')}`;
}

/** The epoch asked for last, whole seconds and the nanoseconds above: reports ask for the times of one capture by the thousand. */
let splitEpochNs = 0n;
let epochSeconds = 0;
let epochBelow = 0;
/** The date and time of day of the second that was asked for last. */
let datedSecond = Number.NaN;
let datedText = '';

/**
 * ISO 8601 in UTC with nine decimals: `2023-11-14T22:13:20.000000001Z`. A time that no calendar date fits (a
 * damaged time stamp) is given as `<seconds> s since 1970`.
 * @param epochNs nanoseconds since 1970-01-01 UTC
 * @param relativeNs nanoseconds after it (or before, when negative); fractions are rounded
 */
export function isoTime(epochNs: bigint, relativeNs = 0): string {
  if (epochNs !== splitEpochNs) {
    const below = ((epochNs % NS_PER_SECOND) + NS_PER_SECOND) % NS_PER_SECOND;
    splitEpochNs = epochNs;
    epochBelow = Number(below);
    epochSeconds = Number((epochNs - below) / NS_PER_SECOND);
  }
  const whole = Number.isFinite(relativeNs) ? Math.round(relativeNs) : 0;
  const relativeSeconds = Math.floor(whole / 1e9);
  // Exact where the parts are below 2^53, as all but damaged times are.
  const below = epochBelow + (whole - relativeSeconds * 1e9);
  if (!Number.isSafeInteger(whole) || !Number.isSafeInteger(epochSeconds))
    return isoTimeOfAny(epochNs, whole);
  const carried = Math.floor(below / 1e9);
  const seconds = epochSeconds + relativeSeconds + carried;
  if (seconds > DATE_LIMIT_SECONDS - 1 || seconds < -DATE_LIMIT_SECONDS) return isoTimeOfAny(epochNs, whole);
  if (seconds !== datedSecond) {
    datedSecond = seconds;
    datedText = new Date(seconds * 1000).toISOString().slice(0, -5);
  }
  return `${datedText}.${String(below - carried * 1e9).padStart(9, '0')}Z`;
}

/** The same of whatever a damaged time stamp may hold. */
function isoTimeOfAny(epochNs: bigint, relativeNs: number): string {
  const ns = epochNs + BigInt(relativeNs);
  const below = ns % NS_PER_SECOND;
  const fraction = below < 0n ? below + NS_PER_SECOND : below;
  const seconds = (ns - fraction) / NS_PER_SECOND;
  const decimals = fraction.toString().padStart(9, '0');
  if (seconds > BigInt(DATE_LIMIT_SECONDS) - 1n || seconds < -BigInt(DATE_LIMIT_SECONDS)) {
    return `${seconds}.${decimals} s since 1970`;
  }
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, -5)}.${decimals}Z`;
}

/** The time of day alone, UTC: `22:13:20.000000001`; for lists whose date is shown elsewhere. */
export function isoTimeOfDay(epochNs: bigint, relativeNs = 0): string {
  const text = isoTime(epochNs, relativeNs);
  const at = text.indexOf('T');
  return at < 0 ? text : text.slice(at + 1, -1);
}

/**
 * The time of day where the reader is, `23:13:20.000000`: the microseconds are those of isoTimeOfDay, since no zone of today is off
 * UTC by a part of a second.
 */
export function localTimeOfDay(epochNs: bigint, relativeNs = 0): string {
  const text = isoTime(epochNs, relativeNs);
  const date = dateIn(text);
  if (date === undefined) return text;
  const two = (value: number): string => String(value).padStart(2, '0');
  const micros = /\.(\d{6})/.exec(text)?.[1] ?? '';
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${micros}`;
}

/**
 * `2011-09-27 18:07:20.497541 UTC`, or the same where the reader is. Microseconds are what offsets of captures that lie years apart
 * keep; what isoTime could not write as a date is left as it is.
 */
export function dateAndTime(iso: string, isLocal: boolean): string {
  const date = dateIn(iso);
  const nanos = /\.(\d{9})Z$/.exec(iso)?.[1];
  if (date === undefined || nanos === undefined) return iso;
  const seconds = BigInt(Math.floor(date.getTime() / 1000));
  const micros = (BigInt(nanos) + 500n) / 1000n;
  const epochNs = seconds * NS_PER_SECOND + micros * 1000n;
  if (!isLocal) return `${isoTime(epochNs).slice(0, 26).replace('T', ' ')} UTC`;
  const there = new Date(Number(epochNs / NS_PER_SECOND) * 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${there.getFullYear()}-${two(there.getMonth() + 1)}-${two(there.getDate())}`;
  return `${day} ${localTimeOfDay(epochNs)} ${localZone(epochNs).replace('local, ', '')}`;
}

/** The reader's zone at that time, as an offset from UTC: `UTC+02:00`. Names of zones are short in few languages only. */
export function localZone(epochNs: bigint, relativeNs = 0): string {
  const minutes = -(dateIn(isoTime(epochNs, relativeNs)) ?? new Date(0)).getTimezoneOffset();
  if (minutes === 0) return 'local, UTC';
  const size = Math.abs(minutes);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `local, UTC${minutes < 0 ? '−' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

function dateIn(iso: string): Date | undefined {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** Clocks that were never set count from 1970: such a time finds nothing in a log. */
const FIRST_DATE_NS = 365n * 86_400n * NS_PER_SECOND;

/** "2026-11-28 09:46:24 UTC", as journalctl --since takes it; seconds since the capture's begin where its clock was not set. */
export function logTime(epochNs: bigint | undefined, relativeNs: number): string {
  if (epochNs === undefined || epochNs < FIRST_DATE_NS) {
    return `${relativeSeconds(relativeNs, 3)} s after the capture began`;
  }
  return `${isoTime(epochNs, relativeNs).slice(0, 19).replace('T', ' ')} UTC`;
}

/** Seconds since the capture's time zero with `decimals` places: `12.345678901`. */
export function relativeSeconds(relativeNs: number, decimals = 9): string {
  if (!Number.isFinite(relativeNs)) return 'unknown';
  const step = 10 ** (9 - decimals);
  const units = BigInt(Math.round(relativeNs / step));
  const size = units < 0n ? -units : units;
  const digits = size.toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const sign = units < 0n ? '-' : '';
  return decimals === 0 ? sign + whole : `${sign}${whole}.${digits.slice(-decimals)}`;
}
