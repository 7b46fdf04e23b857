/** Origins and how sure they are, in words. */
import { upperFirst } from '../format/text.ts';
import { CANNOT_TELL, confidenceWord } from './confidence.ts';
import type { Obeyed, OriginKind, ResetFamily, Side, Verdict } from '../model/verdict.ts';

interface OriginWords {
  /** On a badge, a button, a legend. */
  readonly name: string;
  /** Where there is no room for the name. */
  readonly short: string;
  /** Inside of a sentence. */
  readonly phrase: string;
  /** Behind the name, where there is room for a few words. */
  readonly about: string;
  /** Behind the name, where it is explained. */
  readonly meaning: string;
}

/**
 * The two that a reset can come from, and the open case. These are the words that the engine's own sentences use; the
 * whole interface takes them from here. "Host" is also what legitimately answers for its address.
 */
export const ORIGIN: Readonly<Record<OriginKind, OriginWords>> = {
  endpoint: {
    name: 'Host',
    short: 'Host',
    phrase: 'a host',
    about: 'or what answers for it',
    meaning: 'The one whose address the reset carries, or what answers for it.',
  },
  middlebox: {
    name: 'Device on the path',
    short: 'Device',
    phrase: 'a device on the path',
    about: 'made in the name of a host',
    meaning: 'Something else made the reset in a host’s name.',
  },
  unknown: {
    name: 'Cannot tell',
    short: 'Cannot tell',
    phrase: 'a sender that cannot be told',
    about: 'this capture does not settle it',
    meaning: 'This capture does not settle it.',
  },
};

/** In the order in which they are listed: what was forged comes first. */
export const ORIGINS_LISTED = ['middlebox', 'endpoint', 'unknown'] as const satisfies readonly OriginKind[];

/** Who sent it, short, for a column: the host by its side. */
export function senderText(kind: OriginKind, side: Side | 'path' | 'none' | null): string {
  return kind === 'endpoint' && (side === 'client' || side === 'server')
    ? upperFirst(side)
    : ORIGIN[kind].short;
}

/** @param confidence probability that the origin is right, 0 … 1 @param isProven `ResetJourney.proven` */
export function sureText(kind: OriginKind, confidence: number, isProven = false): string {
  const word = kind === 'unknown' ? CANNOT_TELL : confidenceWord(confidence, isProven);
  return word === CANNOT_TELL ? `${CANNOT_TELL} from this capture` : word;
}

/** Never 100 %: what is inferred is not certain. */
export function percentText(share: number): string {
  if (!Number.isFinite(share)) return 'unknown';
  if (share >= 0.9995) return '>99.9%';
  if (share >= 0.99) return `${(Math.floor(share * 1000) / 10).toFixed(1)}%`;
  // Nor 0 %: what is as good as excluded is not.
  if (share > 0 && share < 0.01) return '<1%';
  return `${Math.floor(share * 100 + 1e-9)}%`;
}

/** What a probability means to somebody who has many such verdicts: "Of 1,000 such verdicts about 995 are right." */
export function oddsText(share: number): string {
  if (!Number.isFinite(share)) return '';
  if (share >= 0.9995) return 'Of 1,000 such verdicts hardly one is wrong.';
  if (share >= 0.99) return `Of 1,000 such verdicts about ${Math.floor(share * 1000 + 1e-9)} are right.`;
  return `Of 100 such verdicts about ${Math.floor(share * 100 + 1e-9)} are right.`;
}

export function hopsText(hops: number | null): string {
  if (hops === null || hops < 0) return 'unknown distance';
  if (hops === 0) return '0 hops';
  return hops === 1 ? '1 hop' : `${hops} hops`;
}

export function otherSide(side: Side): Side {
  return side === 'client' ? 'server' : 'client';
}

export const FAMILY_TEXT: Readonly<Record<ResetFamily, { readonly word: string; readonly about: string }>> = {
  active: { word: 'Abort', about: 'RST+ACK at the next sequence number: a live connection was aborted.' },
  reply: { word: 'Answer', about: 'Bare RST at the acknowledgement number of the segment that it answers.' },
  'syn-reply': { word: 'Refusal', about: 'RST+ACK with sequence number 0: answers a segment without ACK.' },
  irregular: { word: 'Irregular', about: 'Built like none of the resets of RFC 9293.' },
};

/** What the receiver does with it: RFC 5961 §3.2. */
export function obeyedText(obeyed: Obeyed, receiver: Side): string {
  switch (obeyed) {
    case 'yes':
      return `The ${receiver} obeyed it: its number is exactly the one expected, so the connection ended (RFC 5961 §3.2).`;
    case 'challenged':
      return `The ${receiver} should have answered with a challenge ACK instead of closing: the number lies in the window but is not the one expected (RFC 5961 §3.2).`;
    case 'ignored':
      return `The ${receiver} did not end the connection because of it; the evidence says what shows that (RFC 5961 §3.2).`;
    case 'unknown':
      return `This capture does not show enough of the ${receiver}’s state to tell whether it obeyed.`;
  }
}

/** Whether data may be lost, from the bytes that were in flight. */
export function unacknowledgedText(
  bytes: Verdict['unacknowledgedBytes'],
  count: (n: number) => string,
): string {
  const { client, server } = bytes;
  if (client === null && server === null) return 'How much was in flight is not known.';
  const parts: string[] = [];
  if (client !== null && client > 0) parts.push(`${count(client)} from the client`);
  if (server !== null && server > 0) parts.push(`${count(server)} from the server`);
  if (parts.length > 0)
    return `Sent and not acknowledged: ${parts.join(' and ')}. Their fate is unknown to the sender.`;
  return client === null || server === null
    ? 'Nothing was in flight from the side that the capture shows.'
    : 'Nothing was in flight: every byte sent had been acknowledged.';
}
