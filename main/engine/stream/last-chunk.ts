/** How far the newest message with chunks has come (RFC 9112 §7.1): whether its last chunk is there. */
import type { HintDirection, HttpStatusHint } from '../../../shared/model/hints.ts';
import { startsWith } from './bytes.ts';
import type { GatheredHints } from './flow-hints.ts';
import { startOfChunks, walkChunks } from './http-chunks.ts';
import { isLastChunk } from './http.ts';

/** Ends a header section and the trailers of a body. */
const END_OF_SECTION = '\r\n\r\n';

/** A chunk of length 0 ends the newest message of that direction. */
export function noteLastChunk(
  hints: GatheredHints,
  direction: HintDirection,
  bytes: Uint8Array,
  at: number,
  end: number,
): void {
  if (!isLastChunk(bytes, at, end)) return;
  const { http, httpStatus } = hints;
  if (http?.direction === direction && http.chunked) hints.http = { ...http, lastChunk: 'seen' };
  // Where the chunks are followed, data that looks like the last one is none.
  else if (httpStatus?.direction === direction && httpStatus.chunked && hints.chunks === null)
    hints.httpStatus = { ...httpStatus, lastChunk: 'seen' };
}

/** A response by the payload that its header section begins or ends in; the empty line there is not the end of the body. */
export function replyBegins(
  hints: GatheredHints,
  status: HttpStatusHint,
  bytes: Uint8Array,
  at: number,
  end: number,
  length: number,
  seq: number | undefined,
): void {
  const walks = status.chunked && status.bodySeq !== null && seq !== undefined;
  hints.chunks = walks ? startOfChunks(status.bodySeq) : null;
  const isCut = end - at < length;
  const looked = status.chunked && !isCut && status.lastChunk === 'unknown' ? 'missing' : status.lastChunk;
  const lastChunk = walkOn(hints, bytes, at, end, length, seq) ?? looked;
  hints.httpStatus = lastChunk === status.lastChunk ? status : { ...status, lastChunk };
}

/** A chunked response by one more payload. Once ended it stays so, for what comes after are resends. */
export function replyGoesOn(
  hints: GatheredHints,
  status: HttpStatusHint,
  bytes: Uint8Array,
  at: number,
  end: number,
  length: number,
  seq: number | undefined,
): void {
  if (status.lastChunk === 'seen') return;
  const lastChunk =
    walkOn(hints, bytes, at, end, length, seq) ?? lastChunkByEnd(bytes, at, end, end - at < length);
  if (lastChunk !== status.lastChunk) hints.httpStatus = { ...status, lastChunk };
}

/** @returns whether the last chunk has come; undefined where the chunks cannot be followed (any more) */
function walkOn(
  hints: GatheredHints,
  bytes: Uint8Array,
  at: number,
  end: number,
  length: number,
  seq: number | undefined,
): HttpStatusHint['lastChunk'] | undefined {
  const { chunks } = hints;
  if (chunks === null || seq === undefined) return undefined;
  walkChunks(chunks, bytes, at, end, length, seq);
  const isLost = chunks.place === 'lost';
  const hasEnded = chunks.place === 'ended';
  if (isLost || hasEnded) hints.chunks = null;
  return isLost ? undefined : hasEnded ? 'seen' : 'missing';
}

/** By the payload's end alone: the last chunk, or trailers, and an empty line end a body. */
function lastChunkByEnd(
  bytes: Uint8Array,
  at: number,
  end: number,
  isCut: boolean,
): HttpStatusHint['lastChunk'] {
  if (isCut) return 'unknown';
  return startsWith(bytes, Math.max(at, end - END_OF_SECTION.length), end, END_OF_SECTION)
    ? 'seen'
    : 'missing';
}
