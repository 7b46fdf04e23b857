/** TLS records (RFC 8446 §5.1), and the handshake messages in them that are sent in clear. */
import { ABSENT, type FieldSink } from './field-sink.ts';

const HEADER_LENGTH = 5;
const CHANGE_CIPHER_SPEC = 20;
const ALERT = 21;
const HANDSHAKE = 22;
const APPLICATION_DATA = 23;
const HEARTBEAT = 24;
const MAX_RECORD = 16_384 + 2048;
const MAX_RECORDS = 256;

export function looksLikeTls(sink: FieldSink, at: number): boolean {
  const type = sink.peek8(at);
  if (type < CHANGE_CIPHER_SPEC || type > HEARTBEAT) return false;
  const length = sink.peek16(at + 3);
  return sink.peek8(at + 1) === 3 && sink.peek8(at + 2) <= 4 && length > 0 && length <= MAX_RECORD;
}

export function dissectTls(sink: FieldSink, from: number, end: number): void {
  sink.open('tls', from, end);
  let at = from;
  for (let count = 0; count < MAX_RECORDS && looksLikeTls(sink, at); count++) {
    const to = at + HEADER_LENGTH + sink.peek16(at + 3);
    record(sink, at, to, Math.min(to, end));
    at = to;
    if (at >= end) break;
  }
  if (at < end) sink.text('Data that is no record, or the rest of one', at, end);
  sink.close();
}

/** @param to where the record ends; `end` where what of it lies in this segment does */
function record(sink: FieldSink, at: number, to: number, end: number): void {
  const type = sink.peek8(at);
  const body = at + HEADER_LENGTH;
  sink.open('tls.record', at, end);
  sink.u8('tls.record.content_type', at);
  sink.u16('tls.record.version', at + 1);
  sink.u16('tls.record.length', at + 3);
  switch (type) {
    case CHANGE_CIPHER_SPEC:
      sink.bytes('tls.change_cipher_spec', body, end);
      break;
    case ALERT:
      alert(sink, body, to);
      break;
    case HANDSHAKE:
      handshakes(sink, body, to, end);
      break;
    case APPLICATION_DATA:
      if (end > body) sink.bytes('tls.app_data', body, end);
      break;
  }
  if (end < to) {
    sink.note(
      'note',
      `The record goes on in the next segments: ${to - end} of its bytes are not in this one.`,
      end,
      end,
    );
  }
  sink.close();
}

const ALERT_LENGTH = 2;

/** A longer alert is encrypted. */
function alert(sink: FieldSink, at: number, to: number): void {
  const isClear = to - at === ALERT_LENGTH && (sink.peek8(at) === 1 || sink.peek8(at) === 2);
  sink.open('tls.alert_message', at, to);
  if (isClear) {
    sink.u8('tls.alert_message.level', at);
    sink.u8('tls.alert_message.desc', at + 1);
  } else {
    sink.text('Encrypted alert', at, to);
  }
  sink.close();
}

const CLIENT_HELLO = 1;
const SERVER_HELLO = 2;
const CERTIFICATE = 11;
const MESSAGE_HEADER = 4;

function handshakes(sink: FieldSink, from: number, to: number, end: number): void {
  let at = from;
  while (at < end) {
    const type = sink.peek8(at);
    const length = (sink.peek8(at + 1) << 16) | Math.max(0, sink.peek16(at + 2));
    // Once keys are agreed on, what stands here is encrypted, and looks like anything.
    const isMessage =
      sink.has(at, at + MESSAGE_HEADER) &&
      isMessageType(type) &&
      isHelloOrOther(sink, type, at + MESSAGE_HEADER) &&
      at + MESSAGE_HEADER + length <= Math.max(to, end);
    if (!isMessage) {
      sink.text('Encrypted handshake message, or the rest of one', at, end);
      return;
    }
    const next = at + MESSAGE_HEADER + length;
    sink.open('tls.handshake', at, Math.min(next, end));
    sink.u8('tls.handshake.type', at);
    sink.u24('tls.handshake.length', at + 1);
    const body = at + MESSAGE_HEADER;
    if (type === CLIENT_HELLO) hello(sink, body, Math.min(next, end), true);
    else if (type === SERVER_HELLO) hello(sink, body, Math.min(next, end), false);
    else if (type === CERTIFICATE) certificates(sink, body, Math.min(next, end));
    sink.close();
    at = next;
  }
}

function isMessageType(type: number): boolean {
  return type <= 26 || type === 254;
}

const MAX_SESSION_ID = 32;

/** Encrypted bytes may look like a hello's first one; its version and its session tell. */
function isHelloOrOther(sink: FieldSink, type: number, body: number): boolean {
  if (type !== CLIENT_HELLO && type !== SERVER_HELLO) return true;
  const isDraft = type === SERVER_HELLO && isOldDraft(sink, body);
  return isDraft || (sink.peek8(body) === 3 && sink.peek8(body + 34) <= MAX_SESSION_ID);
}

const DRAFT = 0x7f;
const FIRST_WITH_SESSION = 22;

/** Drafts of TLS 1.3 before the 22nd answered with their own number, and left out the session and the compression. */
function isOldDraft(sink: FieldSink, body: number): boolean {
  const draft = sink.peek8(body + 1);
  return sink.peek8(body) === DRAFT && draft !== ABSENT && draft < FIRST_WITH_SESSION;
}

