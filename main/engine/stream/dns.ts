/** Addresses and their names out of DNS and mDNS responses (RFC 1035 §4, RFC 6762). */
import { addressText } from '../../../shared/format/address.ts';
import { sanitiseText } from '../../../shared/format/text.ts';
import { LIMITS } from '../limits.ts';
import { u16, u32 } from './bytes.ts';

export const PORT_DNS = 53;
const HEADER = 12;
const MAX_NAME = 255;
const LABEL_DOT = '\\.';
const POINTER = 0xc0;
const QR = 0x80;
const OPCODE = 0x78;
const RCODE = 0x0f;
const TYPE_A = 1;
const TYPE_CNAME = 5;
const TYPE_AAAA = 28;
const CLASS_IN = 1;
/** mDNS uses the top bit of the class for other purposes. */
const CLASS_MASK = 0x7fff;
const MAX_LABEL = 63;
const FNV_BASIS = 0x811c9dc5 | 0;
const FNV_PRIME = 0x01000193;
/** Longest chain of CNAMEs that is followed against the order of the records. */
const MAX_PASSES = 8;

interface NameAt {
  /** Small letters, no final dot; '' for the root. */
  readonly name: string;
  /** Behind the name in the message. */
  readonly next: number;
}

interface Answers {
  /** Alias → its target. */
  readonly aliases: (readonly [owner: string, target: string])[];
  readonly addresses: (readonly [owner: string, address: string])[];
  /** There were more records than LIMITS.maxDnsRecords. */
  readonly tooMany: boolean;
}

/**
 * Reads the message in [at, at + length) of `bytes`.
 * @param found called for each A and AAAA answer with the name that was asked for (through CNAMEs), or in a response
 *   without question (mDNS) with the record's own
 * @returns `response`: it was one; `too-many`: one with more records than the limit; `other`: anything else
 */
export function readDnsAnswers(
  bytes: Uint8Array,
  at: number,
  length: number,
  found: (address: string, name: string) => void,
): 'response' | 'too-many' | 'other' {
  const message = bytes.subarray(at, at + length);
  if (message.length < HEADER || (message[2] & QR) === 0 || (message[2] & OPCODE) !== 0) return 'other';
  const questions = u16(message, 4);
  const answerCount = u16(message, 6);
  if ((message[3] & RCODE) !== 0 || questions > 1) return 'other';
  let next = HEADER;
  let asked: string | undefined;
  if (questions === 1) {
    const question = nameAt(message, HEADER);
    if (question === undefined || question.next + 4 > message.length) return 'other';
    asked = question.name;
    next = question.next + 4;
  }
  const answers = readAnswers(message, next, answerCount);
  const names = asked === undefined ? undefined : aliasesOf(asked, answers.aliases);
  for (const [owner, address] of answers.addresses) {
    // What was not asked for is not believed: it is how caches are poisoned.
    if (names !== undefined && !names.has(owner)) continue;
    const name = asked ?? owner;
    if (name !== '') found(address, name);
  }
  return answers.tooMany ? 'too-many' : 'response';
}

/**
 * A number for what a message over UDP asks (name in small letters, type, class): the same in the question, whenever and from whatever
 * port it is sent again, and in its answer, which repeats it (RFC 1035 §4.1.2). By FNV-1a; two questions may share one by chance.
 * @returns 0 where the message has not exactly one question, or it was cut off
 */
export function dnsQuestionKey(bytes: Uint8Array, at: number, length: number): number {
  if (length < HEADER + 5 || (bytes[at + 2] & OPCODE) !== 0 || u16(bytes, at + 4) !== 1) return 0;
  const end = at + length;
  let next = at + HEADER;
  let key = FNV_BASIS;
  // A question stands first, so that nothing is there for it to point to.
  for (let label = bytes[next]; label !== 0; label = bytes[next]) {
    if (label > MAX_LABEL || next + label + 1 >= end) return 0;
    for (let i = next; i <= next + label; i++) {
      const byte = bytes[i];
      const isCapital = i > next && byte >= 0x41 && byte <= 0x5a;
      key = Math.imul(key ^ (isCapital ? byte + 0x20 : byte), FNV_PRIME);
    }
    next += label + 1;
  }
  if (next + 5 > end) return 0;
  for (let i = next; i < next + 5; i++) key = Math.imul(key ^ bytes[i], FNV_PRIME);
  return key === 0 ? 1 : key;
}

