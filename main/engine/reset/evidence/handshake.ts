/** Aborts in the client's name after the SYN-ACK, without the client having ended the handshake. */
import { TCP_SYN } from '../../decode/facts.ts';
import { isLinuxSender } from '../observe/stacks.ts';
import type { EvidenceContext } from './entry.ts';
import { firstOfGiven } from './entry.ts';
import { HEALTH_CHECKS, repeatedProbes } from '../across/probes.ts';
import { linuxOrder } from '../phrases.ts';

const synAck = ({ f }: EvidenceContext): number => f.synAckAt;

export const HANDSHAKE = [
  firstOfGiven(
    abortsHandshake,
    {
      code: 'abort-in-linux-handshake',
      family: 'sequence',
      weight: 1.7,
      source:
        '[L] A Linux client acknowledges the SYN-ACK before anything else but for programs that switch that off (TCP_QUICKACK): HAProxy’s checks and others do, 2 %.',
      when: ({ f }) => isLinuxSender(f),
      at: synAck,
      text: ({ sender }) =>
        `It aborts in the ${sender}'s name before the ${sender} had ended the handshake; ${linuxOrder(sender)}, and Linux first acknowledges the SYN-ACK unless a program delays that (HAProxy's checks do).`,
    },
    {
      code: 'abort-in-handshake',
      family: 'sequence',
      weight: 1.05,
      source: '[prior] Hosts answer a SYN-ACK with a bare reset: 4 %. Lab: 0 and 679; stated 0.8.',
      when: () => true,
      at: synAck,
      text: ({ sender }) =>
        `It aborts in the ${sender}'s name before the ${sender} had ended the handshake; most hosts answer with a reset without ACK then.`,
    },
  ),
];

function abortsHandshake({ view, f, w }: EvidenceContext): boolean {
  if (f.family !== 'active' || f.lossy || f.sender !== 0 || f.synAckAt < 0 || w.from[f.synAckAt] !== 1)
    return false;
  if (f.lastAt[0] < 0 || (w.flags[f.lastAt[0]] & TCP_SYN) === 0) return false;
  // A health check asks its kernel not to acknowledge at once (HAProxy sets TCP_QUICKACK off), so that its abort comes first.
  return repeatedProbes(view, f.flow) < HEALTH_CHECKS;
}
