/** Origins and how sure they are, in words. */
import type { Obeyed, OriginKind, ResetFamily, Side, Verdict } from '../../shared/model/verdict.ts';

export const ORIGIN_WORD: Readonly<Record<OriginKind, string>> = {
  endpoint: 'Endpoint',
  middlebox: 'Device on the path',
  unknown: 'Cannot tell',
};

/** Short, for a column. */
export function originText(kind: OriginKind, side: Side | 'path' | 'none' | null): string {
  if (kind === 'endpoint') return side === 'client' ? 'Client' : side === 'server' ? 'Server' : 'Endpoint';
  return kind === 'middlebox' ? 'On the path' : 'Cannot tell';
}

/** @param confidence probability that the origin is right, 0 … 1 */
export function confidenceWord(kind: OriginKind, confidence: number): string {
  if (kind === 'unknown' || !(confidence >= 0.6)) return 'cannot tell from this capture';
  if (confidence >= 0.99) return 'very likely';
  return confidence >= 0.9 ? 'likely' : 'suspected';
}

/** Never 100 %: what is inferred is not certain. */
export function percentText(share: number): string {
  if (!Number.isFinite(share)) return 'unknown';
  if (share >= 0.9995) return '>99.9%';
  if (share >= 0.99) return `${(Math.floor(share * 1000) / 10).toFixed(1)}%`;
  return `${Math.floor(share * 100 + 1e-9)}%`;
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
      return `The ${receiver} should have ignored it: the number lies outside of the window (RFC 5961 §3.2).`;
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
