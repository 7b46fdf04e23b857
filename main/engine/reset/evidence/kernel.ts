/** The word of the kernel witness. */
import { deedText } from '../witness/account.ts';
import type { Telling } from './entry.ts';
import { firstOfGiven, theReset } from './entry.ts';

/** ": nginx[812] closed the socket with unread data", or nothing where the kernel gave no reason. */
function deed({ witness }: Telling): string {
  const text = deedText(witness);
  return text === undefined ? '' : `: ${text}`;
}

export const KERNEL = [
  firstOfGiven(
    ({ witness }) => witness.word !== 'none',
    {
      code: 'kernel-sent',
      family: 'kernel',
      weight: -20,
      source:
        'The machine’s own TCP says that it made this very packet: no inference can outweigh it, see FAMILY_CAPS.',
      when: ({ witness }) => witness.word === 'sent' && witness.isOwn,
      at: theReset,
      text: (t) => `The kernel of the capturing machine says that it sent this reset itself${deed(t)}.`,
    },
    {
      code: 'kernel-sent-for-another',
      family: 'kernel',
      weight: -1.5,
      source:
        '[prior] As kernel-sent, for an address that is not the machine’s: a container nearly always; a transparent proxy is a device.',
      when: ({ witness }) => witness.word === 'sent' && !witness.isOwn,
      at: theReset,
      text: (t) =>
        `The kernel of the capturing machine sent this reset, for a container or another socket whose address is not the machine's own${deed(t)}.`,
    },
    {
      code: 'kernel-did-not-send',
      family: 'kernel',
      weight: 8,
      decisive: true,
      source: 'Watched without a gap, and came in from outside with the machine’s own address.',
      when: ({ witness }) => witness.word === 'not-sent-in',
      at: theReset,
      text: ({ sender }) =>
        `The ${sender} is the capturing machine; its kernel was watched and did not send this reset, which came in from outside.`,
    },
    {
      code: 'kernel-did-not-send-own',
      family: 'kernel',
      weight: -2,
      source: '[prior] Left the machine, but not by its TCP: a REJECT rule or a raw socket.',
      when: ({ witness }) => witness.word === 'not-sent-out',
      at: theReset,
      text: () =>
        `It left the capturing machine in its own name, but its TCP did not send it: a firewall rule there, or a program with a raw socket.`,
    },
  ),
];
