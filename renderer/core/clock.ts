/** How times are shown: the capture's zero and the user's choice. */
import { useMemo } from 'react';
import type { CaptureSummary } from '../../shared/model/capture.ts';
import type { Clock, TimeStyle } from '../words/values.ts';
import { useAppState } from './app-context.ts';

export function clockOf(
  summary: CaptureSummary | null,
  style: TimeStyle,
  selectedNs: number | null = null,
): Clock {
  return {
    epochNs: typeof summary?.epochNs === 'string' ? BigInt(summary.epochNs) : null,
    firstNs: summary?.firstNs ?? 0,
    style,
    selectedNs,
  };
}

export function useClock(): Clock {
  const summary = useAppState((state) => state.summary);
  const style = useAppState((state) => state.timeStyle);
  // Only where times are told from it: a list need not be drawn anew for each reset that is looked at.
  const selectedNs = useAppState((state) => (state.timeStyle === 'selected' ? state.selectedNs : null));
  return useMemo(() => clockOf(summary, style, selectedNs), [summary, style, selectedNs]);
}
