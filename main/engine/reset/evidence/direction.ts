/**
 * Evidence from the capture's own record of direction (Linux cooked captures, pcapng flags): what came in was not made on this
 * machine. What left it was made on it or handed on by it: on a machine that forwards only a sign that the packet began here
 * tells the two apart.
 */
import { hopsOf } from '../observe/hops.ts';
import type { EvidenceContext } from './entry.ts';
import { firstOfGiven, lastOfSender, shows } from './entry.ts';

export const DIRECTION = [
  firstOfGiven(
    ({ f }) => f.out || f.in,
    {
      code: 'sent-from-here',
      family: 'local',
      weight: -4,
      source:
        '[prior] Left this machine, as all of its sender’s packets did, none of which shows that it came from elsewhere.',
      when: (c) => c.f.out && c.f.senderOut + c.f.senderForwarded > 0 && isOnlyFromHere(c),
      at: lastOfSender,
      text: ({ sender }) => `It left the capturing machine, as the ${sender}'s other packets did.`,
    },
    {
      code: 'made-here-for-another',
      family: 'local',
      weight: 3.5,
      decisive: true,
      source:
        '[prior] Left this machine while its sender’s packets come in from outside: made here for another.',
      when: ({ f }) => f.out && !f.copy && f.senderIn > 0 && f.senderOut === 0,
      at: lastOfSender,
      text: ({ sender }) =>
        `It left the capturing machine, though the ${sender}'s packets come in from outside.`,
    },
    {
      code: 'made-by-forwarder',
      family: 'local',
      weight: 3.2,
      decisive: true,
      source:
        '[prior] Began here by its TTL, while its sender’s packets leave here with one that has passed routers: the machine forwards and answered in its name. A program that sets the TTL of its data alone explains 0.1 %.',
      when: beganHere,
      at: lastOfSender,
      text: ({ f, sender }) =>
        `It left the capturing machine with TTL ${f.ttl}, which no router has lowered; the ${sender}'s packets leave it with TTL ${f.senderForwarded > 0 ? f.baseTtl : f.addressTtl}: this machine only forwards them, and made the reset itself.`,
    },
    {
      code: 'own-address-from-outside',
      family: 'local',
      weight: 4,
      decisive: true,
      source: '[prior] Claims this machine’s own address and came in from outside.',
      // Where the other side's packets leave as well, this machine forwards, and the capture missed how the sender's came in.
      when: (c) =>
        !c.f.out &&
        c.f.in &&
        c.f.senderOut > 0 &&
        isOnlyFromHere(c) &&
        c.f.receiverOut + c.f.receiverForwarded === 0,
      at: lastOfSender,
      text: () => `It came in from outside with the capturing machine's own address.`,
    },
  ),
  shows({
    code: 'passed-through-here',
    source: 'Came in and left again: whoever made it is elsewhere. That clears this machine and nobody else.',
    when: ({ f }) => f.passedAt >= 0,
    at: ({ f }) => f.passedAt,
    text: () =>
      `It came in on one interface of the capturing machine and left by another: this machine only forwarded it.`,
  }),
];

/** Nothing shows the sender to be another machine: its packets never came in, passed no router, and its address is not foreign. */
function isOnlyFromHere({ f, witness }: EvidenceContext): boolean {
  if (f.senderIn > 0 || witness.isStranger) return false;
  // An address of this machine speaks for its containers, too, a router away: theirs is a reset that came the same way.
  return f.senderForwarded === 0 || (witness.isOwn && f.ttl === f.baseTtl);
}

/** The reset began on this machine, and its sender's packets did not: by those of the connection, or those of the address. */
function beganHere({ f, witness }: EvidenceContext): boolean {
  if (!f.out || f.copy || witness.isOwn || f.senderOut > 0 || hopsOf(f.ttl) !== 0 || !(f.hopDifference < 0))
    return false;
  // An address that uses the reset's TTL in other connections begins here: its program sets the one of this connection.
  if (f.measuredIn === 'flow') return f.senderForwarded > 0 && f.baseTtls === 1 && f.addressTtl !== f.ttl;
  // A host that hands published ports on to its containers refuses the others under its own address, one hop nearer.
  return f.measuredIn === 'elsewhere' && f.measureSteady && witness.isStranger;
}
