/**
 * Evidence from the capture's own record of direction (Linux cooked captures, pcapng flags): what left this machine was
 * made on it or forwarded by it; what came in was not.
 */
import { firstOfGiven, lastOfSender } from './entry.ts';

export const DIRECTION = [
  firstOfGiven(
    ({ f }) => f.out || f.in,
    {
      code: 'sent-from-here',
      family: 'local',
      weight: -4,
      source: '[prior] Left this machine, as all of its sender’s packets did.',
      when: ({ f }) => f.out && f.senderOut > 0 && f.senderIn === 0,
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
      // A machine that forwards sees every packet of the sender come in as well as leave.
      when: ({ f }) => f.out && f.senderIn > 0 && f.senderIn >= f.senderOut && !f.copy,
      at: lastOfSender,
      text: ({ sender }) =>
        `It left the capturing machine, though the ${sender}'s packets come in from outside.`,
    },
    {
      code: 'own-address-from-outside',
      family: 'local',
      weight: 4,
      decisive: true,
      source: '[prior] Claims this machine’s own address and came in from outside.',
      // Where the other side's packets leave as well, this machine forwards, and the capture missed how the sender's came in.
      when: ({ f }) => !f.out && f.in && f.senderOut > 0 && f.senderIn === 0 && f.receiverOut === 0,
      at: lastOfSender,
      text: () => `It came in from outside with the capturing machine's own address.`,
    },
  ),
];
