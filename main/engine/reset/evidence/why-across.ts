/** What the other tries of an attempt and other flows show of why a reset was made. */
import { seqAdd, seqDelta } from '../../../../shared/base/seq.ts';
import type { PacketNumber } from '../../../../shared/base/units.ts';
import { TCP_ACK, TCP_SYN } from '../../decode/facts.ts';
import { clockText, delayText, endText, triesText } from '../phrases.ts';
import { countText, plural } from '../../../../shared/format/count.ts';
import { otherSide } from '../observe/flow-ends.ts';
import type { EvidenceContext, Telling } from './entry.ts';
import { WHY, firstOf, shows, theReset } from './entry.ts';

const frameText = ({ view }: EvidenceContext, packet: PacketNumber): string =>
  `frame ${view.packets.frame(packet)}`;
const service = ({ view, f }: EvidenceContext): string => endText(view, f.flow, 1);

export const WHY_ACROSS = [
  firstOf(
    {
      ...WHY,
      code: 'stray-of-connection',
      source: 'RFC 9293 §3.10.7.1: a host that knows no such connection answers with a reset.',
      when: ({ across }) => across.twin.kind === 'stray',
      at: ({ f }) => f.triggerAt,
      text: (t) => {
        const { view, f, w, at, across } = t;
        const { flow, side, hostSide } = across.twin;
        const isSynAck = (w.flags[at] & TCP_SYN) !== 0;
        const proof = isSynAck ? 'acknowledges the SYN' : 'has the numbers';
        return `The packet that it answers came from ${endText(view, f.flow, otherSide(hostSide))}, but ${proof} of the connection of ${endText(view, flow, side)} with ${endText(view, flow, otherSide(side))} (${frameText(t, across.twin.packet)}): another address or port stands in it than a translator should have put there.`;
      },
    },
    {
      ...WHY,
      code: 'reset-untranslated',
      source: 'RFC 9293 §3.5.2: a reset takes its numbers from the connection that it belongs to.',
      when: ({ across }) => across.twin.kind === 'leaked',
      at: theReset,
      text: (t) => {
        const { view, f, across } = t;
        const { flow, side, hostSide } = across.twin;
        return `Its numbers are those of the connection of ${endText(view, flow, side)} with ${endText(view, flow, otherSide(side))} (${frameText(t, across.twin.packet)}), but it comes from ${endText(view, f.flow, otherSide(hostSide))}: it left without being translated.`;
      },
    },
    {
      ...WHY,
      code: 'follows-stray-reset',
      source: 'RFC 9293 §3.10.7.4: a reset in the window ends the connection; what comes then meets none.',
      when: ({ across }) => across.twin.kind === 'consequence',
      at: ({ f }) => f.triggerAt,
      text: (t) => {
        const { view, f, across } = t;
        const { flow, side, packet } = across.twin;
        const before = f.time - view.packets.time(packet);
        return `The ${t.receiver} had reset, ${delayText(before)} before, a packet of this connection that had come from another address, ${endText(view, flow, otherSide(side))} (${frameText(t, packet)}); that reset ended this connection at the ${t.sender}.`;
      },
    },
  ),
  shows({
    code: 'answer-not-known',
    source: 'RFC 9293 §3.10.7.3: a client in SYN-SENT acknowledges the SYN-ACK that it waits for.',
    when: ({ across }) => across.attempt.asksAgain,
    at: ({ f }) => f.triggerAt,
    text: ({ across, receiver, sender }) => {
      const { outcome, tries, resets, span } = across.attempt;
      const count =
        tries > 1 ? ` (${triesText(tries)}, ${plural(resets, 'reset')} in ${delayText(span)})` : '';
      const end = outcome === 'later' ? '' : ', and never took an answer';
      return `The ${sender} reset the SYN-ACK of the ${receiver}, and yet sent the very same SYN again${count}${end}: it waits for an answer, but does not know this one for its own.`;
    },
  }),
  firstOf(
    {
      ...WHY,
      code: 'attempt-succeeded-later',
      source: 'KB175523 (Windows sends a refused SYN again after 0.5 s, twice); RFC 9293 §3.5.1.',
      when: ({ across }) => across.attempt.outcome === 'later',
      at: ({ w, across }) => w.indexOf(across.attempt.successPacket),
      text: (t) => {
        const { attempt } = t.across;
        return `The same attempt succeeded ${delayText(attempt.successAfter)} after its first SYN (${frameText(t, attempt.successPacket)}): nothing was lost but that time.`;
      },
    },
    {
      ...WHY,
      code: 'attempt-succeeded-elsewhere',
      source: 'RFC 8305 §5: the addresses of one name are tried one after the other.',
      when: ({ across }) => across.attempt.outcome === 'elsewhere',
      text: ({ view, across }) =>
        `At the same moment the client reached ${endText(view, across.attempt.instead, 1)}, another address on the same port.`,
    },
    {
      ...WHY,
      code: 'attempt-failed',
      source: 'RFC 9293 §3.8.3: an attempt ends with its last SYN.',
      when: ({ across }) => across.attempt.outcome === 'failed' && across.attempt.tries > 1,
      text: ({ across }) =>
        `None of the ${triesText(across.attempt.tries)} of this attempt in ${delayText(across.attempt.span)} succeeded.`,
    },
  ),
  shows({
    code: 'refusal-ignored',
    source: 'RFC 9293 §3.10.7.3: in SYN-SENT only a reset that acknowledges the SYN counts.',
    when: isIgnoredRefusal,
    at: ({ f }) => f.synAt,
    and: repeatedSyn,
    text: (t) => {
      const { f, w, receiver } = t;
      const short = seqDelta(seqAdd(w.seq[f.synAt], 1), f.ack);
      const wrong = f.hasAck
        ? short === 1
          ? 'acknowledges the SYN’s own number, one too low'
          : 'does not acknowledge the SYN'
        : 'has no ACK';
      const again = repeatedSyn(t);
      if (again < 0) return `It ${wrong}; the ${receiver} ignored those before it and sent its SYN again.`;
      return `It ${wrong}, so the ${receiver} ignored it and sent its SYN again after ${delayText(w.time[again] - f.time)}.`;
    },
  }),
  firstOf(
    {
      ...WHY,
      code: 'accepted-in-same-moment',
      source: 'KB113576 (Windows), tcp_input of BSD and macOS: a SYN that meets a full queue is reset.',
      when: ({ across }) => across.refusal.pattern === 'burst',
      text: (t) => {
        const { accepted, refused } = t.across.refusal;
        return `Of the connects to ${service(t)} in the same moment ${accepted} were accepted and ${refused} refused: something listens there.`;
      },
    },
    {
      ...WHY,
      code: 'refused-in-turns',
      source: '[prior] A service that stops refuses all connects; one of several hosts refuses its share.',
      when: ({ across }) => across.refusal.pattern === 'turns',
      text: (t) => {
        const { accepted, refused, hosts, toldBy } = t.across.refusal;
        const several =
          toldBy === null
            ? ''
            : `; ${toldBy === 'ttl' ? 'distances' : 'clocks'} tell ${hosts} hosts that accept behind this address`;
        return `Of the connects to ${service(t)} ${accepted} were accepted and ${refused} refused in turns, also far apart${several}.`;
      },
    },
    {
      ...WHY,
      code: 'refused-for-a-while',
      source: '[prior] A listener that is started again refuses everything for a while.',
      when: ({ across }) => across.refusal.pattern === 'outage',
      text: outageText,
    },
    {
      ...WHY,
      code: 'refused-since',
      source: '[prior] A listener that is gone refuses everything from then on.',
      when: ({ across }) => across.refusal.pattern === 'stopped',
      text: (t) =>
        `Connects to ${service(t)} were accepted until ${clockText(t.view, t.across.refusal.before)}; ${sinceText(t.across.refusal.inRun)} refused.`,
    },
    {
      ...WHY,
      code: 'refused-until',
      source: '[prior] A listener that is not there yet refuses everything until then.',
      when: ({ across }) => across.refusal.pattern === 'not-yet',
      text: (t) =>
        `Connects to ${service(t)} were refused (${t.across.refusal.inRun} from ${clockText(t.view, t.across.refusal.from)} on) until one was accepted at ${clockText(t.view, t.across.refusal.after)}.`,
    },
    {
      ...WHY,
      code: 'nothing-accepted',
      source: 'RFC 9293 §3.10.7.1: a port on which nothing listens refuses every SYN.',
      when: ({ across }) => across.refusal.pattern === 'never',
      text: (t) =>
        `Nothing was accepted on ${service(t)} in this capture: ${plural(t.across.refusal.refused, 'SYN was', 'SYNs were')} refused.`,
    },
  ),
];

