/** How times are shown: the capture's zero and the user's choice. */
import { useMemo } from 'react';
import type { Clock } from '../words/values.ts';
import { useAppState } from './app-context.ts';

export function useClock(): Clock {
  const summary = useAppState((state) => state.summary);
  const style = useAppState((state) => state.timeStyle);
  return useMemo(
    () => ({
      epochNs: typeof summary?.epochNs === 'string' ? BigInt(summary.epochNs) : null,
      firstNs: summary?.firstNs ?? 0,
      style,
    }),
    [summary, style],
  );
}
