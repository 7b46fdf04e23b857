/** How connections ended, in words. */
import { countText, plural } from '../../shared/format/count.ts';
import { FAILURE_KINDS } from '../../shared/model/failure.ts';
import type {
  Ending,
  EndingsReport,
  Failure,
  FailureGroup,
  FailureKind,
} from '../../shared/model/failure.ts';
import { FAILURE_KIND_TEXTS } from '../../shared/texts/failure-kinds.ts';
import { UNKNOWN } from './values.ts';

/** `failed` is a failure without a reset; `open` says nothing of how it ended. */
export type EndingTone = 'good' | 'reset' | 'failed' | 'open';

interface EndingWords {
  /** On a badge, in a column, in a legend. */
  readonly name: string;
  readonly about: string;
  /** Behind a number of connections: "3 got no answer". */
  readonly deed: string;
  readonly tone: EndingTone;
}

export const ENDING: Readonly<Record<Ending, EndingWords>> = {
  clean: { name: 'Ended well', about: 'Closed, and nothing was lost', deed: 'ended well', tone: 'good' },
  reset: { name: 'Reset', about: 'A reset ended it', deed: 'ended by a reset', tone: 'reset' },
  refused: { name: 'Refused', about: 'A reset answered its SYN', deed: 'refused', tone: 'reset' },
  'no-answer': {
    name: FAILURE_KIND_TEXTS['no-answer'].title,
    about: 'Nothing answered its first packet',
    deed: 'got no answer',
    tone: 'failed',
  },
  unreachable: {
    name: FAILURE_KIND_TEXTS.unreachable.title,
    about: 'An ICMP error said that it cannot be reached',
    deed: 'could not be reached',
    tone: 'failed',
  },
  'went-silent': {
    name: FAILURE_KIND_TEXTS['went-silent'].title,
    about: 'Data was sent again and again, and nothing answered',
    deed: 'went silent',
    tone: 'failed',
  },
  'half-open': {
    name: FAILURE_KIND_TEXTS['half-open'].title,
    about: 'The last packet of the handshake never came',
    deed: 'stayed half open',
    tone: 'failed',
  },
  stalled: {
    name: FAILURE_KIND_TEXTS.stalled.title,
    about: 'Data could not go on for a while, or not at all',
    deed: 'stalled',
    tone: 'failed',
  },
  'closed-early': {
    name: FAILURE_KIND_TEXTS['closed-early'].title,
    about: 'Closed before the request had its reply',
    deed: 'closed before a reply',
    tone: 'failed',
  },
  'cut-short': {
    name: FAILURE_KIND_TEXTS['cut-short'].title,
    about: 'The reply is shorter than it was announced',
    deed: 'got part of a reply',
    tone: 'failed',
  },
  'handshake-failed': {
    name: FAILURE_KIND_TEXTS['handshake-failed'].title,
    about: 'The TLS handshake did not come to its end',
    deed: 'failed in the TLS handshake',
    tone: 'failed',
  },
  open: { name: 'Still open', about: 'Goes on when the capture ends', deed: 'still open', tone: 'open' },
  'not-seen': {
    name: 'End not seen',
    about: 'The capture does not show how it ended',
    deed: 'whose end is not seen',
    tone: 'open',
  },
};

/** From bad to good to what says nothing, as the bar draws them. */
export const ENDINGS_LISTED: readonly Ending[] = [
  ...FAILURE_KINDS,
  'refused',
  'reset',
  'clean',
  'open',
  'not-seen',
];

export function isFailureKind(ending: Ending): ending is FailureKind {
  return ENDING[ending].tone === 'failed';
}

/** Kinds of failures that a sentence names; the bar of endings has all. */
const KINDS_TOLD = 3;

/** "3 got no answer, 1 stalled, 1 was held up and went on": the largest first. */
export function failuresText({ counts, delays }: Pick<EndingsReport, 'counts' | 'delays'>): string {
  const kinds = FAILURE_KINDS.filter((kind) => counts[kind] > 0).sort((a, b) => counts[b] - counts[a]);
  const parts = kinds.slice(0, KINDS_TOLD).map((kind) => `${countText(counts[kind])} ${ENDING[kind].deed}`);
  const others = kinds.slice(KINDS_TOLD).reduce((sum, kind) => sum + counts[kind], 0);
  if (others > 0) parts.push(`${countText(others)} failed otherwise`);
  if (delays > 0) parts.push(`${countText(delays)} ${delays === 1 ? 'was' : 'were'} held up and went on`);
  return parts.join(', ');
}

const FAILURE_SIDE: Readonly<Record<NonNullable<Failure['side']> | 'none', string>> = {
  client: 'Client',
  server: 'Server',
  path: 'Path',
  none: 'Cannot tell',
};

/** Whose doing a failure was, as far as the capture tells. */
export function failureSideText(side: Failure['side']): string {
  return FAILURE_SIDE[side ?? 'none'];
}

/** How often what got no answer was sent. */
export function triesText(tries: number): string {
  return tries <= 0 ? UNKNOWN : plural(tries, 'try', 'tries');
}

/**
 * The filter of the list of failures that shows the connections of a group: what they share is what the engine groups by. It
 * shows more than them where their side cannot be told, and where they are those of a scan.
 */
export function failureGroupFilter({ kind, server, side, recovered, matters }: FailureGroup): string {
  const terms = [`ending:${kind}`];
  // The group of a scan has no server of its own.
  if (server !== 'several') terms.push(`server:"${server}"`);
  if (side !== null) terms.push(`side:${side}`);
  terms.push(`recovered:${yesNo(recovered)}`, `matters:${yesNo(matters > 0)}`);
  return terms.join(' ');
}

function yesNo(is: boolean): string {
  return is ? 'yes' : 'no';
}
