/** HTTP/1 (RFC 9112): the head of a message that begins in the segment. */
import type { FieldSink } from './field-sink.ts';

const METHODS: readonly string[] = [
  ...['GET', 'POST', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'CONNECT', 'PATCH', 'TRACE'],
  ...[
    'PROPFIND',
    'PROPPATCH',
    'MKCOL',
    'COPY',
    'MOVE',
    'LOCK',
    'UNLOCK',
    'REPORT',
    'SEARCH',
    'PURGE',
    'NOTIFY',
    'M-SEARCH',
    'SUBSCRIBE',
  ],
];
const LONGEST_METHOD = Math.max(...METHODS.map((method) => method.length));
const MAX_LINES = 200;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;

/** Header names that are fields of their own, in lower case. */
const HEADERS: ReadonlyMap<string, string> = new Map([
  ['host', 'http.host'],
  ['user-agent', 'http.user_agent'],
  ['accept', 'http.accept'],
  ['accept-encoding', 'http.accept_encoding'],
  ['accept-language', 'http.accept_language'],
  ['connection', 'http.connection'],
  ['content-type', 'http.content_type'],
  ['content-encoding', 'http.content_encoding'],
  ['transfer-encoding', 'http.transfer_encoding'],
  ['cache-control', 'http.cache_control'],
  ['cookie', 'http.cookie'],
  ['set-cookie', 'http.set_cookie'],
  ['date', 'http.date'],
  ['location', 'http.location'],
  ['referer', 'http.referer'],
  ['server', 'http.server'],
  ['upgrade', 'http.upgrade'],
  ['x-forwarded-for', 'http.x_forwarded_for'],
  ['authorization', 'http.authorization'],
  ['www-authenticate', 'http.www_authenticate'],
  ['proxy-authenticate', 'http.proxy_authenticate'],
]);

export function looksLikeHttp(sink: FieldSink, from: number, end: number): boolean {
  const start = text(sink, from, Math.min(end, from + LONGEST_METHOD + 1));
  if (start.startsWith('HTTP/1.')) return true;
  const space = start.indexOf(' ');
  return space > 0 && METHODS.includes(start.slice(0, space));
}

export function dissectHttp(sink: FieldSink, from: number, end: number): void {
  sink.open('http', from, end);
  const first = lineEnd(sink, from, end);
  const isResponse = text(sink, from, Math.min(end, from + 5)) === 'HTTP/';
  sink.open('', from, first, text(sink, from, trimmed(sink, from, first)));
  if (isResponse) statusLine(sink, from, trimmed(sink, from, first));
  else requestLine(sink, from, trimmed(sink, from, first));
  sink.close();
  sink.put(isResponse ? 'http.response' : 'http.request', true, from, end, 'derived');
  let at = first;
  let host = '';
  for (let count = 0; at < end && count < MAX_LINES; count++) {
    const to = lineEnd(sink, at, end);
    const textEnd = trimmed(sink, at, to);
    if (textEnd === at) {
      at = to;
      break;
    }
    const { name, value } = header(sink, at, textEnd, to, isResponse);
    if (name === 'host') host = value;
    at = to;
  }
  if (at < end) sink.text('Body', at, end);
  if (!isResponse) fullUri(sink, from, first, host);
  sink.close();
}

function requestLine(sink: FieldSink, from: number, to: number): void {
  const line = text(sink, from, to);
  const first = line.indexOf(' ');
  const last = line.lastIndexOf(' ');
  if (first < 0) return;
  sink.put('http.request.method', line.slice(0, first), from, from + first);
  const uriEnd = last > first && line.startsWith('HTTP/', last + 1) ? last : line.length;
  sink.put('http.request.uri', line.slice(first + 1, uriEnd), from + first + 1, from + uriEnd);
  if (uriEnd < line.length) sink.put('http.request.version', line.slice(uriEnd + 1), from + uriEnd + 1, to);
}

/** The whole address, put together out of the request line and the host. */
function fullUri(sink: FieldSink, from: number, first: number, host: string): void {
  const [, uri] = text(sink, from, trimmed(sink, from, first)).split(' ');
  if (uri === undefined || host === '') return;
  sink.put(
    'http.request.full_uri',
    uri.startsWith('/') ? `http://${host}${uri}` : uri,
    from,
    first,
    'derived',
  );
}

function statusLine(sink: FieldSink, from: number, to: number): void {
  const [, version, code, phrase] = /^(\S+) (\d{3})(?: (.*))?$/u.exec(text(sink, from, to)) ?? [];
  if (version === undefined) return;
  const codeAt = from + version.length + 1;
  sink.put('http.response.version', version, from, from + version.length);
  sink.put('http.response.code', Number(code), codeAt, codeAt + 3);
  if (phrase !== undefined && phrase !== '') sink.put('http.response.phrase', phrase, codeAt + 4, to);
}

/** @returns the header's name in lower case, and its value; both empty where the line is none */
function header(
  sink: FieldSink,
  from: number,
  textEnd: number,
  to: number,
  isResponse: boolean,
): { readonly name: string; readonly value: string } {
  const line = text(sink, from, textEnd);
  const colon = line.indexOf(':');
  const lineField = isResponse ? 'http.response.line' : 'http.request.line';
  const whole = text(sink, from, to);
  const name = line.slice(0, Math.max(0, colon)).toLowerCase();
  const value = colon < 0 ? '' : line.slice(colon + 1).trim();
  const field = HEADERS.get(name);
  if (name === 'content-length') {
    sink.put('http.content_length_header', value, from, to);
    if (/^\d{1,15}$/u.test(value)) sink.put('http.content_length', Number(value), from, to, 'derived');
  } else if (field !== undefined) {
    sink.put(field, value, from, to);
  }
  const isShown = name === 'content-length' || field !== undefined;
  sink.put(lineField, whole, from, to, isShown ? 'hidden' : 'plain');
  return { name, value };
}

/** @returns behind the line feed, or `end` */
function lineEnd(sink: FieldSink, from: number, end: number): number {
  const at = sink.data.subarray(0, end).indexOf(LF, from);
  return at < 0 ? end : at + 1;
}

function trimmed(sink: FieldSink, from: number, to: number): number {
  let at = to;
  while (at > from && (sink.data[at - 1] === LF || sink.data[at - 1] === CR || sink.data[at - 1] === SPACE))
    at--;
  return at;
}

/** Bytes as they stand, each a character: names and values of headers are ASCII, and what is not is nobody's. */
function text(sink: FieldSink, from: number, to: number): string {
  let result = '';
  for (let at = from; at < to && at < sink.end; at++) result += String.fromCharCode(sink.data[at]);
  return result;
}
