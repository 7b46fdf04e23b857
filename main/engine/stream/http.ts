/** HTTP/1.x start lines (RFC 9112 §3, §4) and the few header fields that help to understand a reset. */
import type { PacketNumber } from '../../../shared/base/units.ts';
import { seqAdd } from '../../../shared/base/seq.ts';
import type {
  HintDirection,
  HttpFraming,
  HttpRequestHint,
  HttpStatusHint,
} from '../../../shared/model/hints.ts';
import {
  COLON,
  CR,
  LF,
  SPACE,
  containsIgnoringCase,
  decimal,
  equalsIgnoringCase,
  findByte,
  isDigit,
  safeText,
  startsWith,
} from './bytes.ts';
import { hostName } from './host-name.ts';

/** RFC 9110, RFC 5789 and WebDAV (RFC 4918). */
export const REQUEST_METHODS: readonly string[] = [
  'GET',
  'POST',
  'PUT',
  'HEAD',
  'DELETE',
  'OPTIONS',
  'PATCH',
  'CONNECT',
  'TRACE',
  'PROPFIND',
  'PROPPATCH',
  'MKCOL',
  'COPY',
  'MOVE',
  'LOCK',
  'UNLOCK',
  'REPORT',
];
const VERSION = 'HTTP/1.';
const VERSION_LENGTH = 'HTTP/1.1'.length;
const STATUS_LENGTH = 'HTTP/1.1 200'.length;
const MAX_FIELDS = 128;
const LAST_CHUNK = '\r\n0\r\n\r\n';
/** A request line without its end is believed only when it is too long for a chance find. */
const LONG_LINE = 200;

/** The request whose line begins at `at`; undefined for anything else. */
export function parseRequest(
  bytes: Uint8Array,
  at: number,
  end: number,
  packet: PacketNumber,
  direction: HintDirection,
  seq?: number,
): HttpRequestHint | undefined {
  const method = methodAt(bytes, at, end);
  if (method === undefined) return undefined;
  const targetAt = at + method.length + 1;
  const newline = findByte(bytes, LF, targetAt, end);
  const lineEnd = newline > targetAt && bytes[newline - 1] === CR ? newline - 1 : newline;
  const targetEnd = endOfTarget(bytes, targetAt, lineEnd, newline < end, method);
  if (targetEnd <= targetAt) return undefined;
  const fields = readFields(bytes, newline + 1, end);
  return {
    method,
    target: safeText(bytes, targetAt, targetEnd),
    host: fields.host,
    userAgent: fields.userAgent,
    connectionClose: fields.connectionClose,
    expectsContinue: fields.expectsContinue,
    ...framing(fields, at, end, bytes, seq),
    requestPacket: packet,
    direction,
  };
}

/** The response whose status line begins at `at`; undefined for anything else. */
export function parseStatus(
  bytes: Uint8Array,
  at: number,
  end: number,
  packet: PacketNumber,
  direction: HintDirection,
  seq?: number,
): HttpStatusHint | undefined {
  if (end - at < STATUS_LENGTH || !startsWith(bytes, at, end, VERSION)) return undefined;
  const codeAt = at + VERSION_LENGTH + 1;
  const code = decimal(bytes, codeAt, codeAt + 3);
  if (!isDigit(bytes[at + VERSION_LENGTH - 1]) || bytes[codeAt - 1] !== SPACE) return undefined;
  if (code === null || code < 100 || code > 999) return undefined;
  const afterCode = codeAt + 3;
  if (afterCode < end && bytes[afterCode] !== SPACE && bytes[afterCode] !== CR && bytes[afterCode] !== LF) {
    return undefined;
  }
  const newline = findByte(bytes, LF, afterCode, end);
  const lineEnd = newline > afterCode && bytes[newline - 1] === CR ? newline - 1 : newline;
  const fields = readFields(bytes, newline + 1, end);
  return {
    code,
    reason: safeText(bytes, Math.min(afterCode + 1, lineEnd), lineEnd),
    connectionClose: fields.connectionClose,
    ...framing(fields, at, end, bytes, seq),
    packet,
    direction,
  };
}

/** A message with what the next segment of its header section, at [at, end), says besides. */
export function continueHeader<Message extends HttpRequestHint | HttpStatusHint>(
  message: Message,
  bytes: Uint8Array,
  at: number,
  end: number,
  seq: number,
): Message {
  const fields = readFields(bytes, at, end);
  const { contentLength, chunked, lastChunk, bodySeq } = framing(fields, at, end, bytes, seq);
  return {
    ...message,
    contentLength: message.contentLength ?? contentLength,
    chunked: message.chunked || chunked,
    lastChunk,
    // The line that the segment's end cut may have held the length.
    untilClose: false,
    bodySeq,
    connectionClose: message.connectionClose || fields.connectionClose,
  };
}

/** Whether a payload is, or begins with, the chunk that ends a body (RFC 9112 §7.1). */
export function isLastChunk(bytes: Uint8Array, at: number, end: number): boolean {
  return startsWith(bytes, at, end, '0\r\n');
}

