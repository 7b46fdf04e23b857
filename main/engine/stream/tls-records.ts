/** The records of one direction of a TLS connection, one behind the other, with what of them is readable (RFC 8446 §5.1). */
import { u16, u24 } from './bytes.ts';
import { alertName, versionName } from './tls-names.ts';
import { CLIENT_HELLO, SERVER_HELLO, parseClientHello, parseServerHello } from './tls-hello.ts';
import type { DirectionBytes } from './http-messages.ts';
import { gapBehind } from './http-messages.ts';
import {
  CHANGE_CIPHER_SPEC,
  TLS13_ALERT_RECORD,
  TLS_ALERT,
  TLS_APPLICATION_DATA,
  TLS_HANDSHAKE,
  TLS_RECORD_HEADER,
  isRecordHeader,
} from './tls.ts';

const MAX_ENTRIES = 5000;
const PLAIN_ALERT = 2;
const FATAL = 2;
const MESSAGE_HEADER = 4;
/** Handshake bytes that are put together at once: certificates with their chains fit. */
const MAX_HANDSHAKE = 256 * 1024;

/** HandshakeType by number: RFC 8446 §4, RFC 5246 §7.4, RFC 6066. */
const MESSAGES: Readonly<Record<number, string>> = {
  0: 'HelloRequest',
  1: 'ClientHello',
  2: 'ServerHello',
  4: 'NewSessionTicket',
  5: 'EndOfEarlyData',
  8: 'EncryptedExtensions',
  11: 'Certificate',
  12: 'ServerKeyExchange',
  13: 'CertificateRequest',
  14: 'ServerHelloDone',
  15: 'CertificateVerify',
  16: 'ClientKeyExchange',
  20: 'Finished',
  22: 'CertificateStatus',
  24: 'KeyUpdate',
};

export interface FoundRecord {
  readonly offset: number;
  readonly record: string;
  readonly title: string;
  readonly details: readonly (readonly [string, string])[];
  records: number;
  /** Of the records' content. */
  bytes: number;
  readonly tone: 'plain' | 'alert';
  complete: boolean;
}

export interface FoundRecords {
  readonly entries: readonly FoundRecord[];
  readonly trouble: string;
}

export function findRecords(of: DirectionBytes): FoundRecords {
  const { bytes } = of;
  const entries: FoundRecord[] = [];
  let isEncrypted = false;
  let trouble = '';
  let at = firstHello(bytes);
  if (at > 0) trouble = `The first ${at} bytes are no TLS: the protocol before it asked for TLS (STARTTLS).`;
  while (at < bytes.length && entries.length < MAX_ENTRIES) {
    const gap = gapBehind(of.gaps, at);
    if (gap !== undefined && gap.from < at + TLS_RECORD_HEADER) {
      const next = nextRecord(bytes, gap.to);
      trouble ||= 'Records are missing where bytes are.';
      if (next < 0) break;
      at = next;
      continue;
    }
    if (!isRecordHeader(bytes, at, bytes.length)) {
      trouble ||= `From byte ${at} on there are no records.`;
      break;
    }
    const type = bytes[at];
    const length = u16(bytes, at + 3);
    const end = Math.min(bytes.length, at + TLS_RECORD_HEADER + length);
    const complete = end === at + TLS_RECORD_HEADER + length;
    if (type === TLS_HANDSHAKE && !isEncrypted) {
      at = addHandshake(entries, bytes, at);
      continue;
    }
    const entry = entryOf(bytes, at, type, length, isEncrypted, complete);
    const last = entries.at(-1);
    if (last?.title === entry.title && last.record === entry.record && entry.tone === 'plain') {
      last.records++;
      last.bytes += length;
      last.complete = complete;
    } else entries.push(entry);
    if (type === CHANGE_CIPHER_SPEC) isEncrypted = true;
    at = end;
  }
  return { entries, trouble };
}

function entryOf(
  bytes: Uint8Array,
  offset: number,
  type: number,
  length: number,
  isEncrypted: boolean,
  complete: boolean,
): FoundRecord {
  const entry = (record: string, title: string, tone: FoundRecord['tone'] = 'plain'): FoundRecord => ({
    offset,
    record,
    title,
    details: [],
    records: 1,
    bytes: length,
    tone,
    complete,
  });
  const body = offset + TLS_RECORD_HEADER;
  switch (type) {
    case TLS_ALERT: {
      if (length !== PLAIN_ALERT) return entry('Alert', 'encrypted, mostly close_notify', 'alert');
      if (!complete) return entry('Alert', 'cut off', 'alert');
      const level = bytes[body] === FATAL ? 'fatal' : 'warning';
      return entry('Alert', `${alertName(bytes[body + 1])} (${level})`, 'alert');
    }
    case TLS_HANDSHAKE:
      return entry('Handshake', isEncrypted ? 'encrypted' : '');
    case CHANGE_CIPHER_SPEC:
      return entry('ChangeCipherSpec', '');
    default:
      return type === TLS_APPLICATION_DATA && length === TLS13_ALERT_RECORD
        ? entry('Application data', 'of an alert’s size: in TLS 1.3 mostly close_notify')
        : entry('Application data', '');
  }
}

