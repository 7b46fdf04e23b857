/** The row of one flow, asked for by its id. */
import { useEffect, useState } from 'react';
import { FLOW_ROWS } from '../../../shared/columns/rows.ts';
import type { FlowRow } from '../../../shared/model/rows.ts';
import { useApp, useAppState } from '../../core/app-context.ts';

/** @returns null while it is on the way */
export function useFlowRow(flow: number | null): FlowRow | null {
  const { link } = useApp();
  const summary = useAppState((state) => state.summary);
  const [row, setRow] = useState<FlowRow | null>(null);
  useEffect(() => {
    if (flow === null) return;
    const abort = new AbortController();
    const query = {
      sort: 'start',
      direction: 'ascending',
      filter: `flow:${flow}`,
      from: 0,
      count: 1,
    } as const;
    link.call('flows.rows', query, abort.signal).then(
      (window) => {
        if (!abort.signal.aborted) setRow(FLOW_ROWS.decode(window.rows).at(0) ?? null);
      },
      // The list of packets, which asks the same engine, shows the error.
      () => undefined,
    );
    return () => {
      abort.abort();
    };
  }, [link, flow, summary]);
  return row?.id === flow ? row : null;
}
