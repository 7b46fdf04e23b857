/** Whether the receiver takes the reset (RFC 5961 §3.2), by the numbers first and by what it then does. */
import type { Obeyed } from '../../../../shared/model/verdict.ts';
import { seqAdd, seqDelta } from '../../../../shared/base/seq.ts';
import { FLOW_MIDSTREAM, SEEN_ACK, SEEN_ANY, SEEN_FIN, SEEN_RST } from '../../flow/record.ts';
import type { ResetFacts } from '../observe/facts.ts';
import type { FlowWindow } from '../observe/flow-window.ts';
import type { HeardWord } from '../witness/hear.ts';

/** Largest window scale (RFC 7323 §2.3). */
const MOST_SCALE = 14;

/** @param word of the kernel witness */
export function obeyedBy(w: FlowWindow, f: ResetFacts, word: HeardWord): Obeyed {
  if (word === 'received') return 'yes';
  const byPackets = packetsSay(w, f);
  return word === 'not-received' && byPackets !== 'challenged' ? 'ignored' : byPackets;
}

function packetsSay(w: FlowWindow, f: ResetFacts): Obeyed {
  // The receiver has reset the connection itself: nobody is there any more to obey.
  if ((f.receiverSeen & SEEN_RST) !== 0) return 'ignored';
  const byNumbers = numbersSay(w, f);
  if (f.receiverWentOnAt >= 0 && goesOnReally(w, f))
    return byNumbers === 'challenged' ? 'challenged' : 'ignored';
  return byNumbers;
}

/** A FIN or a resend may already have been queued; data and further acknowledgements need a living socket. */
function goesOnReally(w: FlowWindow, f: ResetFacts): boolean {
  if (f.receiverWentOnBytes > 0) return true;
  const i = f.receiverWentOnAt;
  return (f.receiverSeen & SEEN_ACK) !== 0 && seqDelta(w.ack[i], f.receiverLastAck) >= 0;
}

function numbersSay(w: FlowWindow, f: ResetFacts): Obeyed {
  if ((f.receiverSeen & SEEN_ANY) === 0) return 'unknown';
  const syn = f.synAt;
  const opening = syn >= 0 && w.from[syn] === f.receiver && (f.receiverSeen & SEEN_ACK) === 0;
  if (opening) {
    // SYN-SENT: only a reset that acknowledges the SYN counts (RFC 9293 §3.10.7.3).
    if (!f.hasAck) return 'ignored';
    const beyondSyn = seqDelta(f.ack, seqAdd(w.seq[syn], 1));
    return beyondSyn === 0 || (beyondSyn > 0 && seqDelta(f.ack, f.receiverNext) <= 0) ? 'yes' : 'ignored';
  }
  if ((f.receiverSeen & SEEN_ACK) === 0) return 'unknown';
  const next = f.receiverLastAck;
  // What the sender had sent may have arrived without being acknowledged yet.
  const reached = (f.senderSeen & SEEN_ANY) !== 0 && seqDelta(f.senderNext, next) > 0 ? f.senderNext : next;
  if (f.seq === next || f.seq === reached) return 'yes';
  // Linux takes the sequence number of the FIN as well while it closes.
  if ((f.senderSeen & SEEN_FIN) !== 0 && f.seq === f.senderFin) return 'yes';
  const scaled = f.receiverWindow << scaleOf(f);
  const ahead = seqDelta(f.seq, next);
  if (ahead > 0 && ahead < scaled) return 'challenged';
  if ((f.flowBits & FLOW_MIDSTREAM) !== 0 && ahead > 0 && ahead < f.receiverWindow << MOST_SCALE)
    return 'unknown';
  return 'ignored';
}

/** Shift of the receiver's windows: its own SYN says it, if the sender's offered scaling too. */
function scaleOf(f: ResetFacts): number {
  const own = f.receiverSyn & 0xffff;
  const other = f.senderSyn & 0xffff;
  return own > 0 && other > 0 ? Math.min(own - 1, MOST_SCALE) : 0;
}
