/** Evidence from time: faster than the far side can be, at a middlebox's timer, on the heels of a request. */
import { TCP_FIN } from '../../decode/facts.ts';
import { SEEN_FIN } from '../../flow/record.ts';
import { idleConstant } from '../observe/idle-constants.ts';
import { fastestAnswer, hasteOf, leastAnswer } from '../observe/timing.ts';
import { delayText, shareText } from '../phrases.ts';
import type { EvidenceContext, Telling } from './entry.ts';
import { alone, firstOf, trigger } from './entry.ts';

/** Round trips within which a reset still belongs to the first request. */
const REQUEST_ROUND_TRIPS = 1.5;
const REQUEST_LONGEST_NS = 400_000_000;
/** Data packets of a request beyond which it is no first one. */
const MOST_REQUEST_PACKETS = 3;

export const TIMING = [
  firstOf(
    {
      code: 'impossibly-fast',
      family: 'timing',
      weight: 3.4,
      decisive: true,
      source:
        '[prior] A twentieth of the only handshake (or a tenth of several round trips) and 50 ms sooner at least: nothing but distance makes that. [P] of 144 connections of public captures no handshake without a resend was 10 times and 50 ms slower than the fastest later answer.',
      when: ({ f }) => hasteOf(f) === 'impossible',
      at: trigger,
      text: (t) => `${tooFastText(t)}: no answer of the ${t.sender} can be back so soon.`,
    },
    {
      code: 'far-faster-than-handshake',
      family: 'timing',
      weight: 2.6,
      decisive: true,
      source:
        '[prior] As impossibly-fast, by one or two round trips, or by four times and 100 ms: a radio or a host that wakes up makes a first handshake so much too long in 0.2 %.',
      when: ({ f }) => hasteOf(f) === 'far-too-fast',
      at: trigger,
      text: (t) => `${tooFastText(t)}: an answer of the ${t.sender} cannot be back so soon.`,
    },
    {
      code: 'faster-than-round-trip',
      family: 'timing',
      weight: 1.7,
      source:
        '[prior] Faster than the far side ever answered (nmap uses the same): 1 % against 50 %. Not calibrated.',
      when: ({ f }) => hasteOf(f) === 'too-fast',
      at: trigger,
      text: ({ f, sender }) =>
        `It came ${delayText(f.causalDelay)} after the packet that it answers; the ${sender} never took less than ${delayText(fastestAnswer(f))}.`,
    },
    {
      code: 'sooner-than-handshake',
      family: 'timing',
      weight: 0.8,
      source:
        '[prior] A third of the only handshakes seen, and 10 ms sooner: a first answer is that much slower than others in a few percent.',
      when: ({ f }) => hasteOf(f) === 'rather-fast',
      at: trigger,
      text: (t) => `${tooFastText(t)}, the only measure of how far away it is.`,
    },
    {
      code: 'round-trip-fits',
      family: 'timing',
      weight: -0.1,
      source: '[prior] Devices near the host fit as well.',
      when: ({ f }) => {
        const bound = fastestAnswer(f);
        return bound > 0 && f.causalDelay >= 0.9 * bound && f.causalDelay <= 1.5 * bound;
      },
      at: trigger,
      text: ({ f }) =>
        `It came ${delayText(f.causalDelay)} after the packet that it answers, about one round trip (${delayText(fastestAnswer(f))}).`,
    },
  ),
  alone({
    code: 'after-first-request',
    family: 'timing',
    weight: 0.8,
    source:
      '[prior] First request or ClientHello, then reset without an answer: content filters; servers do it less often.',
    when: followsFirstRequest,
    at: ({ f }) => f.lastDataAt[f.receiver],
    text: ({ sender }) => `It came right after the first request, before any answer of the ${sender}.`,
  }),
  alone({
    code: 'idle-constant',
    family: 'timing',
    weight: 0.9,
    source: '[prior] A silence as long as a known device’s timer: moves the prior from 3 % to 20 %.',
    when: ({ f }) => {
      const closing = ((f.senderSeen | f.receiverSeen) & SEEN_FIN) !== 0;
      return !closing && f.resetsBefore[0] + f.resetsBefore[1] === 0 && idleConstant(f.silence) !== null;
    },
    at: ({ f }) => (f.triggerAt >= 0 && f.family === 'reply' ? f.triggerAt : f.at),
    text: ({ f }) =>
      `The connection was silent for ${delayText(f.silence)}, a usual timer of ${idleConstant(f.silence)?.names ?? 'devices'}.`,
  }),
];

/** "It came 7.4 ms after the packet that it answers, 2 % of the 318.0 ms that the server took for the handshake" */
function tooFastText({ f, sender }: Telling): string {
  const bound = leastAnswer(f);
  const took = f.rttSamples + f.addressRttFlows > 1 ? 'needed at least' : 'took for the handshake';
  return `It came ${delayText(f.causalDelay)} after the packet that it answers, ${shareText(f.causalDelay / bound)} of the ${delayText(bound)} that the ${sender} ${took}`;
}

/** Seen from the side that asks: its first data, nothing back, then a reset in the server's name. */
function followsFirstRequest({ f, w, hints }: EvidenceContext): boolean {
  if (f.sender !== 1 || f.dataPacketsBefore[1] > 0 || f.dataPacketsBefore[0] === 0) return false;
  const last = f.lastDataAt[0];
  if (last < 0 || f.dataPacketsBefore[0] > MOST_REQUEST_PACKETS || (w.flags[last] & TCP_FIN) !== 0)
    return false;
  const asked = (hints?.clientHelloPacket ?? null) !== null || (hints?.http ?? null) !== null;
  if (!asked) return false;
  const limit = f.rtt > 0 ? Math.min(REQUEST_LONGEST_NS, REQUEST_ROUND_TRIPS * f.rtt) : REQUEST_LONGEST_NS;
  return f.time - w.time[last] <= limit;
}
