/** By how much one clock is ahead of another, in words. */
import type { ClockOffset } from '../model/join.ts';
import { countText } from './count.ts';
import { durationText } from './duration.ts';

const SECOND = 1e9;

/** `+31.204 s`: as many digits as its error leaves. */
export function offsetText({
  offsetNs,
  offsetErrorNs,
}: Pick<ClockOffset, 'offsetNs' | 'offsetErrorNs'>): string {
  const abs = roundedTo(Math.abs(offsetNs), offsetErrorNs);
  if (abs === 0) return '0';
  const sign = offsetNs < 0 ? '−' : '+';
  if (abs < SECOND) return `${sign}${durationText(abs)}`;
  const seconds = abs / SECOND;
  const error = (offsetErrorNs ?? 1e6) / SECOND;
  const digits = Math.min(6, Math.max(0, Math.ceil(-Math.log10(Math.max(error, 1e-9)))));
  const minutes = Math.floor(seconds / 60);
  if (minutes === 0) return `${sign}${seconds.toFixed(digits)} s`;
  const rest = (seconds - minutes * 60).toFixed(Math.min(3, digits));
  const hours = Math.floor(minutes / 60);
  return hours === 0
    ? `${sign}${minutes} min ${rest} s`
    : `${sign}${countText(hours)} h ${minutes % 60} min ${rest} s`;
}

/** To two digits of its error: what it says beyond them is made up. */
function roundedTo(ns: number, errorNs: number | null): number {
  if (errorNs === null || errorNs <= 0) return ns;
  const step = 10 ** (Math.floor(Math.log10(errorNs)) - 1);
  return Math.round(ns / step) * step;
}
