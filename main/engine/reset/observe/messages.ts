/** What the messages of the application had come to when a reset came. */
import { seqDelta } from '../../../../shared/base/seq.ts';
import type { FlowHints } from '../../../../shared/model/hints.ts';
import type { BodyProgress } from '../../stream/http-body.ts';
import { isShort, requestBody, responseBody } from '../../stream/http-body.ts';
import type { ResetFacts } from './facts.ts';

export interface UnreadRequest {
  /** Bytes of the body that its receiver had acknowledged; null where its begin was not captured. */
  readonly came: number | null;
  /** Content-Length; null where it was not captured, or the body is chunked and its end was not seen. */
  readonly announced: number | null;
  /** Status of the reply that came before the reset; null for none. */
  readonly status: number | null;
  readonly method: string;
  /** Its header asks the server first: Expect: 100-continue. */
  readonly asksFirst: boolean;
}

export const PAYLOAD_TOO_LARGE = 413;

/** Whether a status says that the gateway's own request failed (RFC 9110 §15.6.3 to §15.6.5). */
export function isOfGateway(status: number): boolean {
  return status >= 502 && status <= 504;
}

const CARRIES_BODY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

/** The request of the receiver whose body had not come wholly when its server reset; null where that cannot be said. */
export function unreadRequest(f: ResetFacts, hints: FlowHints | undefined): UnreadRequest | null {
  const request = hints?.http ?? null;
  if (request === null || request.direction !== f.receiver || request.requestPacket >= f.packet) return null;
  const taken = f.hasAck && seqDelta(f.ack, f.senderLastAck) > 0 ? f.ack : f.senderLastAck;
  // The end of chunks may hide in a segment that nobody looked into, and a length beyond what was captured: only who is still
  // sending has more to send.
  const more = f.afterPeerPackets > 0 || seqDelta(f.receiverNext, taken) > 0;
  const body = requestBody(request, taken);
  if (body === null) {
    if (!more || !CARRIES_BODY.has(request.method) || request.bodySeq !== null) return null;
  } else {
    // A request that was not taken at all crossed a close: nothing of it could be read.
    if (request.bodySeq === null || seqDelta(taken, request.bodySeq) < 0) return null;
    if (body.announced === null ? !more : body.came >= body.announced) return null;
  }
  const reply = hints?.httpStatus ?? null;
  const replied =
    reply !== null &&
    reply.direction === f.sender &&
    reply.code >= 200 &&
    reply.packet > request.requestPacket &&
    reply.packet < f.packet;
  return {
    came: body?.came ?? null,
    announced: body?.announced ?? null,
    status: replied ? reply.code : null,
    method: request.method,
    asksFirst: request.expectsContinue,
  };
}

/** The server's newest reply where less of it was sent than its header announced; null where that cannot be said. */
export function shortReply(
  f: ResetFacts,
  hints: FlowHints | undefined,
): (BodyProgress & { readonly announced: number }) | null {
  const reply = hints?.httpStatus ?? null;
  if (reply === null || reply.packet >= f.packet || f.lossy || f.sender !== reply.direction) return null;
  const body = responseBody(reply, hints?.http ?? null, f.senderNext);
  return isShort(body) ? body : null;
}
