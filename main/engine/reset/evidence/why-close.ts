/** What had been closed, lost or left unread before the reset. */
import { bytesText } from '../../../../shared/format/bytes.ts';
import { countText } from '../../../../shared/format/count.ts';
import { seqDelta } from '../../../../shared/base/seq.ts';
import { SEEN_ACK, SEEN_FIN } from '../../flow/record.ts';
import type { ResetFacts } from '../observe/facts.ts';
import type { UnfinishedReply } from '../observe/messages.ts';
import { unfinishedReply, unreadRequest } from '../observe/messages.ts';
import { UNANSWERED_RESENDS, isWindowClosed, lostPeer } from '../observe/resends.ts';
import { timeBetween } from '../observe/flow-window.ts';
import { delayText, sideName } from '../phrases.ts';
import type { EvidenceContext } from './entry.ts';
import { WHY, firstOfGiven, shows, trigger } from './entry.ts';

const crossing = ({ f }: EvidenceContext): number => f.crossedAt;
const fin = ({ f }: EvidenceContext): number => f.finAt[f.sender];

export const WHY_CLOSE = [
  shows({
    code: 'crossed-the-close',
    source: 'RFC 9293 §3.6: data that meets a socket closed for both directions is answered with a reset.',
    when: ({ f }) => f.crossedAt >= 0,
    at: crossing,
    and: fin,
    text: ({ f, w, sender, receiver }) => {
      const apart = timeBetween(w, f.finAt[f.sender], f.crossedAt);
      const order = apart < 0 ? 'before' : 'after';
      return `The ${sender}'s FIN does not acknowledge the ${countText(f.crossedBytes)} bytes that the ${receiver} sent ${delayText(Math.abs(apart))} ${order} it: they crossed.`;
    },
  }),
  shows({
    code: 'request-unread',
    source:
      'RFC 9112 §6.3 for the length; RFC 9293 §3.10.7 and RFC 1122 §4.2.2.13 for the reset of a close with data unread.',
    when: ({ f, hints }) => f.resetsBefore[0] + f.resetsBefore[1] === 0 && unreadRequest(f, hints) !== null,
    at: ({ f }) => f.lastDataAt[f.receiver],
    text: ({ f, hints, sender, receiver }) => {
      const unread = unreadRequest(f, hints);
      if (unread === null) return `The ${sender} closed before it had read the whole request.`;
      const { came, announced, status, method } = unread;
      const reply = status === null ? 'before any reply' : `after its reply ${status}`;
      if (came === null)
        return `The ${receiver} was still sending the body of its ${method} request when the ${sender} closed, ${reply}: the rest was never read.`;
      const length = announced === null ? 'a body in chunks without its end' : bytesText(announced);
      const exact = announced === null ? '' : ` of ${countText(announced)}`;
      return `Of the ${method} request's body ${bytesText(came)} of ${length} had come (${countText(came)}${exact} bytes) when the ${sender} closed, ${reply}: the rest of the body was never read.`;
    },
  }),
  firstOfGiven(
    ({ hints }) => (hints?.http2 ?? null) !== null,
    {
      ...WHY,
      code: 'goaway-before',
      source: 'RFC 9113 §6.8: the last stream that its sender took, and why it ends.',
      when: ({ f, hints }) => (hints?.http2?.goAway?.packet ?? f.packet) < f.packet,
      text: ({ hints }) => {
        const goAway = hints?.http2?.goAway ?? null;
        if (goAway === null) return 'The end of the connection had been announced with GOAWAY.';
        const { code, lastStream, text, direction } = goAway;
        const newest = hints?.http2?.newestStream ?? 0;
        const said = text === null || text === '' ? '' : ` ("${text}")`;
        const left =
          newest > lastStream
            ? `; streams up to ${newest} were opened, and the later ones may be sent again`
            : '';
        return `The ${sideName(direction)} had announced the end of the connection with GOAWAY ${code}${said}, last stream ${lastStream}${left}.`;
      },
    },
    {
      ...WHY,
      code: 'stream-reset-before',
      source: 'RFC 9113 §6.4: one stream ends, the connection goes on.',
      when: ({ f, hints }) => (hints?.http2?.streamReset?.packet ?? f.packet) < f.packet,
      text: ({ hints }) => {
        const reset = hints?.http2?.streamReset ?? null;
        if (reset === null) return 'A stream had been ended with RST_STREAM before.';
        return `The ${sideName(reset.direction)} had ended stream ${reset.stream} with RST_STREAM ${reset.code} before.`;
      },
    },
  ),
  shows({
    code: 'resent-unanswered',
    source:
      'RFC 6298 §5.5: retransmissions at growing intervals, then the connection is given up (RFC 9293 §3.8.3).',
    when: ({ f, w }) => lostPeer(w, f),
    at: ({ f }) => f.unansweredAt,
    and: ({ f }) => f.unansweredLastAt,
    text: ({ f, w, sender, receiver }) =>
      `The ${sender} ${isWindowClosed(f) ? `asked for room in the closed window of the ${receiver}` : 'sent the same data again'} ${countText(f.unanswered)} times in ${delayText(timeBetween(w, f.unansweredAt, f.unansweredLastAt))} and heard nothing of the ${receiver}, then gave up ${delayText(timeBetween(w, f.unansweredLastAt, f.at))} after the last try.`,
  }),
  shows({
    code: 'large-segments-lost',
    source: 'RFC 2923 §2.1: a black hole for large packets lets small ones pass.',
    when: ({ f }) => Math.max(f.largeResends, f.peerLargeResends) >= UNANSWERED_RESENDS,
    text: ({ f, sender, receiver }) => {
      const own = f.largeResends >= UNANSWERED_RESENDS;
      return `Segments of full size from the ${own ? sender : receiver} were sent again ${countText(own ? f.largeResends : f.peerLargeResends)} times and never acknowledged, none of that size ever was, and smaller ones passed.`;
    },
  }),
  shows({
    code: 'loop-of-resets',
    source:
      'RFC 5961 §3.2 and §7: a challenge acknowledgement carries its sender’s own next number, and its rate is limited.',
    when: ({ f }) => f.loopRounds > 0,
    at: ({ f }) => f.loopFirstAt,
    and: ({ f }) => f.loopLastAt,
    text: ({ f, w, sender, receiver }) => {
      const span = delayText(timeBetween(w, f.loopFirstAt, f.loopLastAt));
      const place = f.loopEnds ? 'It ends' : f.at === f.loopFirstAt ? 'It begins' : 'It belongs to';
      const count = `${f.loopCut ? 'at least ' : ''}${countText(f.loopRounds)} rounds in ${span}`;
      return `${place} one loop, ${count}: each reset of the ${sender} answers an acknowledgement of the ${receiver} that answers the reset before, all with the same number.`;
    },
  }),
  shows({
    code: 'earlier-segment-missing',
    source: 'The number of the answered segment against the end of what came before it.',
    when: ({ f }) => f.missingBefore > 0,
    at: trigger,
    text: ({ f, receiver }) =>
      `The data that it answers was out of order: ${countText(f.missingBefore)} bytes of the ${receiver} before it had not come yet.`,
  }),
  shows({
    code: 'receiver-went-on',
    source: 'RFC 5961 §3.2: who takes a reset sends nothing of that connection any more.',
    when: ({ f }) => f.receiverWentOnAt >= 0 && f.receiverWentOnBytes > 0 && f.loopRounds === 0,
    at: ({ f }) => f.receiverWentOnAt,
    text: ({ f, w, receiver }) =>
      `The ${receiver} still sent data ${delayText(timeBetween(w, f.at, f.receiverWentOnAt))} later: it had not taken this reset by then.`,
  }),
  shows({
    code: 'number-passed-already',
    source: 'RFC 5961 §3.2: only the number that the receiver expects next resets; older ones are dropped.',
    when: ({ f }) => isBehind(f) && f.resetsBefore[f.receiver] === 0,
    text: ({ f, receiver }) =>
      `Its number lies ${countText(seqDelta(f.receiverLastAck, f.seq))} bytes before the one that the ${receiver} expected next, so that the ${receiver} had no reason to take it.`,
  }),
  shows({
    code: 'reply-cut-short',
    source:
      'RFC 9112 §8: a message is incomplete that ends before its Content-Length or last chunk, or without a close where only that ends it.',
    when: ({ f, hints }) => unfinishedReply(f, hints) !== null,
    at: ({ f }) => f.lastDataAt[f.sender],
    text: ({ f, hints }) => {
      const reply = unfinishedReply(f, hints);
      return reply === null ? 'The reply was cut short.' : `${howFar(reply)}: it was cut short.`;
    },
  }),
  shows({
    code: 'after-earlier-reset',
    source: 'A connection ends once: what follows its first reset only answers.',
    when: ({ f }) => f.resetsBefore[0] + f.resetsBefore[1] > 0 && f.loopRounds === 0,
    at: ({ f }) => f.firstResetAt,
    text: ({ f, sender, receiver }) =>
      f.resetsBefore[f.sender] > 0
        ? `The connection had been reset before in the ${sender}'s name: this one only answers what still came.`
        : `The connection had been reset before in the ${receiver}'s name: nothing was left that this one could end.`,
  }),
];

function howFar({ state, came, announced, status }: UnfinishedReply): string {
  const sent = `${countText(came)} bytes`;
  if (state === 'chunks-missing')
    return `The reply comes in chunks, and after ${sent} its last one had not been sent`;
  if (state === 'interim')
    return `Of the reply only the interim ${status} had been sent, and not the final one`;
  if (state === 'unclosed')
    return 'The reply has no Content-Length, so that only a FIN ends it, and none came';
  const whole = announced ?? 0;
  return `Of the reply's ${bytesText(whole)} only ${bytesText(came)} had been sent (${countText(came)} of ${countText(whole)} bytes)`;
}

/** Whether the receiver had acknowledged more than the reset's number; the number of a FIN is taken while its sender closes. */
function isBehind(f: ResetFacts): boolean {
  if (f.halfOpen || !f.established || (f.receiverSeen & SEEN_ACK) === 0) return false;
  if ((f.senderSeen & SEEN_FIN) !== 0 && f.seq === f.senderFin) return false;
  return seqDelta(f.receiverLastAck, f.seq) > 0;
}
