/**
 * TLS (RFC 8446, RFC 5246): records, kinds and lengths of messages, versions, suites and alerts stay. Names of servers are replaced as
 * everywhere, randoms, sessions and keys by what is the same for the same; certificates keep their structure.
 */
import { u16, u24 } from '../stream/bytes.ts';
import { isRecordHeader } from '../stream/tls.ts';
import { rewriteCertificate } from './certificate.ts';
import type { Payload } from './tcp-payload.ts';
import type { Rewrite } from './rewrite.ts';
import { latin1, write } from './texts.ts';

const RECORD_HEADER = 5;
const MESSAGE_HEADER = 4;
const MOST_RECORDS = 256;
const CHANGE_CIPHER_SPEC = 20;
const ALERT = 21;
const HANDSHAKE = 22;
const CLIENT_HELLO = 1;
const SERVER_HELLO = 2;
const CERTIFICATE = 11;
/** Messages that are sent in clear, by their number. */
const MESSAGES: ReadonlySet<number> = new Set([0, 1, 2, 4, 8, 11, 12, 13, 14, 15, 16, 20, 22]);

/** @returns whether the payload begins with records, or with what may be the beginning of one; it was filled before */
export function rewriteTls({ rewrite, at, end }: Payload): boolean {
  const { original } = rewrite;
  if (end - at < RECORD_HEADER) return beginsHello(rewrite, at, end);
  if (!isRecordHeader(original, at, end)) return false;
  let record = at;
  for (let count = 0; count < MOST_RECORDS && isRecordHeader(original, record, end); count++) {
    rewrite.keep(record, record + RECORD_HEADER);
    const body = record + RECORD_HEADER;
    const bodyEnd = body + u16(original, record + 3);
    rewriteRecord(rewrite, original[record], body, Math.min(bodyEnd, end), bodyEnd);
    record = bodyEnd;
  }
  if (record < end && end - record < RECORD_HEADER) beginsHello(rewrite, record, end);
  return true;
}

/** Fewer bytes than a record's header: its kind, version and half a length. */
function beginsHello(rewrite: Rewrite, at: number, end: number): boolean {
  const { original } = rewrite;
  if (at >= end || original[at] < CHANGE_CIPHER_SPEC || original[at] > 23) return false;
  if (end - at > 1 && original[at + 1] !== 3) return false;
  rewrite.keep(at, end);
  return true;
}

function rewriteRecord(rewrite: Rewrite, type: number, at: number, end: number, recordEnd: number): void {
  if (type === CHANGE_CIPHER_SPEC || (type === ALERT && recordEnd - at === 2)) rewrite.keep(at, end);
  else if (type === HANDSHAKE) rewriteHandshake(rewrite, at, end, recordEnd);
}

function rewriteHandshake(rewrite: Rewrite, from: number, end: number, recordEnd: number): void {
  const { original } = rewrite;
  let at = from;
  for (let count = 0; count < MOST_RECORDS && at < end; count++) {
    const type = original[at];
    const length = at + MESSAGE_HEADER <= end ? u24(original, at + 1) : 0;
    // What is encrypted has neither a kind nor a length that fits; a message may go on in the next record.
    if (!MESSAGES.has(type) || length > 0x2_0000 || (at > from && at + MESSAGE_HEADER > recordEnd)) return;
    if (![CLIENT_HELLO, SERVER_HELLO, CERTIFICATE].includes(type) && at + MESSAGE_HEADER + length > recordEnd)
      return;
    rewrite.keep(at, Math.min(end, at + MESSAGE_HEADER));
    const body = at + MESSAGE_HEADER;
    const bodyEnd = Math.min(end, body + length);
    if (type === CLIENT_HELLO || type === SERVER_HELLO)
      rewriteHello(rewrite, body, bodyEnd, type === CLIENT_HELLO);
    else if (type === CERTIFICATE) rewriteCertificates(rewrite, body, bodyEnd);
    at = body + length;
  }
}

