/** Weights of evidence for people who do not think in logarithms. */
import { countText } from '../format/count.ts';

/** Weights from here on fill the bar. */
const FULL_BAR = 4;

/** From here on only the power of ten is worth its place: what the kernel said weighs 20. */
const POWER_FROM = 5;
const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** @param weight log10 of a likelihood ratio, ≥ 0 @returns `×500`: how many times likelier one explanation becomes */
export function weightText(weight: number): string {
  const factor = 10 ** weight;
  if (!Number.isFinite(factor)) return 'unknown';
  if (weight >= POWER_FROM) return `×10${superscript(Math.floor(weight))}`;
  if (factor < 10) return `×${factor.toFixed(1)}`;
  // Two digits are more than such a number is worth.
  const size = 10 ** (Math.floor(Math.log10(factor)) - 1);
  return `×${countText(Math.round(factor / size) * size)}`;
}

function superscript(whole: number): string {
  return String(whole).replace(/\d/g, (digit) => SUPERSCRIPTS[Number(digit)]);
}

/** 0 … 1 */
export function weightShare(weight: number): number {
  return Math.min(1, Math.max(0, weight / FULL_BAR));
}
