/** The reset's IP identification against its sender's counter. */
import type { EvidenceContext } from './entry.ts';
import { alone, firstOfGiven, lastOfSender, theReset } from './entry.ts';
import { isLinuxSender } from '../observe/stacks.ts';
import { linuxOrder } from '../phrases.ts';

/** Largest step of a counter that continues it. */
const CONTINUES = 64;

export const IP_ID = [
  alone({
    code: 'ip-id-copied',
    family: 'header',
    weight: 2.0,
    injector: true,
    source: '[W] The RAE injector; by chance 1 in 65,536 a packet compared.',
    when: ({ f }) => f.copiedIpIdAt >= 0,
    at: ({ f }) => f.copiedIpIdAt,
    text: ({ f, receiver }) =>
      `The IP identification ${f.ipId} is that of a packet of the ${receiver}: it was copied.`,
  }),
  alone({
    code: 'ip-id-in-linux-answer',
    family: 'header',
    weight: 0.4,
    source:
      '[L] Linux answers with 0; versions 3 and 4 used a counter of its own: 20 % [P], half of the devices [prior].',
    when: ({ f }) => !f.ipv6 && !f.hasAck && f.ipId !== 0 && isLinuxSender(f),
    at: theReset,
    text: ({ f, sender }) =>
      `The IP identification is ${f.ipId}; ${linuxOrder(sender)}, and Linux puts 0 into answers without a connection (older versions a counter).`,
  }),
  firstOfGiven(
    ({ f }) => f.countsIpIds && !f.copy,
    {
      code: 'ip-id-continues',
      family: 'header',
      weight: -1.6,
      source:
        '[L] Linux and [P] Windows continue their counter in an abort: 50 %; a device hits it by chance: 1 %.',
      when: ({ f }) => {
        const step = (f.ipId - f.lastIpId) & 0xffff;
        return f.ipId !== 0 && step > 0 && step <= CONTINUES;
      },
      at: lastOfSender,
      text: ({ f, sender }) =>
        `The IP identification ${f.ipId} continues the ${sender}'s counter (${f.lastIpId} before).`,
    },
    {
      code: 'ip-id-jump-of-linux',
      family: 'header',
      weight: 1.9,
      source:
        '[L] Linux counts each socket’s packets, its abort too; 1 % for what lies between. Lab 2: 0 and 393; stated 1.8.',
      when: (c) => countsOn(c) && isLinuxSender(c.f),
      at: lastOfSender,
      text: ({ f, sender }) =>
        `The IP identification ${f.ipId} does not continue the ${sender}'s counter (${f.lastIpId} before); ${linuxOrder(sender)}, and Linux counts every packet of a connection.`,
    },
    {
      code: 'ip-id-jump',
      family: 'header',
      weight: 1.15,
      source:
        '[P] 5 % of genuine RST+ACK jump; 70 % of devices’ do [prior]. Never applied to answers: they use other counters.',
      when: countsOn,
      at: lastOfSender,
      text: ({ f, sender }) =>
        `The IP identification ${f.ipId} does not continue the ${sender}'s counter (${f.lastIpId} before).`,
    },
  ),
];

/**
 * Whether the sender's counter should go on in this reset. Older resets of the flow may have used up numbers, answers use
 * another counter or none, and a front end does not count on from the host behind it.
 */
function countsOn({ f }: EvidenceContext): boolean {
  return f.family === 'active' && f.resetsBefore[f.sender] === 0 && !f.frontEnd;
}
