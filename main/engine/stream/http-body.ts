/** How much of an HTTP/1.x message's body was sent, against what its header announced (RFC 9112 §6.3). */
import { seqDelta } from '../../../shared/base/seq.ts';
import type { HttpFraming, HttpRequestHint, HttpStatusHint } from '../../../shared/model/hints.ts';

export interface BodyProgress {
  /** Bytes of the body; null where it is chunked, so that only its end would tell. */
  readonly announced: number | null;
  /** Bytes of the body, chunk lines among them, up to the sequence number asked for. */
  readonly came: number;
}

/**
 * `short`: fewer bytes than Content-Length tells. `chunks-missing`: the last chunk is. `unclosed`: the close that would end it is, so that
 * its receiver cannot know whether all of it came (RFC 9112 §8).
 */
export type ResponseState = 'whole' | 'short' | 'chunks-missing' | 'unclosed' | 'interim' | 'unknown';

const SWITCHING_PROTOCOLS = 101;
/** Responses without a body, whatever their length field says. */
const NO_CONTENT = 204;
const NOT_MODIFIED = 304;
/** Beyond half the circle sequence numbers no longer tell how far a body has come. */
const MOST_COUNTED = 0x7fff_ffff;

/**
 * The body of the newest request; null where it has none or the header does not tell.
 * @param next sequence number up to which bytes count: SND.NXT of its sender, or what the other side acknowledged
 */
export function requestBody(request: HttpRequestHint | null, next: number): BodyProgress | null {
  return request === null ? null : progress(request, next);
}

/** The same of the newest response. @param request the request that it answers, as far as known */
export function responseBody(
  response: HttpStatusHint | null,
  request: HttpRequestHint | null,
  next: number,
): BodyProgress | null {
  if (response === null || carriesNone(response, request)) return null;
  return progress(response, next);
}

/** Whether a response is none of those whose header section is all there is of them (RFC 9112 §6.3). */
function carriesNone({ code }: HttpStatusHint, request: HttpRequestHint | null): boolean {
  if (request?.method === 'HEAD' || code === NO_CONTENT || code === NOT_MODIFIED) return true;
  return isInterim(code) || opensTunnel(code, request);
}

function isInterim(code: number): boolean {
  return code < 200;
}

/** Whether what follows a response is another protocol, of whose messages it tells nothing. */
function opensTunnel(code: number, request: HttpRequestHint | null): boolean {
  return code === SWITCHING_PROTOCOLS || (request?.method === 'CONNECT' && code < 300);
}

/**
 * What of a response had come when the connection was reset: all of it, a part, or only an interim response, behind which the real one
 * is still to come. `unknown` where its header does not tell, or another protocol has begun.
 * @param next sequence number behind the last byte that its sender sent
 * @param isClosed its sender had closed with a FIN, which ends a body without a length
 */
export function responseState(
  response: HttpStatusHint,
  request: HttpRequestHint | null,
  next: number,
  isClosed: boolean,
): ResponseState {
  const { code, bodySeq, lastChunk } = response;
  if (bodySeq === null || opensTunnel(code, request)) return 'unknown';
  if (isInterim(code)) return 'interim';
  if (carriesNone(response, request)) return 'whole';
  if (response.untilClose) return isClosed ? 'whole' : 'unclosed';
  const body = progress(response, next);
  if (body === null) return 'unknown';
  if (isShort(body)) return 'short';
  if (body.announced !== null) return 'whole';
  return lastChunk === 'missing' ? 'chunks-missing' : 'unknown';
}

/** Whether less than the whole body came; false where that cannot be known. */
export function isShort(body: BodyProgress | null): body is BodyProgress & { readonly announced: number } {
  return body !== null && body.announced !== null && body.came < body.announced;
}

function progress(message: HttpFraming, next: number): BodyProgress | null {
  const { contentLength, chunked, lastChunk, bodySeq } = message;
  if (bodySeq === null || (contentLength ?? 0) > MOST_COUNTED) return null;
  const came = Math.max(0, seqDelta(next, bodySeq));
  // Transfer-Encoding overrides Content-Length (RFC 9112 §6.3).
  if (chunked) return { announced: lastChunk === 'seen' ? came : null, came };
  return contentLength === null ? null : { announced: contentLength, came };
}