function hello(sink: FieldSink, from: number, end: number, isClient: boolean): void {
  sink.u16('tls.handshake.version', from);
  sink.bytes('tls.handshake.random', from + 2, from + 34);
  let at = from + 34;
  if (!isClient && isOldDraft(sink, from)) {
    sink.u16('tls.handshake.ciphersuite', at);
    helloExtensions(sink, at + 2, end, isClient);
    return;
  }
  const session = sink.u8('tls.handshake.session_id_length', at);
  if (session === ABSENT) return;
  if (session > 0) sink.bytes('tls.handshake.session_id', at + 1, at + 1 + session);
  at += 1 + session;
  if (isClient) {
    const suites = sink.u16('tls.handshake.cipher_suites_length', at);
    if (suites === ABSENT) return;
    at += 2;
    const to = Math.min(at + suites, end);
    sink.open('tls.handshake.ciphersuites', at, to);
    for (let suite = at; suite + 2 <= to; suite += 2) sink.u16('tls.handshake.ciphersuite', suite);
    sink.close();
    at += suites;
    const methods = sink.u8('tls.handshake.comp_methods_length', at);
    if (methods === ABSENT) return;
    at++;
    sink.open('tls.handshake.comp_methods', at, Math.min(at + methods, end));
    for (let i = 0; i < methods && at + i < end; i++) sink.u8('tls.handshake.comp_method', at + i);
    sink.close();
    at += methods;
  } else {
    sink.u16('tls.handshake.ciphersuite', at);
    sink.u8('tls.handshake.comp_method', at + 2);
    at += 3;
  }
  helloExtensions(sink, at, end, isClient);
}

function helloExtensions(sink: FieldSink, at: number, end: number, isClient: boolean): void {
  if (at + 2 > end) return;
  const length = sink.u16('tls.handshake.extensions_length', at);
  if (length !== ABSENT) extensions(sink, at + 2, Math.min(at + 2 + length, end), isClient);
}

const SERVER_NAME = 0;
const SUPPORTED_GROUPS = 10;
const APPLICATION_PROTOCOLS = 16;
const SUPPORTED_VERSIONS = 43;

function extensions(sink: FieldSink, from: number, end: number, isClient: boolean): void {
  let at = from;
  while (at + 4 <= end) {
    const type = sink.peek16(at);
    const length = sink.peek16(at + 2);
    const body = at + 4;
    const to = Math.min(body + length, end);
    sink.open('', at, to, type);
    sink.u16('tls.handshake.extension.type', at);
    sink.u16('tls.handshake.extension.len', at + 2);
    if (to > body) extension(sink, type, body, to, isClient);
    sink.close();
    at = body + length;
  }
}

function extension(sink: FieldSink, type: number, at: number, to: number, isClient: boolean): void {
  switch (type) {
    case SERVER_NAME: {
      sink.u16('tls.handshake.extensions_server_name_list_len', at);
      sink.u8('tls.handshake.extensions_server_name_type', at + 2);
      const length = sink.u16('tls.handshake.extensions_server_name_len', at + 3);
      if (length > 0 && at + 5 + length <= to) {
        textField(sink, 'tls.handshake.extensions_server_name', at + 5, at + 5 + length);
      }
      return;
    }
    case APPLICATION_PROTOCOLS:
      protocols(sink, at, to);
      return;
    case SUPPORTED_VERSIONS:
      if (isClient) {
        sink.u8('tls.handshake.extensions.supported_versions_len', at);
        for (let v = at + 1; v + 2 <= to; v += 2) sink.u16('tls.handshake.extensions.supported_version', v);
      } else {
        sink.u16('tls.handshake.extensions.supported_version', at);
      }
      return;
    case SUPPORTED_GROUPS:
      sink.u16('tls.handshake.extensions_supported_groups_length', at);
      sink.open('tls.handshake.extensions_supported_groups', at + 2, to);
      for (let g = at + 2; g + 2 <= to; g += 2) sink.u16('tls.handshake.extensions_supported_group', g);
      sink.close();
      return;
    default:
      sink.bytes('tls.handshake.extension.data', at, to);
  }
}

function protocols(sink: FieldSink, from: number, to: number): void {
  sink.u16('tls.handshake.extensions_alpn_len', from);
  sink.open('tls.handshake.extensions_alpn_list', from + 2, to);
  let at = from + 2;
  while (at < to) {
    const length = sink.u8('tls.handshake.extensions_alpn_str_len', at);
    if (length === ABSENT || at + 1 + length > to) break;
    textField(sink, 'tls.handshake.extensions_alpn_str', at + 1, at + 1 + length);
    at += 1 + length;
  }
  sink.close();
}

function textField(sink: FieldSink, name: string, from: number, to: number): void {
  if (!sink.has(from, to)) return;
  let text = '';
  for (let at = from; at < to; at++) text += String.fromCharCode(sink.data[at]);
  sink.put(name, text, from, to);
}

/** Up to TLS 1.2, where certificates are sent in clear. */
function certificates(sink: FieldSink, from: number, end: number): void {
  const length = sink.u24('tls.handshake.certificates_length', from);
  if (length === ABSENT) return;
  const to = Math.min(from + 3 + length, end);
  sink.open('tls.handshake.certificates', from + 3, to);
  let at = from + 3;
  while (at + 3 <= to) {
    const one = sink.u24('tls.handshake.certificate_length', at);
    if (one === ABSENT) break;
    sink.bytes('tls.handshake.certificate', at + 3, at + 3 + one);
    at += 3 + one;
  }
  sink.close();
}
