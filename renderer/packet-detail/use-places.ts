/** One packet at all capture points of a case; nothing where its connection was captured at one only. */
import { useEffect, useState } from 'react';
import type { PacketAt } from '../../shared/model/join.ts';
import { useApp, useAppState } from '../core/app-context.ts';

const NOWHERE: readonly PacketAt[] = [];

export function usePlaces(packet: number): readonly PacketAt[] {
  const { link } = useApp();
  const isJoined = useAppState((state) => state.join !== null);
  const [answer, setAnswer] = useState<{ readonly packet: number; readonly places: readonly PacketAt[] }>();
  useEffect(() => {
    if (!isJoined) return;
    const abort = new AbortController();
    link.call('packets.places', { packet }, abort.signal).then(
      (places) => {
        if (!abort.signal.aborted) setAnswer({ packet, places });
      },
      () => {
        // The packet itself is shown beside it, and says why it cannot be read.
        if (!abort.signal.aborted) setAnswer({ packet, places: NOWHERE });
      },
    );
    return () => {
      abort.abort();
    };
  }, [link, packet, isJoined]);
  return isJoined && answer?.packet === packet ? answer.places : NOWHERE;
}
