/** How times are shown: the capture's zero and the user's choice. */
import { useMemo } from 'react';
import type { CaptureSummary } from '../../shared/model/capture.ts';
import type { Clock, TimeStyle } from '../words/values.ts';
import { useAppState } from './app-context.ts';

export function clockOf(summary: CaptureSummary | null, style: TimeStyle): Clock {
  return {
    epochNs: typeof summary?.epochNs === 'string' ? BigInt(summary.epochNs) : null,
    firstNs: summary?.firstNs ?? 0,
    style,
  };
}

export function useClock(): Clock {
  const summary = useAppState((state) => state.summary);
  const style = useAppState((state) => state.timeStyle);
  return useMemo(() => clockOf(summary, style), [summary, style]);
}
