/** What follows the reset: whoever goes on with a connection did not send "its" reset. */
import { livesAfterAnswer, unheardAnswer } from '../observe/aftermath.ts';
import { delayText } from '../phrases.ts';
import type { EvidenceContext } from './entry.ts';
import { alone, firstOfGiven, trigger } from './entry.ts';
import { later } from './later.ts';

/** The other side has to have tried for so long before the sender's silence means something. */
const SILENT_SPAN_NS = 1_000_000_000;
const SILENT_PACKETS = 2;
/** Packets that were only delayed on the way arrive within this. */
const DELAYED_NS = 10_000_000;

/** The first packet that shows the sender's connection alive: new data, or else an acknowledgement. */
const alive = ({ f }: EvidenceContext): number => (f.afterDataAt >= 0 ? f.afterDataAt : f.afterAckAt);
const peer = ({ f }: EvidenceContext): number => f.afterPeerAt;

export const AFTERMATH = [
  alone({
    code: 'handshake-goes-on',
    family: 'aftermath',
    weight: 2.7,
    decisive: true,
    source: '[W] The real answer after the refusal: demonstrated by the RAE trace.',
    when: ({ f }) => f.afterSynAckAt >= 0 && f.family !== 'reply',
    at: ({ f }) => f.afterSynAckAt,
    text: (t) => `The ${t.sender} answers the SYN with SYN-ACK ${later(t)} after "its" refusal.`,
  }),
  // Of several hosts of one address one may well go on while another one answers with a reset.
  firstOfGiven(
    ({ f }) => f.otherHost === 'no',
    {
      code: 'sender-took-answered-data',
      family: 'aftermath',
      weight: 3.2,
      decisive: true,
      injector: true,
      source:
        '[prior] It acknowledges what the reset rejected: that reached the socket, and no filter stood before it, which would have kept it.',
      when: ({ f }) => f.afterTakenAt >= 0,
      at: ({ f }) => f.afterTakenAt,
      and: trigger,
      text: (t) =>
        `The ${t.sender} acknowledges, ${later(t)} after "its" reset, the very data that this reset answers: the data arrived, so no packet filter of the ${t.sender} refused it.`,
    },
    {
      code: 'answer-unheard',
      family: 'aftermath',
      weight: 1.5,
      source:
        '[L] It rejects a segment and then repeats what that one acknowledges: the segment did not reach its socket. A translation that is missing or a rule of the host does that, as likely as a device that copies the TTL and keeps the segment.',
      when: ({ f }) => unheardAnswer(f),
      at: ({ f }) => f.afterUnheardAt,
      and: trigger,
      text: (t) =>
        `The ${t.sender} sends again, ${later(t)} after this answer, what the very packet acknowledges that it answers: that packet never reached its socket. It arrived there under another address (a translation is missing), or a packet filter took it.`,
    },
    {
      code: 'sender-lives-after-answer',
      family: 'aftermath',
      weight: 1.5,
      source:
        '[L] As sender-goes-on, after an answer (bare reset) that has the sender’s own TTL: a firewall rule on the host itself rejects packets while its socket lives, as likely as a device that copies the TTL.',
      when: ({ f }) => livesAfterAnswer(f),
      at: alive,
      text: (t) =>
        `The ${t.sender}'s connection goes on ${later(t)} after this answer: a firewall rule on the host or a device with its TTL made it.`,
    },
    {
      code: 'sender-hears-on',
      family: 'aftermath',
      weight: 3.4,
      decisive: true,
      source: '[prior] Acknowledges what passed only after "its" reset: cannot be explained by any delay.',
      when: ({ f }) => f.afterCausalAt >= 0,
      at: ({ f }) => f.afterCausalAt,
      text: (t) =>
        `The ${t.sender} acknowledges, ${later(t)} after "its" reset, what the ${t.receiver} sent after that reset.`,
    },
    {
      code: 'sender-goes-on-soon',
      family: 'aftermath',
      weight: 2.4,
      source: '[L] As sender-goes-on and sender-acknowledges, but so soon that delayed packets explain some.',
      when: (c) => alive(c) >= 0 && !isLate(c),
      at: alive,
      text: (t) => `The ${t.sender} goes on ${later(t)} after "its" reset.`,
    },
    {
      code: 'sender-goes-on',
      family: 'aftermath',
      weight: 3.2,
      decisive: true,
      source:
        '[P] 0.3 %, all crafted, and a real host cannot: no socket is left. Half of all device resets show it [prior].',
      when: ({ f }) => f.afterDataAt >= 0,
      at: alive,
      text: (t) => `The ${t.sender} sends new data ${later(t)} after "its" reset.`,
    },
    {
      code: 'sender-acknowledges',
      family: 'aftermath',
      weight: 2.9,
      decisive: true,
      source: '[prior] Acknowledges further data after "its" reset.',
      when: ({ f }) => f.afterAckAt >= 0,
      at: alive,
      text: (t) => `The ${t.sender} acknowledges further data ${later(t)} after "its" reset.`,
    },
    {
      code: 'sender-resends',
      family: 'aftermath',
      weight: 2.2,
      source: '[P] 0.3–1 %: repeats old data or a FIN, as a host does that knows of no reset.',
      when: ({ f }) => f.afterResentAt >= 0,
      at: ({ f }) => f.afterResentAt,
      text: (t) =>
        `The ${t.sender} sends unacknowledged data or its FIN again ${later(t)} after "its" reset.`,
    },
    {
      code: 'sender-still-acks',
      family: 'aftermath',
      weight: 1.6,
      source:
        '[prior] A bare acknowledgement without news: a socket exists. Challenge acknowledgements look like this.',
      when: ({ f }) => f.afterPureAt >= 0,
      at: ({ f }) => f.afterPureAt,
      text: (t) =>
        `The ${t.sender} still acknowledges ${later(t)} after "its" reset: its connection is alive.`,
    },
    {
      code: 'sender-answers-again',
      family: 'aftermath',
      weight: -0.1,
      source: '[prior] A device without the connection answers so as well. Lab: 1,029 and 393; stated −0.25.',
      when: ({ f }) => f.afterAnswers > 0 && f.afterPeerPackets > 0,
      at: peer,
      text: ({ sender }) =>
        `The ${sender} answers what still comes with further resets, as a host without the connection does.`,
    },
    {
      code: 'sender-silent',
      family: 'aftermath',
      weight: -0.3,
      source: '[prior] The other side goes on and gets nothing: the host is gone, or the way is blocked.',
      when: ({ f }) => f.afterPeerPackets >= SILENT_PACKETS && f.afterPeerSpan >= SILENT_SPAN_NS,
      at: peer,
      text: ({ f, sender, receiver }) =>
        `The ${receiver} goes on for ${delayText(f.afterPeerSpan)} and gets no answer: the ${sender} is gone.`,
    },
  ),
  alone({
    code: 'both-ends-reset',
    family: 'aftermath',
    weight: 1.7,
    injector: true,
    source: '[prior] Both ends are reset in the name of the other: 1 % against 50 %.',
    when: ({ f }) => f.mirrorAt >= 0,
    at: ({ f }) => f.mirrorAt,
    text: ({ f, w, at, receiver }) =>
      `A reset in the ${receiver}'s name comes within ${at >= 0 ? delayText(Math.abs(w.time[at] - f.time)) : ''}, and neither answers the other.`,
  }),
];

/**
 * Whether what shows the sender alive was sent after the reset. An abort carries the number after all that was ever sent: data
 * beyond it was not delayed, but sent later.
 */
function isLate(c: EvidenceContext): boolean {
  const { f, w } = c;
  if (f.family === 'active' && f.afterDataAt >= 0) return true;
  return w.time[alive(c)] - f.time > DELAYED_NS;
}
