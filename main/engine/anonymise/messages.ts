/** Protocols of binary messages, as far as they are recognised and their ends understood (main/engine/stream): kinds, lengths and codes stay. */
import { findByte, i32le, startsWith, u24, u32 } from '../stream/bytes.ts';
import { mysqlGreeting } from '../stream/mysql.ts';
import { recognise } from '../stream/signatures.ts';
import type { Payload } from './tcp-payload.ts';
import { rewriteWords } from './reset-text.ts';

/** @returns whether anything was recognised; the payload was filled before */
export function rewriteBinary(payload: Payload): boolean {
  return (
    rewriteFrames(payload) ||
    rewriteMysqlError(payload) ||
    rewritePostgresError(payload) ||
    rewriteOpening(payload)
  );
}

const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
const FRAME_HEADER = 9;
const HIGHEST_TYPE = 9;
const LARGEST_FRAME = 0x4000;
const MOST_FRAMES = 64;
const FRAME_PRIORITY = 2;
const FRAME_RST_STREAM = 3;
const FRAME_SETTINGS = 4;
const FRAME_PING = 6;
const FRAME_GOAWAY = 7;
const FRAME_WINDOW_UPDATE = 8;

/** HTTP/2 (RFC 9113 §4.1): headers of frames, and what ends streams and connections. */
function rewriteFrames(payload: Payload): boolean {
  const { rewrite, at: from, end } = payload;
  const { original } = rewrite;
  const hasPreface = startsWith(original, from, end, PREFACE);
  if (hasPreface) rewrite.keep(from, from + PREFACE.length);
  let at = hasPreface ? from + PREFACE.length : from;
  let count = 0;
  for (; count < MOST_FRAMES && at + FRAME_HEADER <= end; count++) {
    if (!isFrame(original, at)) break;
    const length = u24(original, at);
    const type = original[at + 3];
    const body = at + FRAME_HEADER;
    const bodyEnd = Math.min(end, body + length);
    rewrite.keep(at, body);
    if ([FRAME_PRIORITY, FRAME_RST_STREAM, FRAME_SETTINGS, FRAME_WINDOW_UPDATE].includes(type))
      rewrite.keep(body, bodyEnd);
    else if (type === FRAME_GOAWAY) {
      if (body + 8 < bodyEnd) rewriteWords(payload, body + 8, bodyEnd);
      rewrite.keep(body, Math.min(bodyEnd, body + 8));
    }
    at = body + length;
  }
  return hasPreface || count > 0;
}

/** All that a frame's header decides: kinds with their lengths and on which streams they may be. */
function isFrame(bytes: Uint8Array, at: number): boolean {
  const length = u24(bytes, at);
  const type = bytes[at + 3];
  const stream = u32(bytes, at + 5);
  if (type > HIGHEST_TYPE || stream > 0x00ff_ffff || length > LARGEST_FRAME) return false;
  switch (type) {
    case FRAME_PRIORITY:
      return length === 5 && stream > 0;
    case FRAME_RST_STREAM:
      return length === 4 && stream > 0;
    case FRAME_SETTINGS:
      return length % 6 === 0 && stream === 0 && bytes[at + 4] <= 1;
    case FRAME_PING:
      return length === 8 && stream === 0 && bytes[at + 4] <= 1;
    case FRAME_GOAWAY:
      return length >= 8 && stream === 0 && bytes[at + 4] === 0;
    case FRAME_WINDOW_UPDATE:
      return length === 4 && bytes[at + 4] === 0;
    default:
      return stream > 0 && (bytes[at + 4] & ~0x2d) === 0;
  }
}

const MYSQL_HEADER = 4;
const MYSQL_ERR = 0xff;

