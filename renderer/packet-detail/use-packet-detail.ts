/** A packet's detail; that of the packet before stays until this one is here. A packet never changes, so it is asked for once. */
import { useCallback, useEffect, useState } from 'react';
import { errorText } from '../../shared/format/error.ts';
import type { PacketDetail } from '../../shared/model/packet-detail.ts';
import { useApp } from '../core/app-context.ts';

interface Answer {
  readonly packet: number;
  readonly detail: PacketDetail | null;
  readonly error: string | null;
}

export interface PacketDetailState {
  readonly detail: PacketDetail | null;
  readonly error: string | null;
  readonly isOld: boolean;
  readonly retry: () => void;
}

export function usePacketDetail(packet: number): PacketDetailState {
  const { link } = useApp();
  const [attempt, setAttempt] = useState(0);
  const [answer, setAnswer] = useState<Answer | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    link.call('packets.detail', { packet }, abort.signal).then(
      (detail) => {
        if (!abort.signal.aborted) setAnswer({ packet, detail, error: null });
      },
      (error: unknown) => {
        if (!abort.signal.aborted) setAnswer({ packet, detail: null, error: errorText(error) });
      },
    );
    return () => {
      abort.abort();
    };
  }, [link, packet, attempt]);
  const retry = useCallback(() => {
    setAttempt((count) => count + 1);
  }, []);
  return {
    detail: answer?.detail ?? null,
    error: answer?.packet === packet ? answer.error : null,
    isOld: answer !== null && answer.packet !== packet,
    retry,
  };
}