/** Transaction ID and flags of a message: what tells one sending from the next. */
export function dnsHeader(bytes: Uint8Array, at: number): number {
  return (u16(bytes, at) << 16) | u16(bytes, at + 2);
}

/** Whether `bytes` begin with a length in front of a DNS message with one question (RFC 1035 §4.2.2). */
export function isDnsOverTcp(bytes: Uint8Array, at: number, end: number, length: number): boolean {
  if (end - at < 2 + 17 || u16(bytes, at) + 2 !== length) return false;
  const flags = u16(bytes, at + 4);
  const opcode = (flags >>> 11) & 0x0f;
  return opcode === 0 && (flags & 0x40) === 0 && u16(bytes, at + 6) === 1 && u16(bytes, at + 10) <= 64;
}

function readAnswers(message: Uint8Array, from: number, count: number): Answers {
  const aliases: [string, string][] = [];
  const addresses: [string, string][] = [];
  const words = new Int32Array(4);
  let at = from;
  for (let i = 0; i < Math.min(count, LIMITS.maxDnsRecords); i++) {
    const owner = nameAt(message, at);
    if (owner === undefined || owner.next + 10 > message.length) break;
    const type = u16(message, owner.next);
    const isInternet = (u16(message, owner.next + 2) & CLASS_MASK) === CLASS_IN;
    const data = owner.next + 10;
    const dataEnd = data + u16(message, owner.next + 8);
    if (dataEnd > message.length) break;
    if (isInternet && type === TYPE_CNAME) {
      const target = nameAt(message, data);
      if (target !== undefined && target.next <= dataEnd) aliases.push([owner.name, target.name]);
    } else if (isInternet && type === TYPE_A && dataEnd - data === 4) {
      words[0] = u32(message, data);
      addresses.push([owner.name, addressText(words, 0, 4)]);
    } else if (isInternet && type === TYPE_AAAA && dataEnd - data === 16) {
      for (let word = 0; word < 4; word++) words[word] = u32(message, data + 4 * word);
      addresses.push([owner.name, addressText(words, 0, 6)]);
    }
    at = dataEnd;
  }
  return { aliases, addresses, tooMany: count > LIMITS.maxDnsRecords };
}

/** The name and all that CNAMEs lead to from it, whatever the order of the records. */
function aliasesOf(asked: string, aliases: Answers['aliases']): ReadonlySet<string> {
  const names = new Set([asked]);
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const before = names.size;
    for (const [owner, target] of aliases) if (names.has(owner)) names.add(target);
    if (names.size === before) break;
  }
  return names;
}

/**
 * A domain name with its compression pointers. Every pointer must lead before the place it was reached from, so the
 * walk ends; the name is bounded by its 255 bytes.
 */
function nameAt(message: Uint8Array, from: number): NameAt | undefined {
  let at = from;
  let lowest = from;
  let next = -1;
  let size = 0;
  let name = '';
  for (;;) {
    if (at >= message.length) return undefined;
    const length = message[at];
    if (length === 0) {
      return { name: sanitiseText(name, MAX_NAME), next: next < 0 ? at + 1 : next };
    }
    if ((length & POINTER) === POINTER) {
      if (at + 2 > message.length) return undefined;
      const target = u16(message, at) & 0x3fff;
      if (target >= lowest) return undefined;
      if (next < 0) next = at + 2;
      at = target;
      lowest = target;
      continue;
    }
    size += length + 1;
    if ((length & POINTER) !== 0 || size > MAX_NAME || at + 1 + length > message.length) return undefined;
    if (name !== '') name += '.';
    for (let i = at + 1; i <= at + length; i++) name += labelCharacter(message[i]);
    at += 1 + length;
  }
}

function labelCharacter(byte: number): string {
  if (byte === 0x2e) return LABEL_DOT;
  // Names are compared and shown in small letters: resolvers randomise the case of questions.
  if (byte >= 0x41 && byte <= 0x5a) return String.fromCharCode(byte + 0x20);
  return String.fromCharCode(byte);
}
