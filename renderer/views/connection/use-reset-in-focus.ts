/** The reset that the connection is looked at for: the chosen one, the one that led here, or the first that matters. */
import { useEffect, useMemo, useState } from 'react';
import type { ResetDetail } from '../../../shared/model/capture.ts';
import type { FlowReset } from '../../../shared/model/connection.ts';
import { useApp, useAppState } from '../../core/app-context.ts';
import { indexOfPacket } from '../../ladder/rungs.ts';
import type { EvidenceMark } from '../../ladder/scene.ts';
import type { Connection } from './use-connection.ts';

export interface ResetInFocus {
  readonly reset: FlowReset;
  /** null while it is on the way. */
  readonly detail: ResetDetail | null;
  readonly marks: ReadonlyMap<number, EvidenceMark>;
}

export function useResetInFocus(connection: Connection | null, selected: number | null): ResetInFocus | null {
  const { link } = useApp();
  const wanted = useAppState((state) => state.reset);
  const resets = connection?.account.resets ?? [];
  const index = connection === null || selected === null ? -1 : indexOfPacket(connection.packets, selected);
  const chosen = connection === null || index < 0 ? -1 : connection.packets.columns.reset[index];
  const reset =
    resets.find(({ row }) => row.id === chosen) ??
    resets.find(({ row }) => row.id === wanted) ??
    resets.find(({ row }) => row.matters) ??
    resets.at(0) ??
    null;
  const id = reset?.row.id ?? null;
  const [detail, setDetail] = useState<ResetDetail | null>(null);
  useEffect(() => {
    if (id === null) return;
    const abort = new AbortController();
    link.call('resets.detail', { id }, abort.signal).then(
      (answer) => {
        if (!abort.signal.aborted) setDetail(answer);
      },
      // The ladder stands without it; the account says who made the reset.
      () => undefined,
    );
    return () => {
      abort.abort();
    };
  }, [link, id, connection?.account]);
  return useMemo(() => {
    if (reset === null) return null;
    const its = detail?.row.id === reset.row.id ? detail : null;
    return { reset, detail: its, marks: marksOf(its) };
  }, [reset, detail]);
}

/** Which side the heaviest evidence on a packet favours. */
function marksOf(detail: ResetDetail | null): ReadonlyMap<number, EvidenceMark> {
  const marks = new Map<number, EvidenceMark>();
  for (const { favours, packets, text } of [...(detail?.evidence ?? [])].sort(
    (a, b) => a.weight - b.weight,
  )) {
    if (favours === 'neither') continue;
    for (const packet of packets) marks.set(packet, { favours, text });
  }
  return marks;
}
