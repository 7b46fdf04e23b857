/** The TCP timestamp option of the reset against its sender's clock (RFC 7323 §5.4). */
import { OPT_TIMESTAMPS, TCP_SYN } from '../../decode/facts.ts';
import { SEEN_SYN, SEEN_SYN_ACK, SEEN_TIMESTAMPS } from '../../flow/record.ts';
import { isLinuxSender } from '../observe/stacks.ts';
import type { EvidenceContext } from './entry.ts';
import { firstOfGiven, lastOfSender } from './entry.ts';
import { linuxOrder } from '../phrases.ts';

/** Ticks of the fastest clock, 1 MHz in newer Linux, may come a tenth faster than the capture's clock says. */
const DRIFT = 1.1;
/** Ticks of about a second pass in queues. */
const MOST_HELD_TICKS = 1.1e6;

export const TIMESTAMPS = [
  firstOfGiven(
    ({ f }) => (f.senderSeen & SEEN_TIMESTAMPS) !== 0,
    {
      code: 'timestamp-continues',
      family: 'header',
      weight: -1.7,
      source: '[L] Linux aborts carry the option with a running clock: 50 %; 1 % of devices know it [prior].',
      when: (c) => hasOption(c) && continues(c),
      at: lastOfSender,
      text: ({ sender }) => `The TCP timestamp continues the ${sender}'s clock.`,
    },
    {
      code: 'timestamp-jumps',
      family: 'header',
      weight: 1.7,
      source: '[prior] The counterpart of timestamp-continues.',
      when: hasOption,
      at: lastOfSender,
      text: ({ sender }) => `The TCP timestamp does not fit the ${sender}'s clock.`,
    },
    {
      code: 'timestamp-missing',
      family: 'header',
      weight: 2.3,
      source:
        '[L] Linux aborts always carry it where negotiated (0 of 539 without); RFC 7323 §3.2 lets resets go without, so that an order of options alone decides nothing; weighed where the SYN shows Linux’: 0.5 % for stacks that imitate it, 90 % of devices. Lab 2: 0 and 714; stated 2.2.',
      when: isMissing,
      at: handshakeAt,
      text: ({ sender }) =>
        `Timestamps are in use and this abort has none; ${linuxOrder(sender)}, and Linux' aborts carry them.`,
    },
  ),
];

function hasOption({ f }: EvidenceContext): boolean {
  return (f.options & OPT_TIMESTAMPS) !== 0;
}

/** Whether the value lies between the newest one and what the fastest clock could have reached since. */
function continues({ f }: EvidenceContext): boolean {
  const elapsedNs = f.senderSilence < 0 ? 0 : f.senderSilence;
  const ahead = (f.tsValue - f.senderTs) | 0;
  const fastest = (elapsedNs / 1e3) * DRIFT + MOST_HELD_TICKS;
  return ahead >= 0 && ahead <= Math.min(fastest, 0x7fff_ffff);
}

/** Whether a Linux sender, of which the capture shows that timestamps are in use, aborts without one. */
function isMissing(c: EvidenceContext): boolean {
  const { f, w } = c;
  // Offered by one side alone the option is not in use.
  if (f.family !== 'active' || (f.receiverSeen & SEEN_TIMESTAMPS) === 0) return false;
  const base = handshakeAt(c);
  if ((f.senderSeen & (SEEN_SYN | SEEN_SYN_ACK)) === 0 || base < 0 || w.from[base] !== f.sender) return false;
  return (w.flags[base] & TCP_SYN) !== 0 && isLinuxSender(f);
}

function handshakeAt({ f, w }: EvidenceContext): number {
  return f.synAckAt >= 0 && w.from[f.synAckAt] === f.sender ? f.synAckAt : f.synAt;
}