/** Whether a payload ends with the last chunk of a body without trailers. */
function endsWithLastChunk(bytes: Uint8Array, from: number, end: number): boolean {
  return end - LAST_CHUNK.length >= from && startsWith(bytes, end - LAST_CHUNK.length, end, LAST_CHUNK);
}

/** @param at where the payload with sequence number `seq` begins */
function framing(
  fields: Fields,
  at: number,
  end: number,
  bytes: Uint8Array,
  seq: number | undefined,
): HttpFraming {
  const { contentLength, chunked, isFramed, bodyAt } = fields;
  return {
    contentLength,
    chunked,
    untilClose: bodyAt >= 0 && !isFramed,
    lastChunk: chunked && bodyAt >= 0 && endsWithLastChunk(bytes, bodyAt, end) ? 'seen' : 'unknown',
    bodySeq: bodyAt < 0 || seq === undefined ? null : seqAdd(seq, bodyAt - at),
  };
}

/**
 * The name of the flow's own server that a request gives: its Host without the port. Null for an address, which is
 * no name, and for requests to a proxy, which name somebody else.
 */
export function requestedName(request: HttpRequestHint): string | null {
  if (request.host === null || !request.target.startsWith('/')) return null;
  return hostName(request.host.replace(/:\d*$/, ''));
}

function methodAt(bytes: Uint8Array, at: number, end: number): string | undefined {
  for (const method of REQUEST_METHODS) {
    if (end - at <= method.length || bytes[at + method.length] !== SPACE) continue;
    if (startsWith(bytes, at, end, method)) return method;
  }
  return undefined;
}

/** @returns where the target ends; `at` when the line is no request line */
function endOfTarget(bytes: Uint8Array, at: number, lineEnd: number, ended: boolean, method: string): number {
  if (!ended)
    return bytes[at] === 0x2f && lineEnd - at >= LONG_LINE ? findByte(bytes, SPACE, at, lineEnd) : at;
  const versionAt = lineEnd - VERSION_LENGTH;
  if (versionAt > at && bytes[versionAt - 1] === SPACE && startsWith(bytes, versionAt, lineEnd, VERSION)) {
    return versionAt - 1;
  }
  // HTTP/0.9: `GET /path` and nothing more.
  const isSimple = method === 'GET' && bytes[at] === 0x2f && findByte(bytes, SPACE, at, lineEnd) === lineEnd;
  return isSimple ? lineEnd : at;
}

interface Fields {
  host: string | null;
  userAgent: string | null;
  contentLength: number | null;
  connectionClose: boolean;
  expectsContinue: boolean;
  chunked: boolean;
  /** A field stands there that tells where the body ends, readable or not. */
  isFramed: boolean;
  /** Where the body begins; −1 where the header section does not end here. */
  bodyAt: number;
}

/** Reads header fields up to the empty line or the end of what was captured. */
function readFields(bytes: Uint8Array, from: number, end: number): Fields {
  const fields: Fields = {
    host: null,
    userAgent: null,
    contentLength: null,
    connectionClose: false,
    expectsContinue: false,
    chunked: false,
    isFramed: false,
    bodyAt: -1,
  };
  let at = from;
  for (let count = 0; count < MAX_FIELDS && at < end; count++) {
    const newline = findByte(bytes, LF, at, end);
    // A field cut by the segment's end may be cut within its value.
    if (newline === end) break;
    const lineEnd = newline > at && bytes[newline - 1] === CR ? newline - 1 : newline;
    if (lineEnd === at) {
      fields.bodyAt = newline + 1;
      break;
    }
    readField(fields, bytes, at, lineEnd);
    at = newline + 1;
  }
  return fields;
}

function readField(fields: Fields, bytes: Uint8Array, at: number, lineEnd: number): void {
  const colon = findByte(bytes, COLON, at, lineEnd);
  if (colon === lineEnd) return;
  let from = colon + 1;
  let to = lineEnd;
  while (from < to && isBlank(bytes[from])) from++;
  while (to > from && isBlank(bytes[to - 1])) to--;
  if (equalsIgnoringCase(bytes, at, colon, 'host')) fields.host ??= safeText(bytes, from, to);
  else if (equalsIgnoringCase(bytes, at, colon, 'user-agent')) fields.userAgent ??= safeText(bytes, from, to);
  else if (equalsIgnoringCase(bytes, at, colon, 'content-length')) {
    fields.contentLength ??= decimal(bytes, from, to);
    fields.isFramed = true;
  } else if (equalsIgnoringCase(bytes, at, colon, 'connection')) {
    fields.connectionClose ||= containsIgnoringCase(bytes, from, to, 'close');
  } else if (equalsIgnoringCase(bytes, at, colon, 'transfer-encoding')) {
    fields.chunked ||= containsIgnoringCase(bytes, from, to, 'chunked');
    fields.isFramed = true;
  } else if (equalsIgnoringCase(bytes, at, colon, 'expect')) {
    fields.expectsContinue ||= containsIgnoringCase(bytes, from, to, '100-continue');
  }
}

function isBlank(byte: number): boolean {
  return byte === SPACE || byte === 0x09;
}
