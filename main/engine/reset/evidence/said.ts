/** Why: what the application said before the reset, and how many connections ended with this one. */
import { plural } from '../../../../shared/format/count.ts';
import { delayText, sideName } from '../phrases.ts';
import type { ResetFacts } from '../observe/facts.ts';
import type { FlowWindow } from '../observe/flow-window.ts';
import { errorStatus, fatalAlert } from '../observe/said.ts';
import { shows, theReset } from './entry.ts';

/** Fewer connections that end together may be chance. */
const TOGETHER = 3;

function agoText(w: FlowWindow, f: ResetFacts, at: number): string {
  return at < 0 ? '' : `, ${delayText(f.time - w.time[at])} before the reset`;
}

export const SAID = [
  shows({
    code: 'tls-alert',
    source: 'RFC 8446 §6.2: a fatal alert ends the connection, and says why.',
    when: ({ w, f, hints }) => fatalAlert(w, f, hints) !== null,
    at: ({ w, f, hints }) => w.indexOf(fatalAlert(w, f, hints)?.packet ?? f.packet),
    text: ({ w, f, hints, at }) => {
      const alert = fatalAlert(w, f, hints);
      const by = alert === null ? 'One side' : `The ${sideName(alert.direction)}`;
      return `${by} sent the TLS alert ${alert?.description ?? 'of an unknown kind'}${agoText(w, f, at)}.`;
    },
  }),
  shows({
    code: 'error-reply',
    source:
      'RFC 9112 §9.6: a server that answers with an error and closes at once loses the reply to a reset.',
    when: ({ w, f, hints }) => errorStatus(w, f, hints) !== null,
    at: ({ w, f, hints }) => w.indexOf(errorStatus(w, f, hints)?.packet ?? f.packet),
    text: ({ w, f, hints, at, sender }) => {
      const status = errorStatus(w, f, hints);
      const reply = status === null ? 'an error' : `${status.code} ${status.reason}`.trim();
      return `The ${sender} had replied ${reply}${agoText(w, f, at)}.`;
    },
  }),
  shows({
    code: 'ended-together',
    source: 'A program that quits closes all its sockets at once (close(2), exit(3)).',
    when: ({ f }) => f.family === 'active' && f.simultaneous + 1 >= TOGETHER,
    at: theReset,
    text: ({ f, sender }) =>
      `The ${sender} ended ${plural(f.simultaneous + 1, 'connection')} within ${delayText(f.simultaneousSpan)}, this one among them.`,
  }),
];
