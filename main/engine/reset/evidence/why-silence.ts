/** How long a connection was silent, before what, and what other connections of the service say of that timer. */
import { countText } from '../../../../shared/format/count.ts';
import { knownTimer, outlastedTimers, timerText } from '../observe/idle-constants.ts';
import { timeBetween } from '../observe/flow-window.ts';
import { isAgeLimited, isDoubted } from '../observe/services.ts';
import { SHORTEST_SILENCE_NS } from '../observe/silence.ts';
import { delayText } from '../phrases.ts';
import type { EvidenceContext, Telling } from './entry.ts';
import { WHY, firstOfGiven, shows } from './entry.ts';

/** The silence tells of a timer: it is long, and the first reset of the connection ends it. */
const isLong = ({ f }: EvidenceContext): boolean =>
  f.silence >= SHORTEST_SILENCE_NS && f.resetsBefore[0] + f.resetsBefore[1] === 0 && f.loopRounds === 0;
const before = ({ f }: EvidenceContext): number => f.silenceAt;
const end = ({ f }: EvidenceContext): number => f.silenceEndAt;

export const WHY_SILENCE = [
  firstOfGiven(
    isLong,
    {
      ...WHY,
      code: 'silence-before-close',
      source:
        'A FIN after a silence is a keep-alive timeout (RFC 9112 §9.5 lets a server close at any time).',
      when: ({ f }) => f.silenceBefore === 'fin',
      at: before,
      and: end,
      text: (t) =>
        `The ${t.sender} had closed the connection (FIN) after ${delayText(t.f.silence)} of silence${others(t)}${timer(t)}.`,
    },
    {
      ...WHY,
      code: 'silence-before-probes',
      source: 'RFC 9293 §3.8.4: keep-alive probes begin after the idle time that the socket is set to.',
      when: ({ f }) => f.silenceBefore === 'probe',
      at: before,
      and: end,
      text: (t) =>
        `The ${t.sender}'s keep-alive probes began after ${delayText(t.f.silence)} without use; ${countText(t.f.keepAlives)} of them ${t.f.keepAliveAnswered ? 'came before it gave up' : 'had no answer'}.`,
    },
    {
      ...WHY,
      code: 'silence-before-use',
      source:
        'State that was lost in a silence shows at the next use: the timer is shorter than that silence.',
      when: ({ f }) => f.silenceBefore === 'answer',
      at: end,
      text: (t) =>
        `The connection had been silent for ${delayText(t.f.silence)} before the segment that this reset answers${outlasted(t)}${others(t)}.`,
    },
    {
      ...WHY,
      code: 'request-unanswered',
      source: 'Who owes an answer is not idle: a limit of patience, or the end of the work, made the reset.',
      when: ({ f }) =>
        f.sender === 1 && f.unanswered === 0 && f.lastDataAt[0] > f.lastDataAt[1] && f.silenceAt >= 0,
      at: ({ f }) => f.lastDataAt[0],
      text: ({ f, w }) =>
        `The client's last ${countText(w.payload[f.lastDataAt[0]] ?? 0)} bytes had been without an answer for ${delayText(timeBetween(w, f.lastDataAt[0], f.at))} when the server reset.`,
    },
    {
      ...WHY,
      code: 'silence-before-reset',
      source: 'A reset long after the last segment answers nothing: a timer made it.',
      when: ({ f }) => f.unanswered === 0 && !isAgeLimited(f),
      at: before,
      text: (t) =>
        `Nothing provoked it: the connection had been silent for ${delayText(t.f.silence)}${others(t)}${timer(t)}.`,
    },
  ),
  shows({
    code: 'longer-silence-survived',
    source: 'The timer is longer than a silence that another use of the service survived.',
    when: (c) => isLong(c) && isDoubted(c.f),
    text: ({ f }) =>
      `Against a timer speaks that a silence of ${delayText(f.survived)} was survived on a connection to the same service.`,
  }),
  shows({
    code: 'shorter-silence-survived',
    source: 'The timer is longer than a silence that another use of the service survived.',
    when: (c) => isLong(c) && c.f.survived >= SHORTEST_SILENCE_NS && c.f.survived < c.f.silence,
    text: ({ f }) =>
      `A silence of ${delayText(f.survived)} was survived on a connection to the same service, this one of ${delayText(f.silence)} was not: the timer lies between the two.`,
  }),
  shows({
    code: 'same-age-as-others',
    source: 'A limit of age counts from the begin of the connection, whatever is done on it.',
    when: ({ f }) => isAgeLimited(f),
    text: ({ f, sender }) =>
      `The ${sender} ended this connection ${delayText(f.age)} after it began, as it did with ${countText(f.sameAges)} other${f.sameAges === 1 ? '' : 's'} of this service, which began at other times and were not silent for the same time.`,
  }),
];

function others({ f }: Telling): string {
  const parts: string[] = [];
  if (f.sameCloses > 0)
    parts.push(
      f.sameCloses === 1
        ? 'as it closed one other connection of this service in order'
        : `as it closed ${countText(f.sameCloses)} other connections of this service in order`,
    );
  if (f.sameResets > 0)
    parts.push(
      f.sameResets === 1
        ? 'the same as before the reset of one other connection of this service'
        : `the same as before the resets of ${countText(f.sameResets)} other connections of this service`,
    );
  return parts.length === 0 ? '' : `, ${parts.join(', and ')}`;
}

function timer({ f }: Telling): string {
  if (isDoubted(f)) return '';
  const known = knownTimer(f.silence);
  return known === null ? '' : `; that is the time of ${known.names}`;
}

function outlasted({ f }: Telling): string {
  const known = outlastedTimers(f.silence, f.survived).map(timerText);
  return known.length === 0 ? '' : `, longer than ${known.join(' and than ')}`;
}