/** Version, random, session, suites, compression, extensions. */
function rewriteHello(rewrite: Rewrite, from: number, end: number, isClient: boolean): void {
  const { original } = rewrite;
  rewrite.keep(from, Math.min(end, from + 2));
  rewrite.token(from + 2, Math.min(end, from + 34));
  const isDraft = (original[from] ?? 0) === 0x7f && !isClient;
  let at = from + 34;
  if (!isDraft) {
    if (at >= end) return;
    rewrite.keep(at, at + 1);
    const sessionEnd = at + 1 + original[at];
    rewrite.token(at + 1, Math.min(end, sessionEnd));
    at = sessionEnd;
  }
  if (at + 2 > end) return keepRest(rewrite, at, end);
  if (isClient) {
    const suitesEnd = at + 2 + u16(original, at);
    rewrite.keep(at, Math.min(end, suitesEnd));
    if (suitesEnd >= end) return;
    at = suitesEnd + 1 + original[suitesEnd];
    rewrite.keep(suitesEnd, Math.min(end, at));
  } else {
    rewrite.keep(at, Math.min(end, at + (isDraft ? 2 : 3)));
    at += isDraft ? 2 : 3;
  }
  rewriteExtensionList(rewrite, at, end, isClient);
}

function rewriteExtensionList(rewrite: Rewrite, at: number, end: number, isClient: boolean): void {
  if (at >= end) return;
  rewrite.keep(at, Math.min(end, at + 2));
  const { original } = rewrite;
  for (let next = at + 2; next < end;) {
    rewrite.keep(next, Math.min(end, next + 4));
    if (next + 4 > end) return;
    const from = next + 4;
    const until = from + u16(original, next + 2);
    rewriteExtension(rewrite, u16(original, next), from, Math.min(end, until), isClient);
    next = until;
  }
}

/**
 * Extensions of numbers alone: lengths, status kinds, groups, point formats, algorithms, heartbeat, padding, extended secret, compression,
 * record limit, delegated algorithms, versions, key exchange modes, certificate algorithms, renegotiation.
 */
const NUMBERS: ReadonlySet<number> = new Set([1, 10, 11, 13, 15, 22, 23, 27, 28, 34, 43, 45, 49, 50]);
const SERVER_NAME = 0;
const ALPN = 16;
const KEY_SHARE = 51;
const PROTOCOLS =
  /^(?:h2c?|h3(?:-\d+)?|http\/[01]\.\d|spdy\/\d(?:\.\d)?|hq(?:-\d+)?|imap|pop3|ftp|xmpp-(?:client|server)|mqtt|dot|doq|acme-tls\/1|grpc-exp|postgresql|irc|ntske\/1|coap|smb|webrtc|c-webrtc|stun\.turn)$/u;

function rewriteExtension(
  rewrite: Rewrite,
  type: number,
  from: number,
  end: number,
  isClient: boolean,
): void {
  const { original } = rewrite;
  if (NUMBERS.has(type)) rewrite.keep(from, end);
  else if (type === SERVER_NAME) {
    rewrite.keep(from, Math.min(end, from + 5));
    if (from + 5 < end) write(rewrite, from + 5, rewrite.books.names.host(latin1(original, from + 5, end)));
  } else if (type === ALPN) {
    rewrite.keep(from, Math.min(end, from + 2));
    for (let at = from + 2; at < end; at += 1 + original[at]) {
      rewrite.keep(at, at + 1);
      const nameEnd = Math.min(end, at + 1 + original[at]);
      if (PROTOCOLS.test(latin1(original, at + 1, nameEnd))) rewrite.keep(at + 1, nameEnd);
    }
  } else if (type === KEY_SHARE) rewriteKeyShare(rewrite, from, end, isClient);
  else rewrite.token(from, end);
}

/** Group and length, then the key. */
function rewriteKeyShare(rewrite: Rewrite, from: number, end: number, isClient: boolean): void {
  const { original } = rewrite;
  if (isClient) rewrite.keep(from, Math.min(end, from + 2));
  for (let at = isClient ? from + 2 : from; at + 4 <= end;) {
    rewrite.keep(at, at + 4);
    const keyEnd = at + 4 + u16(original, at + 2);
    rewrite.token(at + 4, Math.min(end, keyEnd));
    at = keyEnd;
  }
}

/** TLS 1.2: length of the list, then each certificate with its length. */
function rewriteCertificates(rewrite: Rewrite, from: number, end: number): void {
  const { original } = rewrite;
  rewrite.keep(from, Math.min(end, from + 3));
  for (let at = from + 3; at + 3 <= end;) {
    rewrite.keep(at, at + 3);
    const certificateEnd = at + 3 + u24(original, at);
    rewriteCertificate(rewrite, at + 3, Math.min(end, certificateEnd));
    at = certificateEnd;
  }
}

function keepRest(rewrite: Rewrite, at: number, end: number): void {
  if (at < end) rewrite.keep(at, end);
}
