/** TLS records (RFC 8446 §5.1) as far as they are readable: hellos, alerts, and what an alert's size betrays. */
import type { PacketNumber } from '../../../shared/base/units.ts';
import type { CloseNotify, HintDirection } from '../../../shared/model/hints.ts';
import { u16 } from './bytes.ts';
import type { GatheredHints } from './flow-hints.ts';
import { otherDirection } from './flow-hints.ts';
import { SERVER_HELLO, parseServerHello, type ClientHello } from './tls-hello.ts';
import { CLOSE_NOTIFY, TLS_1_3, alertName, versionName } from './tls-names.ts';

export const CHANGE_CIPHER_SPEC = 20;
export const TLS_ALERT = 21;
export const TLS_HANDSHAKE = 22;
export const TLS_APPLICATION_DATA = 23;

const HEADER = 5;
export const TLS_RECORD_HEADER = HEADER;
/** 2^14 of content plus what TLS 1.2 lets encryption add (RFC 5246 §6.2.3). */
const MAX_RECORD = 16_384 + 2048;
const PLAIN_ALERT = 2;
/** MAC or tag, at least: 8 bytes (CCM_8). */
const SHORTEST_ENCRYPTED_ALERT = PLAIN_ALERT + 8;
/** IV, MAC of SHA-384 and padding of CBC. */
const LONGEST_ENCRYPTED_ALERT = 256;
const WARNING = 1;
const FATAL = 2;

/** In TLS 1.3 an alert travels as application data: two bytes, the content type, a tag of 16. */
export const TLS13_ALERT_RECORD = PLAIN_ALERT + 1 + 16;
/** Payload of a segment that holds nothing but such a record. */
export const TLS13_ALERT_PAYLOAD = HEADER + TLS13_ALERT_RECORD;

/** Whether a record of a size that occurs can begin there. */
export function isRecordHeader(bytes: Uint8Array, at: number, end: number): boolean {
  if (at + HEADER > end) return false;
  const type = bytes[at];
  if (type < CHANGE_CIPHER_SPEC || type > TLS_APPLICATION_DATA) return false;
  if (bytes[at + 1] !== 3 || bytes[at + 2] > 4) return false;
  const length = u16(bytes, at + 3);
  if (length === 0 || length > MAX_RECORD) return false;
  if (type === CHANGE_CIPHER_SPEC) return length === 1;
  if (type !== TLS_ALERT) return true;
  return length === PLAIN_ALERT || (length >= SHORTEST_ENCRYPTED_ALERT && length <= LONGEST_ENCRYPTED_ALERT);
}

/**
 * Whether a payload is TLS records from its first byte on. Five bytes decide in a range of random ones with an error
 * below 10^-8; alerts, which are also looked for in later packets, must be whole and followed by nothing else.
 * @param end of the captured bytes
 * @param length of the payload on the wire
 */
export function looksLikeTls(bytes: Uint8Array, at: number, end: number, length: number): boolean {
  if (!isRecordHeader(bytes, at, end)) return false;
  if (bytes[at] !== TLS_ALERT) return true;
  const next = HEADER + u16(bytes, at + 3);
  return next === length || (next < length && isRecordHeader(bytes, at + next, end));
}

/** Reads the server's hello and all alerts out of a payload for which `looksLikeTls`. */
export function readRecords(
  hints: GatheredHints,
  direction: HintDirection,
  packet: PacketNumber,
  bytes: Uint8Array,
  from: number,
  end: number,
): void {
  for (let at = from; isRecordHeader(bytes, at, end); at += HEADER + u16(bytes, at + 3)) {
    const body = at + HEADER;
    const bodyEnd = body + u16(bytes, at + 3);
    const type = bytes[at];
    if (type === TLS_ALERT) readAlert(hints, direction, packet, bytes, body, bodyEnd, end);
    else if (type === TLS_HANDSHAKE && bytes[body] === SERVER_HELLO) {
      readServerHello(hints, direction, handshakeMessage(bytes, at, end));
    } else if (
      type === TLS_APPLICATION_DATA &&
      bodyEnd === end &&
      bodyEnd - body === TLS13_ALERT_RECORD &&
      hints.tlsVersion?.startsWith(TLS_1_3)
    ) {
      noteCloseNotify(hints, direction, 'likely');
    }
  }
}

/**
 * The handshake message that begins with the record at `at`, as far as it is there: the bodies of the handshake
 * records from there on. A view where one record holds it, a copy where it spans several.
 */
export function handshakeMessage(bytes: Uint8Array, at: number, end: number): Uint8Array {
  const body = at + HEADER;
  if (body >= end) return bytes.subarray(end, end);
  const firstEnd = body + u16(bytes, at + 3);
  const length = body + 4 <= end ? 4 + ((bytes[body + 1] << 16) | u16(bytes, body + 2)) : Infinity;
  if (firstEnd >= end || length <= firstEnd - body) return bytes.subarray(body, Math.min(firstEnd, end));
  const message: number[] = [];
  for (let record = at; isRecordHeader(bytes, record, end) && bytes[record] === TLS_HANDSHAKE;) {
    const recordEnd = record + HEADER + u16(bytes, record + 3);
    for (let i = record + HEADER; i < Math.min(recordEnd, end); i++) message.push(bytes[i]);
    record = recordEnd;
  }
  return Uint8Array.from(message);
}

/** Takes over what a ClientHello says; of a cut one it may be called again with more. */
export function noteClientHello(
  hints: GatheredHints,
  direction: HintDirection,
  packet: PacketNumber,
  hello: ClientHello,
): void {
  hints.clientHelloPacket = packet;
  hints.clientDirection ??= direction;
  if (hello.encryptedClientHello) hints.encryptedClientHello = true;
  if (hello.alpn.length > 0) hints.alpnOffered = hello.alpn;
  // Inside a tunnel that CONNECT opened, the name is not the one of the server of this flow.
  if (hello.serverName !== null && hints.http?.method !== 'CONNECT') hints.serverName = hello.serverName;
}

function readServerHello(hints: GatheredHints, direction: HintDirection, message: Uint8Array): void {
  if (hints.serverHelloSeen) return;
  const hello = parseServerHello(message);
  if (hello === undefined) return;
  hints.serverHelloSeen = true;
  hints.clientDirection ??= otherDirection(direction);
  hints.tlsVersion = versionName(hello.version);
  hints.alpnSelected = hello.alpn;
}

function readAlert(
  hints: GatheredHints,
  direction: HintDirection,
  packet: PacketNumber,
  bytes: Uint8Array,
  body: number,
  bodyEnd: number,
  end: number,
): void {
  const encrypted = bodyEnd - body > PLAIN_ALERT;
  const readable = !encrypted && bodyEnd <= end;
  if (readable && bytes[body] !== WARNING && bytes[body] !== FATAL) return;
  const description = readable ? alertName(bytes[body + 1]) : null;
  hints.lastTlsAlert = {
    level: readable ? (bytes[body] === FATAL ? 'fatal' : 'warning') : null,
    description,
    direction,
    packet,
    encrypted,
  };
  if (description === CLOSE_NOTIFY) noteCloseNotify(hints, direction, 'seen');
  else if (encrypted) noteCloseNotify(hints, direction, 'likely');
}

function noteCloseNotify(hints: GatheredHints, direction: HintDirection, mark: CloseNotify): void {
  const side = direction === 0 ? 'client' : 'server';
  if (hints.closeNotify[side] !== 'seen') hints.closeNotify = { ...hints.closeNotify, [side]: mark };
}
