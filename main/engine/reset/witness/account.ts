/** The witness's word as texts and the account of a reset show it. */
import type { KernelWitness, SocketOwner } from '../../../../shared/model/witness.ts';
import { plainReason, reasonDeed, reasonEvent } from './reasons.ts';
import type { WitnessSays } from './hear.ts';

/** "nginx[812]" */
export function ownerText({ name, pid }: SocketOwner): string {
  return pid === 0 ? name : `${name}[${pid}]`;
}

/** "nginx[812] closed the socket with unread data"; undefined where the kernel gave neither reason nor process. */
export function deedText(says: WitnessSays): string | undefined {
  if (says.event === null) return undefined;
  const reason = plainReason(says.event.reason);
  const { process } = says.event;
  const deed = reasonDeed(reason);
  if (process !== null && deed !== undefined) return `${ownerText(process)} ${deed}`;
  return reasonEvent(reason);
}

/** For the account of a reset. */
export function kernelWitness(says: WitnessSays): KernelWitness | null {
  switch (says.word) {
    case 'none':
    case 'not-received':
      return null;
    case 'not-sent-in':
    case 'not-sent-out':
      return { word: 'not-sent', reason: null, process: null };
    case 'sent':
    case 'received':
      return { word: says.word, reason: says.event?.reason ?? null, process: says.event?.process ?? null };
  }
}
