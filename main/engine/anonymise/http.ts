/** HTTP/1.x messages (RFC 9112): methods, versions and codes stay, targets keep their shape, fields as http-fields.ts says. */
import type { PacketNumber } from '../../../shared/base/units.ts';
import { CR, findByte, LF, SPACE } from '../stream/bytes.ts';
import { parseRequest, parseStatus } from '../stream/http.ts';
import { rewriteField } from './http-fields.ts';
import type { Payload } from './tcp-payload.ts';
import type { Rewrite } from './rewrite.ts';
import { isText, latin1, write } from './texts.ts';

const MOST_FIELDS = 256;
const TRANSFER_ENCODING = /^transfer-encoding:.*chunked/iu;
const VERSION_LENGTH = 'HTTP/1.1'.length;
const STATUS_LENGTH = 'HTTP/1.1 200'.length;
const NO_PACKET = 0 as PacketNumber;
/** Reasons that RFC 9110 §15 gives its codes. */
const REASONS =
  /^(?:OK|Created|Accepted|No Content|Partial Content|Moved Permanently|Found|Not Modified|Temporary Redirect|Bad Request|Unauthorized|Forbidden|Not Found|Method Not Allowed|Request Timeout|Conflict|Gone|Payload Too Large|Request Entity Too Large|Content Too Large|Too Many Requests|Internal Server Error|Not Implemented|Bad Gateway|Service Unavailable|Gateway Timeout|Continue|Switching Protocols|Connection [Ee]stablished)$/u;

/** @returns whether the payload begins an HTTP message; it was filled before */
export function rewriteHttp({ rewrite, at, end }: Payload): boolean {
  const { original } = rewrite;
  const status = parseStatus(original, at, end, NO_PACKET, 0);
  const request = status === undefined ? parseRequest(original, at, end, NO_PACKET, 0) : undefined;
  if (status === undefined && request === undefined) return false;
  const newline = findByte(original, LF, at, end);
  const lineEnd = newline > at && original[newline - 1] === CR ? newline - 1 : newline;
  if (request === undefined) rewriteStatusLine(rewrite, at, lineEnd);
  else rewriteRequestLine(rewrite, at, lineEnd, request.method, newline < end);
  keepNewline(rewrite, lineEnd, newline);
  rewriteSection(rewrite, newline + 1, end);
  return true;
}

function rewriteStatusLine(rewrite: Rewrite, at: number, lineEnd: number): void {
  const reasonAt = at + STATUS_LENGTH + 1;
  rewrite.keep(at, Math.min(lineEnd, reasonAt));
  if (reasonAt >= lineEnd) return;
  if (REASONS.test(latin1(rewrite.original, reasonAt, Math.min(lineEnd, reasonAt + 64))))
    rewrite.keep(reasonAt, lineEnd);
}

function rewriteRequestLine(
  rewrite: Rewrite,
  at: number,
  lineEnd: number,
  method: string,
  isEnded: boolean,
): void {
  const { original } = rewrite;
  const targetAt = at + method.length + 1;
  const hasVersion = isEnded && latin1(original, lineEnd - VERSION_LENGTH, lineEnd).startsWith('HTTP/1.');
  let targetEnd = hasVersion ? lineEnd - VERSION_LENGTH - 1 : lineEnd;
  if (!isEnded) targetEnd = findByte(original, SPACE, targetAt, lineEnd);
  rewrite.keep(at, targetAt);
  // Behind a line that goes on in the next segment may be as much of the version as there is, and words of a target with blanks.
  if (hasVersion || ' HTTP/1.1'.startsWith(latin1(original, targetEnd, lineEnd)))
    rewrite.keep(targetEnd, lineEnd);
  rewriteTarget(rewrite, targetAt, targetEnd, method);
}

/** Slashes and what separates queries stay; of an absolute target scheme and host, of CONNECT the authority. */
function rewriteTarget(rewrite: Rewrite, at: number, end: number, method: string): void {
  const { original, books } = rewrite;
  const text = latin1(original, at, Math.min(end, at + 512));
  const absolute = /^(https?:\/\/)([^/?#]*)/u.exec(text);
  let pathAt = at;
  if (absolute !== null) {
    const [, scheme, authority] = absolute;
    write(rewrite, at, scheme + books.names.host(authority));
    pathAt = at + scheme.length + authority.length;
  } else if (method === 'CONNECT') {
    write(rewrite, at, books.names.host(text));
    pathAt = at + text.length;
  }
  if (text === '*') rewrite.keep(at, end);
  for (let i = pathAt; i < end; i++) {
    const byte = original[i];
    if (byte === 0x2f || byte === 0x3f || byte === 0x26 || byte === 0x3d) rewrite.to[i] = byte;
  }
}

/** Fields up to the empty line; what follows it is the body, filler but for the length of its first chunk where it has chunks. */
function rewriteSection(rewrite: Rewrite, from: number, end: number): void {
  const { original } = rewrite;
  let at = from;
  let isChunked = false;
  for (let count = 0; count < MOST_FIELDS && at < end; count++) {
    const newline = findByte(original, LF, at, end);
    const lineEnd = newline > at && original[newline - 1] === CR ? newline - 1 : newline;
    if (lineEnd > at && !isText(original, at, lineEnd)) return;
    keepNewline(rewrite, lineEnd, newline);
    if (lineEnd === at) {
      if (isChunked) rewriteFirstChunk(rewrite, newline + 1, end);
      return;
    }
    isChunked ||= TRANSFER_ENCODING.test(latin1(original, at, Math.min(lineEnd, at + 64)));
    if (!rewriteField(rewrite, at, lineEnd)) keepColon(rewrite, at, lineEnd);
    at = newline + 1;
  }
}

/** A field that is not known stays one. */
function keepColon(rewrite: Rewrite, at: number, lineEnd: number): void {
  const colon = latin1(rewrite.original, at, Math.min(lineEnd, at + 64)).indexOf(':');
  if (colon > 0) rewrite.keep(at + colon, at + colon + 1);
}

function rewriteFirstChunk(rewrite: Rewrite, at: number, end: number): void {
  const chunk = /^[\da-f]{1,8}\r\n/iu.exec(latin1(rewrite.original, at, Math.min(end, at + 10)));
  if (chunk !== null) rewrite.keep(at, at + chunk[0].length);
}

function keepNewline(rewrite: Rewrite, lineEnd: number, newline: number): void {
  rewrite.keep(lineEnd, newline + 1);
}
