/** Which files need not be opened for a question, by the day that they lie in. */
import type { Condition } from '../store.ts';
import type { IndexedFile } from './folder-index.ts';

const NS_PER_MS = 1_000_000n;
const DAY_LENGTH = '2026-11-29'.length;

/** Whether rows that meet the conditions may be in the file. */
export function mayHold(
  { kind, day }: Pick<IndexedFile, 'kind' | 'day'>,
  where: readonly Condition[] = [],
): boolean {
  // They lie in the day of the snapshot, not of their time.
  if (kind === 'open_flows') return true;
  return where.every((condition) => {
    if ('all' in condition) return mayHold({ kind, day }, condition.all);
    if (!('op' in condition) || condition.column !== 'time') return true;
    const wanted = dayOf(condition.value);
    if (wanted === undefined) return true;
    switch (condition.op) {
      case '=':
        return day === wanted;
      case '<':
      case '<=':
        return day <= wanted;
      case '>':
      case '>=':
        return day >= wanted;
      case '<>':
        return true;
    }
  });
}

/** The UTC day of a time; undefined where no calendar knows it. */
function dayOf(value: string | number | bigint | boolean): string | undefined {
  if (typeof value === 'boolean') return undefined;
  try {
    const date = new Date(Number(BigInt(value) / NS_PER_MS));
    // Outside of these years days do not compare as text.
    return date.getUTCFullYear() >= 1970 && date.getUTCFullYear() <= 9999
      ? date.toISOString().slice(0, DAY_LENGTH)
      : undefined;
  } catch {
    return undefined;
  }
}
