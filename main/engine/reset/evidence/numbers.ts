/** Where the reset's sequence number lies. */
import { FLOW_MIDSTREAM } from '../../flow/record.ts';
import { REORDER_NS } from '../observe/sequence.ts';
import type { EvidenceContext, Telling } from './entry.ts';
import { firstOf, lastOfSender, theReset } from './entry.ts';
import { later } from './later.ts';

const overtaken = ({ f }: EvidenceContext): number => f.overtakenAt;
const overtakenText = (t: Telling): string =>
  `Its sequence number counts data of the ${t.sender} that passed only ${later(t)} later: it overtook the data.`;
const elsewhereText = ({ f, sender, receiver }: Telling): string => {
  const place = f.seqAhead >= 0 ? `${f.seqAhead} beyond the next` : `${-f.seqAhead} before the next`;
  return `Its sequence number is ${place}: neither the next of the ${sender} nor one the ${receiver} acknowledged.`;
};
const isElsewhere = ({ f }: EvidenceContext): boolean => f.seqPlace === 'ahead' || f.seqPlace === 'behind';

export const NUMBERS = [
  firstOf(
    {
      code: 'overtook-data',
      family: 'sequence',
      weight: 2.1,
      source:
        '[prior] Something saw the data before the capture did and was faster than it; reordering explains 0.5 %. Lab: 0 and 607; stated 1.5.',
      when: ({ f, w }) => f.overtakenAt >= 0 && w.time[f.overtakenAt] - f.time > REORDER_NS,
      at: overtaken,
      text: overtakenText,
    },
    {
      code: 'overtook-data-soon',
      family: 'sequence',
      weight: 1.7,
      source:
        '[prior] As overtook-data, within what cards with several queues reorder. Lab 2: 0 and 257; stated 1.5.',
      when: ({ f }) => f.overtakenAt >= 0,
      at: overtaken,
      text: overtakenText,
    },
    {
      code: 'seq-next',
      family: 'sequence',
      weight: -0.12,
      source: '[P] 74 % of genuine resets, 55 % of injected [prior].',
      when: ({ f }) => f.seqPlace === 'next',
      at: lastOfSender,
      text: ({ sender }) => `Its sequence number is exactly the next of the ${sender}.`,
    },
    {
      code: 'seq-acked',
      family: 'sequence',
      weight: -0.2,
      source: '[P] 25 % of genuine resets answer an older acknowledgement, 15 % of injected [prior].',
      when: ({ f }) => f.seqPlace === 'acked',
      at: ({ f }) => (f.triggerAt >= 0 ? f.triggerAt : f.lastAt[f.receiver]),
      text: ({ receiver }) =>
        `Its sequence number is one that the ${receiver} acknowledged, as in an answer to that packet.`,
    },
    {
      code: 'seq-fin',
      family: 'sequence',
      weight: -0.1,
      source: '[prior] macOS repeats the number of its FIN.',
      when: ({ f }) => f.seqPlace === 'fin',
      at: ({ f }) => f.finAt[f.sender],
      text: ({ sender }) => `Its sequence number is that of the ${sender}'s FIN, as some stacks repeat it.`,
    },
    {
      code: 'seq-elsewhere-lossy',
      family: 'sequence',
      weight: 0.4,
      source:
        '[prior] As seq-elsewhere, where segments are missing from the capture, or nothing of one side leaves the numbers without a measure.',
      when: (c) => isElsewhere(c) && (c.f.lossy || c.f.oneSided || (c.f.flowBits & FLOW_MIDSTREAM) !== 0),
      at: theReset,
      and: lastOfSender,
      text: elsewhereText,
    },
    {
      code: 'seq-elsewhere',
      family: 'sequence',
      weight: 1.8,
      source: '[P] 0.5 % of genuine resets, all crafted; 30 % of injected [prior].',
      when: isElsewhere,
      at: theReset,
      and: lastOfSender,
      text: elsewhereText,
    },
  ),
];
