/** The row of one packet, asked for by its number. */
import { useEffect, useState } from 'react';
import type { PacketRow } from '../../shared/model/rows.ts';
import { useApp, useAppState } from '../core/app-context.ts';
import { rowsAt } from '../state/packet-rows.ts';

/** @returns null while it is on the way, and where it was let go */
export function usePacketRow(packet: number): PacketRow | null {
  const { link } = useApp();
  // Who sent a reset is known once it is judged.
  const summary = useAppState((state) => state.summary);
  const [row, setRow] = useState<PacketRow | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    const all = { filter: '', flow: null };
    const ask = async (): Promise<void> => {
      const place = await link.call('packets.position', { ...all, packet }, abort.signal);
      const rows = await rowsAt(link, all, place, 1, abort.signal);
      if (!abort.signal.aborted) setRow(rows.at(0) ?? null);
    };
    // The detail below asks the same engine and shows its error.
    ask().catch(() => undefined);
    return () => {
      abort.abort();
    };
  }, [link, packet, summary]);
  return row?.packet === packet ? row : null;
}