/** The messages of the handshake records that follow each other from there. @returns behind them */
function addHandshake(entries: FoundRecord[], bytes: Uint8Array, from: number): number {
  const content: number[] = [];
  /** Where the records began, and how much content came before each. */
  const starts: { readonly offset: number; readonly before: number }[] = [];
  let at = from;
  let isCut = false;
  while (
    isRecordHeader(bytes, at, bytes.length) &&
    bytes[at] === TLS_HANDSHAKE &&
    content.length < MAX_HANDSHAKE
  ) {
    starts.push({ offset: at, before: content.length });
    const end = at + TLS_RECORD_HEADER + u16(bytes, at + 3);
    isCut = end > bytes.length;
    for (let i = at + TLS_RECORD_HEADER; i < Math.min(end, bytes.length); i++) content.push(bytes[i]);
    at = Math.min(end, bytes.length);
    if (isCut) break;
  }
  const messages = Uint8Array.from(content);
  let next = 0;
  let start = 0;
  while (next < messages.length && entries.length < MAX_ENTRIES) {
    const length = next + MESSAGE_HEADER <= messages.length ? u24(messages, next + 1) : 0;
    const end = Math.min(messages.length, next + MESSAGE_HEADER + length);
    const message = messages.subarray(next, end);
    while (start + 1 < starts.length && starts[start + 1].before <= next) start++;
    const name = MESSAGES[messages[next]];
    entries.push({
      offset: starts[start].offset,
      record: 'Handshake',
      title: name ?? 'encrypted',
      details: name === undefined ? [] : detailsOf(message),
      records: 1,
      bytes: name === undefined ? messages.length - next : end - next,
      tone: 'plain',
      complete: name === undefined || end === next + MESSAGE_HEADER + length,
    });
    // What is none of the messages is encrypted, and so is all that follows.
    if (name === undefined) break;
    next = end;
  }
  return Math.max(at, from + 1);
}

function detailsOf(message: Uint8Array): (readonly [string, string])[] {
  if (message[0] === CLIENT_HELLO) {
    const hello = parseClientHello(message);
    if (hello === undefined) return [];
    const details: (readonly [string, string])[] = [];
    if (hello.serverName !== null) details.push(['server name', hello.serverName]);
    if (hello.alpn.length > 0) details.push(['ALPN', hello.alpn.join(', ')]);
    // GREASE (RFC 8701) offers versions that are none.
    const versions = hello.versions.filter((version) => (version & 0x0f0f) !== 0x0a0a);
    details.push(['versions', versions.map(versionName).join(', ')]);
    if (hello.encryptedClientHello) details.push(['encrypted hello', 'the real server name may be another']);
    return details;
  }
  if (message[0] === SERVER_HELLO) {
    const hello = parseServerHello(message);
    if (hello === undefined) return [];
    return [
      ['version', versionName(hello.version)],
      ...(hello.alpn === null ? [] : [['ALPN', hello.alpn] as const]),
    ];
  }
  return [];
}

/** Where TLS begins: mostly at once, else at the first hello; 0 where there is none. */
function firstHello(bytes: Uint8Array): number {
  if (isRecordHeader(bytes, 0, bytes.length)) return 0;
  for (let at = 0; at + TLS_RECORD_HEADER < bytes.length; at++) {
    if (bytes[at] !== TLS_HANDSHAKE || !isRecordHeader(bytes, at, bytes.length)) continue;
    const type = bytes[at + TLS_RECORD_HEADER];
    if (type === CLIENT_HELLO || type === SERVER_HELLO) return at;
  }
  return 0;
}

/** Where a record and another one behind it begin, from there on; −1 for none. */
function nextRecord(bytes: Uint8Array, from: number): number {
  for (let at = from; at + TLS_RECORD_HEADER < bytes.length; at++) {
    if (!isRecordHeader(bytes, at, bytes.length)) continue;
    const next = at + TLS_RECORD_HEADER + u16(bytes, at + 3);
    if (next === bytes.length || isRecordHeader(bytes, next, bytes.length)) return at;
  }
  return -1;
}
