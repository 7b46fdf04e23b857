/** What the messages of the application had come to when a reset came. */
import { seqDelta } from '../../../../shared/base/seq.ts';
import type { FlowHints, HttpRequestHint, HttpStatusHint } from '../../../../shared/model/hints.ts';
import { isShort, requestBody, responseBody, responseState } from '../../stream/http-body.ts';
import { MARK_KEEP_ALIVE } from '../../flow/marks.ts';
import type { ResetFacts } from './facts.ts';
import type { FlowWindow } from './flow-window.ts';

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

interface Said {
  readonly f: ResetFacts;
  readonly w: FlowWindow;
  readonly hints: FlowHints | undefined;
}

export const PAYLOAD_TOO_LARGE = 413;
/** Who resets so long after the last packet waited in vain; the same as for a client that closes (cut-short). */
const WAITED_NS = 1_500_000_000;

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

/** A reply that had not come to its end, and how; see ResponseState. */
export interface UnfinishedReply {
  readonly state: 'short' | 'chunks-missing' | 'unclosed' | 'interim';
  readonly status: number;
  /** Bytes of its body that were sent, chunk lines among them; 0 where it is not known where the body begins. */
  readonly came: number;
  /** Content-Length; null where that does not tell its end. */
  readonly announced: number | null;
}

/** The newest reply of whoever resets, where it had not come to its end; null where that cannot be said. */
export function unfinishedReply(f: ResetFacts, hints: FlowHints | undefined): UnfinishedReply | null {
  const reply = hints?.httpStatus ?? null;
  if (reply === null || f.sender !== reply.direction || !isSeen(f, hints)) return null;
  const request = hints?.http ?? null;
  const state = responseState(reply, request, f.senderNext, f.finAt[f.sender] >= 0);
  if (state === 'whole' || state === 'unknown') return null;
  // A client that has closed had all that it wanted of a reply without a length.
  if (state === 'unclosed' && f.finAt[f.receiver] >= 0) return null;
  const came = responseBody(reply, request, f.senderNext)?.came ?? 0;
  return { state, status: reply.code, came, announced: state === 'short' ? reply.contentLength : null };
}

/** Whether a client resets that had waited for the rest of a reply shorter than announced: sooner it did not want the rest. */
export function waitedForRest(f: ResetFacts, hints: FlowHints | undefined): boolean {
  const reply = hints?.httpStatus ?? null;
  if (reply === null || f.receiver !== reply.direction || f.idle < WAITED_NS) return false;
  return isSeen(f, hints) && isShort(responseBody(reply, hints?.http ?? null, f.receiverNext));
}

/**
 * Whether the reset answers a keep-alive probe on a connection of HTTP on which nobody waited for anything. Of other protocols the
 * connection itself may be what somebody has: a terminal, a subscription.
 */
export function answersIdleProbe({ f, w, hints }: Said): boolean {
  return f.triggerAt >= 0 && (w.marks[f.triggerAt] & MARK_KEEP_ALIVE) !== 0 && isAnswered(f, hints);
}

/** Whether the newest request has all of its reply. */
function isAnswered(f: ResetFacts, hints: FlowHints | undefined): boolean {
  const reply = hints?.httpStatus ?? null;
  const request = hints?.http ?? null;
  if (reply === null || request === null || !isSeen(f, hints)) return false;
  if (reply.direction === request.direction || reply.packet <= request.requestPacket) return false;
  const isSender = f.sender === reply.direction;
  const next = isSender ? f.senderNext : f.receiverNext;
  return responseState(reply, request, next, f.finAt[reply.direction] >= 0) === 'whole';
}

/** Whether the newest reply stands before the reset, and nothing of the flow is missing that could be its end. */
function isSeen(f: ResetFacts, hints: FlowHints | undefined): boolean {
  const reply = hints?.httpStatus ?? null;
  return reply !== null && reply.packet < f.packet && !f.lossy;
}

/** Statuses that ask for the same request once more, with something added: they refuse nothing (RFC 9110 §15.5). */
const ASKS_AGAIN: ReadonlySet<number> = new Set([401, 407, 417]);
const FIRST_ERROR = 400;
const FIRST_SERVER_ERROR = 500;

/**
 * Whether a request was answered and yet not done: the server failed (5xx), or it refused a request that had a body. Where the client
 * only asked for something, an error of its own (404) is all that there was to answer.
 */
export function wasNotDone(status: HttpStatusHint, request: HttpRequestHint | null): boolean {
  if (status.code >= FIRST_SERVER_ERROR) return true;
  if (status.code < FIRST_ERROR || ASKS_AGAIN.has(status.code)) return false;
  const isAsked = request !== null && request.direction !== status.direction;
  return isAsked && request.requestPacket < status.packet && bringsBody(request);
}

function bringsBody({ bodySeq, chunked, contentLength }: HttpRequestHint): boolean {
  return bodySeq !== null && (chunked || (contentLength ?? 0) > 0);
}

/** The error on which a client stopped sending the body of its request; null where it did not, or that cannot be said. */
export function refusedUpload(f: ResetFacts, hints: FlowHints | undefined): HttpStatusHint | null {
  const request = hints?.http ?? null;
  const reply = hints?.httpStatus ?? null;
  if (request === null || reply === null || request.direction !== f.sender) return null;
  if (reply.direction !== f.receiver || reply.packet >= f.packet || reply.code < FIRST_ERROR) return null;
  if (reply.packet < request.requestPacket) return null;
  return isShort(requestBody(request, f.senderNext)) ? reply : null;
}
