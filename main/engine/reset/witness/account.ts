/** The witness's word as texts and the account of a reset show it. */
import type { KernelWitness, SocketOwner } from '../../../../shared/model/witness.ts';
import { plainReason, reasonDeed, reasonEvent } from './reasons.ts';
import type { WitnessSays } from './hear.ts';

/** "nginx[812]" */
export function ownerText({ name, pid }: SocketOwner): string {
  return pid === 0 ? name : `${name}[${pid}]`;
}

/** "nginx[812] closed the socket with unread data"; undefined where the kernel gave neither reason nor process. */
export function deedText(w: WitnessSays): string | undefined {
  if (w.event === null) return undefined;
  const reason = plainReason(w.event.reason);
  const { process } = w.event;
  const deed = reasonDeed(reason);
  if (process !== null && deed !== undefined) return `${ownerText(process)} ${deed}`;
  return reasonEvent(reason);
}

/** For the account of a reset. */
export function kernelWitness(w: WitnessSays): KernelWitness | null {
  switch (w.word) {
    case 'none':
    case 'not-received':
      return null;
    case 'not-sent-in':
    case 'not-sent-out':
      return { word: 'not-sent', reason: null, process: null };
    case 'sent':
    case 'received':
      return { word: w.word, reason: w.event?.reason ?? null, process: w.event?.process ?? null };
  }
}
