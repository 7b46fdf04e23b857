/** The filter with marks under what is wrong in it, from `from` to before `to`; nothing of one too long for a line. */
export function caretUnder(filter: string, from: number, to: number): string {
  if (filter.length > 200) return '';
  const marks = ' '.repeat(from) + '^'.repeat(Math.max(1, Math.min(to, filter.length) - from));
  return `  ${filter.replace(/\p{C}/gu, '?')}\n  ${marks}\n`;
}
