/** Phrases of a case that advice is made of: when it was, what was asked, how much was under way. */
import { seqDelta } from '../../../../../shared/base/seq.ts';
import { bytesText } from '../../../../../shared/format/bytes.ts';
import { cutText } from '../../../../../shared/format/text.ts';
import { logTime } from '../../../../../shared/format/time.ts';
import type { HttpRequestHint } from '../../../../../shared/model/hints.ts';
import { BASE_SEQ, SEEN_SYN, SEEN_SYN_ACK } from '../../../flow/record.ts';
import type { CauseContext } from '../../cause/context.ts';
import type { ResetFacts } from '../../observe/facts.ts';
import { unacknowledgedOfReceiver, unacknowledgedOfSender } from '../../observe/unacknowledged.ts';
import type { CaptureView } from '../../observe/view.ts';
import type { Situation } from './advice.ts';

const LONGEST_TARGET = 60;

/** When to look for it in a log. */
export function whenText(view: CaptureView, ns: number): string {
  return logTime(view.epochNs, ns);
}

/** The newest request that stands before the reset. */
export function requestOf({ c }: Situation): HttpRequestHint | null {
  const http = c.hints?.http ?? null;
  return http !== null && http.direction === 0 && http.requestPacket < c.f.packet ? http : null;
}

/** "GET /orders of shop.example" */
export function requestText({ method, target, host }: HttpRequestHint): string {
  const asked = `${method} ${cutText(target, LONGEST_TARGET)}`;
  return host === null ? asked : `${asked} of ${cutText(host, LONGEST_TARGET)}`;
}

/** Bytes that one side had sent and not seen acknowledged; 0 where that is not known. */
export function underWay({ f, kind }: CauseContext, direction: 0 | 1): number {
  return (direction === f.sender ? unacknowledgedOfSender(f) : unacknowledgedOfReceiver(f, kind)) ?? 0;
}

/** " with 1.45 kB of the server under way"; '' where there were none. */
export function underWayText(c: CauseContext): string {
  const client = underWay(c, 0);
  const server = underWay(c, 1);
  if (client === 0 && server === 0) return '';
  const parts = [
    client > 0 ? `${bytesText(client)} of the client` : '',
    server > 0 ? `${bytesText(server)} of the server` : '',
  ].filter((part) => part !== '');
  return `, with ${parts.join(' and ')} not acknowledged`;
}

/** Bytes that one side had sent since its handshake; null where that was not seen. */
export function sentBy(view: CaptureView, f: ResetFacts, direction: 0 | 1): number | null {
  const isSender = direction === f.sender;
  const seen = isSender ? f.senderSeen : f.receiverSeen;
  if ((seen & (SEEN_SYN | SEEN_SYN_ACK)) === 0) return null;
  const next = isSender ? f.senderNext : f.receiverNext;
  const sent = seqDelta(next, view.flows.directionWord(f.flow, direction, BASE_SEQ)) - 1;
  return sent >= 0 ? sent : null;
}

/** Nanoseconds between the last data of one side and the reset; −1 where there was none. */
export function sinceData({ w, f }: CauseContext, direction: 0 | 1): number {
  return f.lastDataAt[direction] < 0 ? -1 : f.time - w.time[f.lastDataAt[direction]];
}
