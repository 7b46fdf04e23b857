/**
 * X.509 certificates (RFC 5280) in DER: tags, lengths, object identifiers of everybody and small numbers stay; of times the month does,
 * for public logs of certificates are searched by the second; texts become names of the same length, everything else (serial numbers,
 * keys, signatures) what is the same for the same.
 */
import { latin1, write } from './texts.ts';
import type { Rewrite } from './rewrite.ts';

const MOST_DEPTH = 16;
const MOST_ELEMENTS = 2048;

const CONSTRUCTED = 0x20;
const CLASS_MASK = 0xc0;
const CONTEXT = 0x80;

const BOOLEAN = 0x01;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const NULL = 0x05;
const OBJECT_IDENTIFIER = 0x06;
const TIMES: readonly number[] = [0x17, 0x18];
/** UTF8String, NumericString, PrintableString, TeletexString, IA5String, VisibleString. */
const TEXTS: readonly number[] = [0x0c, 0x12, 0x13, 0x14, 0x16, 0x1a];
/** GeneralName: mail address, host, URI; IP address (RFC 5280 §4.2.1.6). */
const GENERAL_NAMES: readonly number[] = [0x81, 0x82, 0x86];
const GENERAL_ADDRESS = 0x87;

export function rewriteCertificate(rewrite: Rewrite, at: number, end: number): void {
  elements(rewrite, at, end, 0, { left: MOST_ELEMENTS });
}

function elements(
  rewrite: Rewrite,
  from: number,
  end: number,
  depth: number,
  budget: { left: number },
): void {
  let isAfterTime = false;
  for (let at = from; at < end && budget.left > 0;) {
    budget.left--;
    const header = headerAt(rewrite.original, at, end);
    if (header === null) return;
    rewrite.keep(at, header.content);
    const tag = rewrite.original[at];
    const isTime = TIMES.includes(tag);
    const until = Math.min(end, header.end);
    if (isTime) time(rewrite, header.content, until, isAfterTime);
    else element(rewrite, tag, header.content, until, depth, budget);
    isAfterTime = isTime;
    at = header.end;
  }
}

function element(
  rewrite: Rewrite,
  tag: number,
  at: number,
  end: number,
  depth: number,
  budget: { left: number },
): void {
  if (at >= end) return;
  if ((tag & CONSTRUCTED) !== 0) {
    if (depth < MOST_DEPTH) elements(rewrite, at, end, depth + 1, budget);
    return;
  }
  // Longer numbers are serial ones, of small authorities, too.
  const isNumber = tag === BOOLEAN || tag === NULL || (tag === INTEGER && end - at === 1);
  if (isNumber) rewrite.keep(at, end);
  else if (tag === OBJECT_IDENTIFIER) objectIdentifier(rewrite, at, end);
  else if (TEXTS.includes(tag) || GENERAL_NAMES.includes(tag)) text(rewrite, at, end);
  else if (tag === GENERAL_ADDRESS && end - at === 4) rewrite.ipv4(at, end);
  else if (tag === GENERAL_ADDRESS && end - at === 16) rewrite.ipv6(at, end);
  else if (tag === OCTET_STRING && depth < MOST_DEPTH && isOneElement(rewrite.original, at, end)) {
    // Extensions hold their values as DER in a string.
    elements(rewrite, at, end, depth + 1, budget);
  } else if (tag === BIT_STRING) {
    rewrite.keep(at, at + 1);
    if (at + 1 < end) rewrite.token(at + 1, end);
  } else {
    rewrite.token(at, end);
    // The sign of a number stays positive.
    if (tag === INTEGER) rewrite.to[at] = (rewrite.to[at] & 0x7f) | 1;
  }
  if (
    (tag & CLASS_MASK) === CONTEXT &&
    end - at > 0 &&
    !GENERAL_NAMES.includes(tag) &&
    tag !== GENERAL_ADDRESS
  ) {
    rewrite.token(at, end);
  }
}

/** Arcs of everybody, as their content begins. Others are enterprises' own: policies and templates tell whose. */
const ARCS: readonly (readonly number[])[] = [
  // X.500: attributes and extensions.
  [0x55],
  // PKCS.
  [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d],
  // Curves: ANSI X9.62, SECG.
  [0x2a, 0x86, 0x48, 0xce, 0x3d],
  [0x2b, 0x81, 0x04],
  // Algorithms: NIST, OIW, and the curves of RFC 8410.
  [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04],
  [0x2b, 0x0e, 0x03, 0x02],
  [0x2b, 0x65],
  // PKIX.
  [0x2b, 0x06, 0x01, 0x05, 0x05, 0x07],
  // Attributes of RFC 4519.
  [0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64],
  // Kinds of validation (CA/Browser Forum).
  [0x67, 0x81, 0x0c, 0x01],
];

/** What is not of everybody stays a valid identifier of the same length. */
function objectIdentifier(rewrite: Rewrite, at: number, end: number): void {
  const { original, to } = rewrite;
  if (ARCS.some((arc) => arc.every((byte, i) => at + i < end && original[at + i] === byte))) {
    rewrite.keep(at, end);
    return;
  }
  rewrite.token(at, end);
  for (let i = at; i < end; i++) to[i] &= 0x7f;
}

/** UTCTime or GeneralizedTime: the first second of its month, or the last one where a validity ends. So what was valid stays valid. */
function time(rewrite: Rewrite, at: number, end: number, isEnd: boolean): void {
  const [, year, month] = /^(\d\d(?:\d\d)?)(\d\d)\d{8}Z$/u.exec(latin1(rewrite.original, at, end)) ?? [];
  if (year === undefined) {
    rewrite.payload(at, end);
    return;
  }
  // The day before the next month's first one; years of two digits have the same leap years.
  const last = new Date(Date.UTC(2000 + (Number(year) % 100), Number(month), 0)).getUTCDate();
  write(rewrite, at, `${year}${month}${isEnd ? `${last}235959` : '01000000'}Z`);
}

/** Words of a text label by label, as names of hosts; spaces and signs between them stay. */
function text(rewrite: Rewrite, at: number, end: number): void {
  const words = latin1(rewrite.original, at, end).split(/([^A-Za-z\d_\-\u0080-\u00ff]+)/u);
  write(
    rewrite,
    at,
    words
      .map((word, i) => (i % 2 === 1 ? word : word === '' ? '' : rewrite.books.names.label(word)))
      .join(''),
  );
}

/** @returns where the content begins and ends; null where no element can stand there */
function headerAt(bytes: Uint8Array, at: number, end: number): { content: number; end: number } | null {
  if (at + 2 > end) return null;
  const first = bytes[at + 1];
  if (first < 0x80) return { content: at + 2, end: at + 2 + first };
  const count = first & 0x7f;
  if (count < 1 || count > 3 || at + 2 + count > end) return null;
  let length = 0;
  for (let i = 0; i < count; i++) length = (length << 8) | bytes[at + 2 + i];
  return { content: at + 2 + count, end: at + 2 + count + length };
}

function isOneElement(bytes: Uint8Array, at: number, end: number): boolean {
  const header = headerAt(bytes, at, end);
  return header !== null && header.end === end && (bytes[at] & 0x1f) !== 0 && bytes[at] !== 0x1f;
}
