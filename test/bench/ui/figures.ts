/** What was measured: several runs of one thing, and what was promised of it. */
export interface Figure {
  readonly group: string;
  readonly name: string;
  readonly unit: 'ms' | 'MiB' | 'packets/s' | '%' | '';
  readonly runs: readonly number[];
  /** CPU time of each run, milliseconds, where it was measured: that of the engine, or of the page's main thread a frame. */
  readonly cpu?: readonly number[];
  /** At most. */
  readonly target?: number;
  /** How much it was about, such as rows that passed. */
  readonly of?: string;
}

/** Told of each figure as it is known. */
export type Note = (...figures: readonly Figure[]) => void;

export function percentile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
