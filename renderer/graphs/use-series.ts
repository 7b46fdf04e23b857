/** The series of one side, for the range that is shown. What was shown stays until the next is here, and moves with the range. */
import { useEffect, useState } from 'react';
import type { Series } from '../../shared/columns/series.ts';
import { decodeSeries } from '../../shared/columns/series.ts';
import { RpcError } from '../../shared/contract/errors.ts';
import { BOUNDS } from '../../shared/contract/schemas.ts';
import { errorText } from '../../shared/format/error.ts';
import type { FlowSeries } from '../../shared/model/connection.ts';
import type { Side } from '../../shared/model/verdict.ts';
import { useApp } from '../core/app-context.ts';
import type { TimeRange } from './range.ts';

export interface SideSeries extends Omit<FlowSeries, 'values'> {
  readonly flow: number;
  readonly series: Series;
}

/** While the range moves, nothing is asked for. */
const REST_MS = 60;

export function useSeries(
  flow: number,
  side: Side,
  range: TimeRange,
  columns: number,
  /** Another one asks anew: more packets came. */
  packets: number,
): { readonly shown: SideSeries | null; readonly error: string | null } {
  const { link } = useApp();
  const [shown, setShown] = useState<SideSeries | null>(null);
  const [error, setError] = useState<string | null>(null);
  const { fromNs, toNs } = range;
  const wanted = Math.min(BOUNDS.columns, Math.floor(columns));
  useEffect(() => {
    if (wanted < 1) return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      link.call('flows.series', { flow, side, fromNs, toNs, columns: wanted }, abort.signal).then(
        ({ values, ...answer }) => {
          if (abort.signal.aborted) return;
          setShown({ ...answer, flow, series: decodeSeries(values, answer.columns) });
          setError(null);
        },
        (reason: unknown) => {
          if (abort.signal.aborted || (reason instanceof RpcError && reason.code === 'cancelled')) return;
          setError(errorText(reason));
        },
      );
    }, REST_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [link, flow, side, fromNs, toNs, wanted, packets]);
  const isOfIt = shown !== null && shown.flow === flow && shown.side === side;
  return { shown: isOfIt ? shown : null, error };
}
