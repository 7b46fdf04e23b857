/** What the reset acknowledges or answers: what a stack puts there (RFC 9293 §3.5.2, §3.10.7), and what it cannot. */
import { seqDelta } from '../../../../shared/base/seq.ts';
import { TCP_SYN } from '../../decode/facts.ts';
import { FLOW_MIDSTREAM, SEEN_DATA, SEEN_FIN, SEEN_RST } from '../../flow/record.ts';
import { livesAfterAnswer, unheardAnswer } from '../observe/aftermath.ts';
import type { EvidenceContext } from './entry.ts';
import { alone, lastOfReceiver, theReset, trigger } from './entry.ts';

export const ANSWERS = [
  alone({
    code: 'acks-unsent',
    family: 'sequence',
    weight: 1.2,
    source: '[prior] Acknowledges what the other side has not sent: 0.5 % against 10 %.',
    // NaN, where nothing is acknowledged or known, is not above 0.
    when: ({ f }) => f.family === 'active' && !f.lossy && f.ackAhead > 0,
    at: theReset,
    and: lastOfReceiver,
    text: ({ f, receiver }) => `It acknowledges ${f.ackAhead} bytes more than the ${receiver} sent.`,
  }),
  alone({
    code: 'acks-syn-wrongly',
    family: 'sequence',
    weight: 1.5,
    source: '[W] RAE acknowledges the SYN itself, not the number after it. Receivers ignore it.',
    when: ({ f, w }) => {
      if (!f.hasAck || f.synAt < 0 || w.from[f.synAt] !== f.receiver) return false;
      return f.seq === 0 && f.packetsBefore[f.sender] === 0 && seqDelta(f.ack, w.seq[f.synAt]) === 0;
    },
    at: ({ f }) => f.synAt,
    text: () =>
      `It acknowledges the SYN's own number instead of the one after it; stacks do not, and ignore it.`,
  }),
  alone({
    code: 'no-trigger',
    family: 'sequence',
    weight: 1.0,
    source: '[P] 3 % of bare resets; half of the injected [prior].',
    when: answersNothing,
    at: theReset,
    text: ({ receiver }) =>
      `A reset without ACK answers a packet, but the ${receiver} sent none that it could answer.`,
  }),
  alone({
    code: 'reply-to-live-connection',
    family: 'sequence',
    weight: 1.0,
    source:
      '[P] 3.5 % of genuine resets answer a live connection without FIN; firewalls’ rejects nearly always do.',
    // Where the sender plainly lives on, or another host of the address answers, that says the same and more: one fact, weighed once.
    when: (c) =>
      answersLiveConnection(c) && !livesAfterAnswer(c.f) && !unheardAnswer(c.f) && c.f.otherHost !== 'likely',
    at: trigger,
    text: ({ sender }) =>
      `It answers a valid packet of a connection that the ${sender} had neither closed nor reset, as if it did not know it.`,
  }),
];

/** A bare reset answers a segment; one that answers none was made from something else. */
function answersNothing({ f, w }: EvidenceContext): boolean {
  // Some stacks abort with a bare reset at SND.NXT, above all after their own FIN.
  if (f.hasAck || f.triggerAt >= 0 || f.seqPlace === 'acked' || f.seqPlace === 'fin' || f.seqPlace === 'next')
    return false;
  if (f.oneSided || f.lossy || w.cutBefore || f.packetsBefore[f.receiver] === 0) return false;
  return (f.flowBits & FLOW_MIDSTREAM) === 0;
}

/**
 * A host answers a valid segment of a connection with a bare reset only after it forgot the connection. It also does so after
 * its own FIN or reset, after the other side's reset, or when only its SYN-ACK was there (a full accept queue).
 */
function answersLiveConnection({ f, w }: EvidenceContext): boolean {
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
