/** Bytes that a side had sent and not seen acknowledged when the reset came. */
import { seqDelta } from '../../../../shared/base/seq.ts';
import { SEEN_ACK, SEEN_ANY, SEEN_FIN, SEEN_FIN_ACKED, SEEN_SYN, SEEN_SYN_ACK } from '../../flow/record.ts';
import type { OriginKind } from '../../../../shared/model/verdict.ts';
import type { ResetFacts } from './facts.ts';

/** More than any window holds: the numbers do not belong together. */
const IMPLAUSIBLE = 1 << 30;

/** Bytes of the side whose address the reset carries; null where they are not known. */
export function unacknowledgedOfSender(f: ResetFacts): number | null {
  return bytes(f.senderSeen, f.senderNext, f.receiverSeen, f.receiverLastAck);
}

/**
 * Bytes of the other side. A RST+ACK in order acknowledges as well, as an abort does; that of a device on the path proves
 * nothing, as it only repeats what the device saw pass.
 */
export function unacknowledgedOfReceiver(f: ResetFacts, kind: OriginKind): number | null {
  const own =
    kind !== 'middlebox' && f.family === 'active' && f.ackAhead <= 0 && seqDelta(f.ack, f.senderLastAck) > 0;
  return bytes(f.receiverSeen, f.receiverNext, f.senderSeen, own ? f.ack : f.senderLastAck);
}

function bytes(seen: number, next: number, otherSeen: number, acknowledged: number): number | null {
  if ((seen & SEEN_ANY) === 0) return 0;
  if ((otherSeen & SEEN_ACK) === 0) {
    // The other side has acknowledged nothing yet. Where it never spoke, only a SYN can be out.
    return (otherSeen & SEEN_ANY) === 0 && (seen & (SEEN_SYN | SEEN_SYN_ACK)) !== 0 ? 0 : null;
  }
  let open = seqDelta(next, acknowledged);
  if ((seen & SEEN_FIN) !== 0 && (seen & SEEN_FIN_ACKED) === 0 && open > 0) open--;
  if (open > IMPLAUSIBLE || open < -IMPLAUSIBLE) return null;
  return Math.max(0, open);
}
