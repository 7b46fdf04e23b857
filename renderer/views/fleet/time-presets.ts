/** Stretches of time before the end of what a fleet holds: its end may be long ago, so that "now" would show nothing. */
const HOUR = 3_600_000;

export const PRESETS = [
  { id: 'hour', ms: HOUR },
  { id: 'quarter', ms: 6 * HOUR },
  { id: 'day', ms: 24 * HOUR },
  { id: 'week', ms: 7 * 24 * HOUR },
] as const;

interface Range {
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;
}

export function presetRange(id: string, endMs: number | null): Range {
  const preset = PRESETS.find((one) => one.id === id);
  if (preset === undefined || endMs === null) return { fromMs: undefined, toMs: undefined };
  return { fromMs: endMs - preset.ms, toMs: undefined };
}

/** The preset that a range is; `own` where it is none of them. */
export function presetOf(fromMs: number | undefined, toMs: number | undefined, endMs: number | null): string {
  if (fromMs === undefined && toMs === undefined) return 'all';
  const preset = PRESETS.find(({ ms }) => toMs === undefined && endMs !== null && fromMs === endMs - ms);
  return preset?.id ?? 'own';
}
