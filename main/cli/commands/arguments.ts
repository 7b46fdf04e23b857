/** What options take: text into values, or a refusal that says what it should be. */
import { InvalidArgumentError } from 'commander';

export function count(text: string): number {
  if (!/^\d{1,9}$/u.test(text)) throw new InvalidArgumentError('It is a whole number.');
  return Number(text);
}

/** Names with commas between them; repeated, they add to those before. */
export function names(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...text.split(',').map((name) => name.trim())].filter((name) => name !== '');
}

/** An option that may be repeated: each adds to those before it. */
export function added(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

/** Bytes, with K, M or G for their multiples of 1024. */
export function size(text: string): number {
  const [, digits, unit = ''] = /^(\d{1,12})([KMG]?)$/iu.exec(text) ?? [];
  if (digits === undefined) throw new InvalidArgumentError('It is a number of bytes, such as 64M.');
  return Number(digits) * 1024 ** ['', 'K', 'M', 'G'].indexOf(unit.toUpperCase());
}
