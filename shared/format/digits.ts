/** Three significant digits without trailing zeros, never in exponent form: 1.4, 12.3, 350, 1234. */
export function threeDigits(value: number): string {
  const size = Math.abs(value);
  if (size >= 99.95) return String(Math.round(value));
  return String(Number(value.toFixed(size >= 9.995 ? 1 : 2)));
}
