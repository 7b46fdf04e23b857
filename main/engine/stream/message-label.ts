/**
 * What an application says in one segment, in a few words, where the segment's first bytes begin a message: `GET /cart`,
 * `TLS ClientHello, shop.example`. What begins in the middle of one says nothing, and gets no words.
 */
import type { PacketNumber } from '../../../shared/base/units.ts';
import { sanitiseText } from '../../../shared/format/text.ts';
import { u16 } from './bytes.ts';
import { parseRequest, parseStatus } from './http.ts';
import { recognise } from './signatures.ts';
import { parseClientHello } from './tls-hello.ts';
import { alertName } from './tls-names.ts';
import { TLS_ALERT, TLS_APPLICATION_DATA, TLS_HANDSHAKE, handshakeMessage, looksLikeTls } from './tls.ts';

/** Bytes of a payload that are looked at: a ClientHello with its name fits. */
export const LABEL_BYTES = 1024;
const MAX_LABEL = 96;
/** The parsers note which packet they read; nobody asks for it here. */
const NO_PACKET = 0 as PacketNumber;

/** Handshake messages by their number (RFC 8446 §4, RFC 5246 §7.4). */
const HANDSHAKE: Readonly<Record<number, string>> = {
  0: 'HelloRequest',
  1: 'ClientHello',
  2: 'ServerHello',
  4: 'NewSessionTicket',
  8: 'EncryptedExtensions',
  11: 'Certificate',
  12: 'ServerKeyExchange',
  13: 'CertificateRequest',
  14: 'ServerHelloDone',
  15: 'CertificateVerify',
  16: 'ClientKeyExchange',
  20: 'Finished',
};
const CHANGE_CIPHER_SPEC = 20;

/**
 * @param bytes of the payload, as far as they were captured and are wanted
 * @param length of the payload on the wire
 */
export function messageLabel(bytes: Uint8Array, length: number): string {
  if (bytes.length === 0) return '';
  return sanitiseText(labelOf(bytes, length), MAX_LABEL);
}

function labelOf(bytes: Uint8Array, length: number): string {
  const end = bytes.length;
  if (looksLikeTls(bytes, 0, end, length)) return tlsLabel(bytes, length);
  const request = parseRequest(bytes, 0, end, NO_PACKET, 0);
  if (request !== undefined) return `${request.method} ${request.target}`;
  const status = parseStatus(bytes, 0, end, NO_PACKET, 0);
  if (status !== undefined) return `HTTP ${status.code} ${status.reason}`.trim();
  const known = recognise(bytes, 0, end, length);
  if (known === undefined) return '';
  const name = PROTOCOL_NAMES[known.protocol] ?? known.protocol.toUpperCase();
  return known.banner === null ? name : `${name} ${known.banner}`;
}

const PROTOCOL_NAMES: Readonly<Record<string, string>> = {
  http2: 'HTTP/2 preface',
  postgresql: 'PostgreSQL',
  mysql: 'MySQL',
  redis: 'Redis',
  mongodb: 'MongoDB',
  bittorrent: 'BitTorrent',
};

function tlsLabel(bytes: Uint8Array, length: number): string {
  const type = bytes[0];
  if (type === TLS_ALERT) {
    // An alert in clear is two bytes; what is longer is encrypted.
    return u16(bytes, 3) === 2 && bytes.length >= 7
      ? `TLS alert: ${alertName(bytes[6])}`
      : 'TLS alert, encrypted';
  }
  if (type === CHANGE_CIPHER_SPEC) return 'TLS ChangeCipherSpec';
  if (type === TLS_APPLICATION_DATA) return 'TLS data';
  if (type !== TLS_HANDSHAKE || bytes.length < 6) return 'TLS';
  const name = HANDSHAKE[bytes[5]];
  if (name === undefined) return 'TLS handshake, encrypted';
  const hello =
    bytes[5] === 1 ? parseClientHello(handshakeMessage(bytes, 0, Math.min(bytes.length, length))) : undefined;
  const server = hello?.serverName ?? null;
  return server === null ? `TLS ${name}` : `TLS ${name}, ${server}`;
}