/** ERR packet: length and number, code, state. */
function rewriteMysqlError(payload: Payload): boolean {
  const { rewrite, at, end, length } = payload;
  const { original } = rewrite;
  const body = at + MYSQL_HEADER;
  if (end - body < 3 || original[body] !== MYSQL_ERR) return false;
  const size = original[at] | (original[at + 1] << 8) | (original[at + 2] << 16);
  const code = original[body + 1] | (original[body + 2] << 8);
  if (size + MYSQL_HEADER !== length || code < 1000 || code > 9999) return false;
  const hasState = end - body >= 9 && original[body + 3] === 0x23;
  const textAt = body + (hasState ? 9 : 3);
  rewriteWords(payload, textAt, end);
  rewrite.keep(at, textAt);
  return true;
}

/** ErrorResponse: length, then fields of a kind and a text that ends with zero; severity and code stay. */
function rewritePostgresError({ rewrite, at, end }: Payload): boolean {
  const { original } = rewrite;
  if (end - at < 7 || original[at] !== 0x45) return false;
  const messageEnd = at + 1 + u32(original, at + 1);
  if (messageEnd > at + 0x1_0000) return false;
  rewrite.keep(at, at + 5);
  const until = Math.min(end, messageEnd);
  for (let field = at + 5, count = 0; field < until && count < 32; count++) {
    const textEnd = findByte(original, 0, field + 1, until);
    const kind = String.fromCharCode(original[field]);
    rewrite.keep(field, field + 1);
    const isCode = (kind === 'S' || kind === 'V' || kind === 'C') && textEnd - field <= 12;
    if (isCode) rewrite.keep(field + 1, textEnd);
    rewrite.keep(textEnd, Math.min(until, textEnd + 1));
    if (original[field] === 0) break;
    field = textEnd + 1;
  }
  return true;
}

/** First messages of protocols: the bytes that they are known by. */
function rewriteOpening({ rewrite, at, end, length }: Payload): boolean {
  const { original } = rewrite;
  const known = recognise(original, at, end, length);
  if (known === undefined) return false;
  const keep = (bytes: number): void => rewrite.keep(at, Math.min(end, at + bytes));
  switch (known.protocol) {
    case 'mysql': {
      if (mysqlGreeting(original, at, end, length) === undefined) return false;
      // Version, thread, salt and the zero behind it: the version's number and the zeros tell a greeting. Behind the number a
      // version may name its builder.
      const versionEnd = findByte(original, 0, at + 5, end);
      keep(5);
      for (let i = at + 5; i < versionEnd && isVersion(original[i]); i++) rewrite.keep(i, i + 1);
      rewrite.keep(versionEnd, versionEnd + 1);
      rewrite.keep(versionEnd + 13, Math.min(end, versionEnd + 14));
      return true;
    }
    case 'postgresql': {
      keep(8);
      // The first parameter is the user's; its name and the last zero tell the message.
      const parameter = startsWith(original, at + 8, end, 'user\0');
      if (parameter) rewrite.keep(at + 8, at + 13);
      for (let i = at + 8; i < end; i++) if (original[i] === 0) rewrite.to[i] = 0;
      return true;
    }
    case 'mongodb':
      // Header, flags, kind and size of the document; of the old query its collection.
      keep(i32le(original, at + 12) === 2013 ? 25 : 20);
      if (i32le(original, at + 12) !== 2013)
        keepCommandCollection(rewrite.original, rewrite.to, at + 20, end);
      return true;
    case 'mqtt':
      keep(14);
      return true;
    case 'amqp':
      keep(8);
      return true;
    case 'smb':
      // NetBIOS length, magic number; the header's structure stays unread.
      keep(8);
      return true;
    case 'bittorrent':
      keep(20);
      return true;
    case 'tls':
      keep(11);
      return true;
    case 'http2':
      keep(PREFACE.length);
      return true;
    default:
      return false;
  }
}

function isVersion(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || byte === 0x2e;
}

/** `admin.$cmd`: the collection that commands go to. */
function keepCommandCollection(from: Uint8Array, to: Uint8Array, at: number, end: number): void {
  for (let i = at; i + 6 <= Math.min(end, at + 70); i++) {
    if (!startsWith(from, i, end, '.$cmd\0')) continue;
    to.set(from.subarray(i, i + 6), i);
    return;
  }
}
