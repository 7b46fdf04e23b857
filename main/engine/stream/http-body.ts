/** How much of an HTTP/1.x message's body was sent, against what its header announced (RFC 9112 §6.3). */
import { seqDelta } from '../../../shared/base/seq.ts';
import type { HttpFraming, HttpRequestHint, HttpStatusHint } from '../../../shared/model/hints.ts';

export interface BodyProgress {
  /** Bytes of the body; null where it is chunked, so that only its end would tell. */
  readonly announced: number | null;
  /** Bytes of the body, chunk lines among them, up to the sequence number asked for. */
  readonly came: number;
}

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
  if (response === null || request?.method === 'HEAD') return null;
  const { code } = response;
  return code < 200 || code === NO_CONTENT || code === NOT_MODIFIED ? null : progress(response, next);
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
