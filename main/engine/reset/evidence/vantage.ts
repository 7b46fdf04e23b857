/** What captures at other points of the path say: the same reset, or its absence where a genuine one had to pass. */
import { countText, plural } from '../../../../shared/format/count.ts';
import { pointText } from '../../join/vantage-name.ts';
import { boundText } from '../phrases.ts';
import type { Telling } from './entry.ts';
import { alone, firstOfGiven, shows, theReset } from './entry.ts';

export const VANTAGE = [
  firstOfGiven(
    ({ elsewhere }) => elsewhere.event !== undefined,
    {
      code: 'absent-nearer-sender',
      family: 'vantage',
      weight: 5,
      decisive: true,
      source:
        '[prior] Passed by a capture that ran, has the packets of this direction before and after, and misses fewer than 1 in 100. That a genuine one was missed has a probability of the loss bound; where its neighbours were all captured it is far smaller, since captures lose packets in a row.',
      when: ({ elsewhere }) => elsewhere.forged === 'clean',
      at: theReset,
      text: absentText,
    },
    {
      code: 'absent-nearer-lossy',
      family: 'vantage',
      weight: 1.5,
      source:
        '[prior] As absent-nearer-sender, at a capture that misses up to 1 in 20 packets: a ratio of 30.',
      when: ({ elsewhere }) => elsewhere.forged === 'lossy',
      at: theReset,
      text: absentText,
    },
    {
      code: 'captured-at-sender',
      family: 'vantage',
      weight: -2,
      source:
        '[prior] Captured before any router, at one of several points: what stands between the others did not make it. A device without hops of its own, between that point and the host, is not excluded.',
      when: ({ elsewhere }) => elsewhere.cleared === 'host',
      at: theReset,
      text: (t) =>
        `It was captured at ${here(t)}, before any router had lowered its TTL: nothing behind that point made it.`,
    },
  ),
  alone({
    code: 'connection-absent-nearer-sender',
    family: 'vantage',
    weight: 0.35,
    source:
      '[prior] Nothing of the connection passed a capture that has others of the two hosts. A device refused it on its way, or a balancer gave it to another host than those: a ratio of 2, which is no second kind of evidence beside the distance, since that is another one in both cases.',
    when: ({ elsewhere }) => elsewhere.unseen !== undefined,
    text: ({ view, sender, elsewhere: { unseen } }) =>
      unseen === undefined
        ? ''
        : `Nothing of this connection passed ${pointText(view, unseen.vantage)}, which lies nearer to the ${sender} and has ${plural(unseen.others, 'other connection')} of the two hosts: the host behind that point did not make it, but for another way of this connection.`,
  }),
  shows({
    code: 'captured-nearer-sender',
    source:
      'What lies behind that point is out of question; what lies between it and the host is as likely as before, and is judged by what was captured there.',
    when: ({ elsewhere }) => elsewhere.cleared === 'nearer',
    at: theReset,
    text: (t) =>
      `It had passed ${here(t)} already, the nearest to the ${t.sender}: nothing behind that point made it.`,
  }),
];

function here({ view, elsewhere: { event } }: Telling): string {
  return event === undefined ? '' : pointText(view, event.sightings[0].vantage);
}

function absentText({ view, sender, elsewhere: { absence } }: Telling): string {
  if (absence === undefined) return '';
  const { vantage, lossBound, passed, missed } = absence;
  const counted =
    passed === 0 ? '' : `: ${countText(missed)} of ${plural(passed, 'packet')} that passed were not captured`;
  return `It is absent at ${pointText(view, vantage)}, which lies nearer to the ${sender}, so that a reset of the ${sender} had to pass it; the capture there misses at most ${boundText(lossBound)} of what passes${counted}.`;
}
