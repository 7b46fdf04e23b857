/** Several resets of one sender in a row, of which not all can be its own. */
import { SEEN_FIN } from '../../flow/record.ts';
import { seqDelta } from '../../../../shared/base/seq.ts';
import { isLinuxSender } from '../observe/stacks.ts';
import type { EvidenceContext } from './entry.ts';
import { alone, firstOfGiven, theReset } from './entry.ts';
import { linuxOrder } from '../phrases.ts';

const turn = ({ f }: EvidenceContext): number => f.burstTurnsAt;

const answerThenAbortText = (): string =>
  `In one burst there is first an answer of a host that does not know the connection, then an abort by one that does.`;

export const BURST = [
  alone({
    code: 'seq-guessed',
    family: 'sequence',
    weight: 2.3,
    decisive: true,
    injector: true,
    source:
      '[W] RST_SEQ_CHANGE: no stack numbers beyond both what it sent and what was acknowledged. [P] 0 of 726 genuine pairs.',
    when: ({ f }) => f.guessedAt >= 0,
    at: ({ f }) => f.guessedAt,
    text: ({ f, w, at, sender }) =>
      `Resets in a row have sequence numbers ${at >= 0 ? Math.abs(seqDelta(w.seq[at], f.seq)) : '?'} apart, beyond all that the ${sender} sent: guesses.`,
  }),
  firstOfGiven(
    turnsInBurst,
    {
      code: 'answers-and-aborts-alternate',
      family: 'aftermath',
      weight: 3.2,
      decisive: true,
      injector: true,
      source:
        '[prior] Answer, abort, answer, abort with one TTL: no host aborts a connection twice and denies it in between. Two emitters as far away as one another, each answering what the other does, explain 0.1 %.',
      when: ({ f }) => f.burstTurns >= 2 && !mayBeHosts(f),
      at: turn,
      text: ({ f, sender }) =>
        `One burst turns ${f.burstTurns} times from an answer that does not know the connection to an abort of it, all with TTL ${f.ttl}: no host does both in turn, so that one device made them in the ${sender}'s name.`,
    },
    {
      code: 'answer-and-abort',
      family: 'sequence',
      weight: 0.9,
      source: '[prior] One of the two, where either may be the host’s own.',
      when: ({ f, w }) => f.hasAck || w.ttl[f.burstTurnsAt] !== f.ttl,
      at: turn,
      text: ({ sender }) =>
        `In one burst there is first an answer that does not know the connection, then an abort of it: one of the two is not the ${sender}'s.`,
    },
    {
      code: 'answer-then-abort',
      family: 'sequence',
      weight: 3.3,
      decisive: true,
      injector: true,
      source:
        '[P] A host that answers as one without the connection has none to abort a moment later: 0 of 201; [L] never a host’s own that had another TTL or IP-ID than the host’s answers have.',
      when: ({ f }) => f.ttl !== f.baseTtl || (isLinuxSender(f) && !f.ipv6 && f.ipId !== 0),
      at: turn,
      text: answerThenAbortText,
    },
    {
      code: 'answer-then-abort-alike',
      family: 'sequence',
      weight: 2.4,
      injector: true,
      source:
        '[prior] As answer-then-abort, where the answer looks as the host’s own do: a device may have ended the host’s connection before. 0.1 %.',
      when: () => true,
      at: turn,
      text: answerThenAbortText,
    },
  ),
  alone({
    code: 'aborts-repeated',
    family: 'sequence',
    weight: 1.4,
    injector: true,
    source:
      '[L] Linux aborts once; the others are not its own. At most one of a burst may be: 2 % against 50 % [prior]. Lab 2: 36 and 230; stated 1.5.',
    when: ({ f }) => f.burstAborts > 0 && f.family === 'active' && !f.copy && isLinuxSender(f),
    at: theReset,
    text: ({ sender }) =>
      `The connection is aborted more than once in the ${sender}'s name; ${linuxOrder(sender)}, and Linux aborts once.`,
  }),
];

/** Linux answers without a connection with IP-ID 0 and from its own distance: such an answer may be the host's own. */
function mayBeHosts(f: EvidenceContext['f']): boolean {
  return !f.hasAck && f.ttl === f.baseTtl && isLinuxSender(f) && !f.ipv6 && f.ipId === 0;
}

/**
 * An answer and an abort in one burst: one of them is not the sender's. That may be the other one: the abort can be the host's
 * own, and so can an answer that looks as the host's own do, after a middlebox has ended its connection.
 */
function turnsInBurst({ f }: EvidenceContext): boolean {
  if (f.burstTurnsAt < 0 || (f.senderSeen & SEEN_FIN) !== 0) return false;
  return !f.halfOpen && !f.disordered && f.synAt !== f.lastAt[f.sender];
}