function outageText(t: Telling): string {
  const { inRun, from, to, before, after } = t.across.refusal;
  const lasted = inRun === 1 ? '' : ` to ${clockText(t.view, to)}`;
  const verb = inRun === 1 ? 'was' : 'were';
  return `Of the connects to ${service(t)} ${countText(inRun)} ${verb} refused from ${clockText(t.view, from)}${lasted}; before, until ${clockText(t.view, before)}, and again from ${clockText(t.view, after)} on connects were accepted.`;
}

/** Whether the client sends the SYN again that this reset answers wrongly. */
function isIgnoredRefusal(c: EvidenceContext): boolean {
  const { f, w, across } = c;
  if (across.attempt.outcome === 'none' || f.sender !== 1) return false;
  const ends = f.hasAck && f.ack === seqAdd(w.seq[f.synAt], 1);
  return !ends && across.attempt.tries > 1;
}

/** The next SYN of the client after the reset, −1 for none. */
function repeatedSyn({ f, w }: EvidenceContext): number {
  for (let i = f.at + 1; i < w.end; i++) {
    if (w.from[i] === 0 && (w.flags[i] & (TCP_SYN | TCP_ACK)) === TCP_SYN && !w.isDuplicate(i)) return i;
  }
  return -1;
}

function sinceText(count: number): string {
  return count === 1 ? 'the one since was' : `all ${count} since were`;
}
