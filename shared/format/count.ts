/** A whole number with the thousands set apart, the same in every locale: `1,234,567`. Fractions are rounded. */
export function countText(count: number | bigint): string {
  if (typeof count === 'number' && !Number.isFinite(count)) return 'unknown';
  // BigInt never prints an exponent.
  const digits = (typeof count === 'bigint' ? count : BigInt(Math.round(count))).toString();
  return digits.replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 reset`, `2,345 resets`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`;
}
