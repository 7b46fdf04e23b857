/** Evidence from the reset's numbers: what a stack puts there (RFC 9293 §3.5.2, §3.10.7) and what a guess looks like. */
import { seqDelta } from '../../../../shared/base/seq.ts';
import { TCP_SYN } from '../../decode/facts.ts';
import { FLOW_MIDSTREAM, SEEN_DATA, SEEN_FIN, SEEN_RST } from '../../flow/record.ts';
import type { ResetFacts } from '../observe/facts.ts';
import type { FlowWindow } from '../observe/flow-window.ts';
import { REORDER_NS } from '../observe/sequence.ts';
import { isLinuxSender } from '../observe/stacks.ts';
import { livesAfterAnswer } from './aftermath.ts';
import type { EvidenceList } from './evidence-list.ts';

export function sequenceEvidence(w: FlowWindow, f: ResetFacts, list: EvidenceList): void {
  if (f.guessedAt >= 0) list.add('seq-guessed', f.guessedAt);
  const closing = (f.senderSeen & SEEN_FIN) !== 0;
  if (f.burstTurnsAt >= 0 && !closing && !f.halfOpen && !f.disordered && f.synAt !== f.lastAt[f.sender])
    list.add(turnCode(w, f), f.burstTurnsAt);
  if (f.burstAborts > 0 && f.family === 'active' && !f.copy && isLinuxSender(f))
    list.add('aborts-repeated', f.at);
  if (f.overtakenAt >= 0) {
    const late = w.time[f.overtakenAt] - f.time > REORDER_NS;
    list.add(late ? 'overtook-data' : 'overtook-data-soon', f.overtakenAt);
  } else placeEvidence(f, list);
  if (abortsHandshake(w, f))
    list.add(isLinuxSender(f) ? 'abort-in-linux-handshake' : 'abort-in-handshake', f.synAckAt);
  if (f.hasAck) ackEvidence(w, f, list);
  else triggerEvidence(w, f, list);
  // Where the sender plainly lives on, that says the same and more: one fact, weighed once.
  if (answersLiveConnection(w, f) && !livesAfterAnswer(f)) list.add('reply-to-live-connection', f.triggerAt);
}

/**
 * Of an answer and an abort one is not the sender's. That may be the other one: the abort can be the host's own, and so can
 * an answer that looks as the host's own do, after a device has ended its connection.
 */
function turnCode(
  w: FlowWindow,
  f: ResetFacts,
): 'answer-and-abort' | 'answer-then-abort' | 'answer-then-abort-alike' {
  if (f.hasAck || w.ttl[f.burstTurnsAt] !== f.ttl) return 'answer-and-abort';
  const odd = f.ttl !== f.baseTtl || (isLinuxSender(f) && !f.ipv6 && f.ipId !== 0);
  return odd ? 'answer-then-abort' : 'answer-then-abort-alike';
}

function placeEvidence(f: ResetFacts, list: EvidenceList): void {
  switch (f.seqPlace) {
    case 'next':
      list.add('seq-next', f.lastAt[f.sender]);
      return;
    case 'acked':
      list.add('seq-acked', f.triggerAt >= 0 ? f.triggerAt : f.lastAt[f.receiver]);
      return;
    case 'fin':
      list.add('seq-fin', f.finAt[f.sender]);
      return;
    case 'ahead':
    case 'behind': {
      // Missing segments move the numbers; nothing seen of one side leaves them without a measure.
      const weak = f.lossy || f.oneSided || (f.flowBits & FLOW_MIDSTREAM) !== 0;
      list.add(weak ? 'seq-elsewhere-lossy' : 'seq-elsewhere', f.at, f.lastAt[f.sender]);
      return;
    }
    case 'zero':
    case 'unknown':
      return;
  }
}

function ackEvidence(w: FlowWindow, f: ResetFacts, list: EvidenceList): void {
  if (f.family === 'active' && !f.lossy && !Number.isNaN(f.ackAhead) && f.ackAhead > 0) {
    list.add('acks-unsent', f.at, f.lastAt[f.receiver]);
  }
  const syn = f.synAt;
  const refusesSyn = syn >= 0 && w.from[syn] === f.receiver && f.seq === 0 && f.packetsBefore[f.sender] === 0;
  if (refusesSyn && seqDelta(f.ack, w.seq[syn]) === 0) list.add('acks-syn-wrongly', syn);
}

/** RST+ACK in the client's name after the SYN-ACK, without the client having ended the handshake. */
function abortsHandshake(w: FlowWindow, f: ResetFacts): boolean {
  if (f.family !== 'active' || f.lossy || f.sender !== 0 || f.synAckAt < 0 || w.from[f.synAckAt] !== 1)
    return false;
  return f.lastAt[0] >= 0 && (w.flags[f.lastAt[0]] & TCP_SYN) !== 0;
}

/** A bare reset answers a segment; one that answers none was made from something else. */
function triggerEvidence(w: FlowWindow, f: ResetFacts, list: EvidenceList): void {
  if (f.triggerAt >= 0 || f.seqPlace === 'acked' || f.seqPlace === 'fin') return;
  if (f.oneSided || f.lossy || w.cutBefore || f.packetsBefore[f.receiver] === 0) return;
  if ((f.flowBits & FLOW_MIDSTREAM) !== 0) return;
  // Some stacks abort with a bare reset at SND.NXT, above all after their own FIN.
  if (f.seqPlace === 'next') return;
  list.add('no-trigger', f.at);
}

/**
 * A host answers a valid segment of a connection with a bare reset only after it forgot the connection. Not so after
 * its own FIN or reset, after the other side's reset, or when only its SYN-ACK was there (a full accept queue).
 */
function answersLiveConnection(w: FlowWindow, f: ResetFacts): boolean {
  if (f.family !== 'reply' || f.triggerAt < 0 || f.seqPlace === 'behind') return false;
  // Earlier answers of the same kind change nothing; an abort does.
  if ((f.senderSeen & SEEN_FIN) !== 0 || f.abortsBefore > 0 || (f.receiverSeen & SEEN_RST) !== 0)
    return false;
  if ((f.senderSeen & SEEN_DATA) === 0) {
    // A client that only completed its handshake is alive all the same; a server may have a full queue.
    if (f.sender === 1 || !f.established) return false;
  }
  if ((w.flags[f.triggerAt] & TCP_SYN) !== 0) return false;
  return f.seqPlace === 'next' || f.seqPlace === 'acked';
}
