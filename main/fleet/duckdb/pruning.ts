/** Which files need not be opened for a question, by the day that they lie in and the captures that they are of. */
import type { Condition, Value } from '../store.ts';
import { wholeNumber } from './sql-writing.ts';
import type { IndexedFile } from './folder-index.ts';

const NS_PER_MS = 1_000_000n;
const DAY_LENGTH = '2026-11-29'.length;

/** Whether rows that meet the conditions may be in the file. */
export function mayHold(
  file: Pick<IndexedFile, 'kind' | 'day' | 'captures'>,
  where: readonly Condition[] = [],
): boolean {
  return where.every((condition) => {
    if ('all' in condition) return mayHold(file, condition.all);
    if ('any' in condition) return condition.any.some((one) => mayHold(file, [one]));
    if (condition.column === 'capture') return mayHoldCapture(file, condition);
    // They lie in the day of the snapshot, not of their time.
    if (condition.column !== 'time' || file.kind === 'open_flows') return true;
    return mayHoldTime(file, condition);
  });
}

function mayHoldCapture({ captures }: Pick<IndexedFile, 'captures'>, condition: Condition): boolean {
  if ('in' in condition) return condition.in.some((value) => captures.has(captureText(value)));
  return !('op' in condition) || condition.op !== '=' || captures.has(captureText(condition.value));
}

/** A key as the names of files give it, however it is written in a question. */
function captureText(value: Exclude<Value, null>): string {
  return String(wholeNumber(value));
}

function mayHoldTime({ day }: Pick<IndexedFile, 'day'>, condition: Condition): boolean {
  if (!('op' in condition)) return true;
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
