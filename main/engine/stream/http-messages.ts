/**
 * HTTP/1.x messages one behind the other in the bytes of one direction (RFC 9112), with the places of header and body. Bodies are cut out
 * here and decoded elsewhere. Every loop goes forward through the bytes, so that the work is in proportion to them.
 */
import { sanitiseText } from '../../../shared/format/text.ts';
import { findByte } from './bytes.ts';

const CR = 0x0d;
const LF = 0x0a;
const MAX_LINE = 16 * 1024;
const MAX_FIELDS = 200;
/** Bytes of a start line with its fields. */
const MAX_HEAD = 64 * 1024;
const MAX_MESSAGES = 2000;
const MAX_CHUNKS = 100_000;
const MAX_CHUNK_BYTES = 2 ** 40;
const REQUEST = /^([A-Z][A-Z-]{1,19}) (\S[^\r\n]*) HTTP\/1\.[01]$/;
const RESPONSE = /^HTTP\/1\.[01] (\d{3})(?: |$)/;
const NO_CONTENT = 204;
const NOT_MODIFIED = 304;
const SWITCHING = 101;

export interface Range {
  readonly from: number;
  readonly to: number;
}

/** The bytes of one direction from its begin on; what is missing of them is zeros, and listed. */
export interface DirectionBytes {
  readonly bytes: Uint8Array;
  /** Ascending. */
  readonly gaps: readonly Range[];
  /** Whether the direction ended behind them: with a FIN or a reset, or just with the bytes' bound. */
  readonly isWhole: boolean;
}

export interface FoundMessage {
  readonly offset: number;
  readonly startLine: string;
  /** Of a request; empty for a response. */
  readonly method: string;
  /** Of a response; 0 for a request. */
  readonly status: number;
  readonly fields: readonly (readonly [string, string])[];
  /** Content of the body, chunk by chunk. */
  readonly content: readonly Range[];
  readonly announced: number | null;
  readonly chunks: number | null;
  readonly complete: boolean;
  readonly end: number;
}

export interface FoundMessages {
  readonly messages: readonly FoundMessage[];
  /** Where no message could be made out any more; empty where all was read. */
  readonly trouble: string;
}

/** @param methods of the requests that responses answer, in order; undefined where requests are looked for */
export function findMessages(of: DirectionBytes, methods?: readonly string[]): FoundMessages {
  return new MessageFinder(of, methods).find();
}

interface Head {
  readonly startLine: string;
  readonly match: RegExpExecArray;
  readonly fields: readonly (readonly [string, string])[];
  /** Behind the empty line; −1 where that did not come. */
  readonly end: number;
}

interface Body {
  readonly content: readonly Range[];
  readonly announced: number | null;
  readonly chunks: number | null;
  readonly complete: boolean;
  readonly end: number;
}

class MessageFinder {
  readonly #of: DirectionBytes;
  readonly #methods: readonly string[] | undefined;
  readonly #messages: FoundMessage[] = [];
  /** Final responses so far: each answers the next request. */
  #answered = 0;

  constructor(of: DirectionBytes, methods: readonly string[] | undefined) {
    this.#of = of;
    this.#methods = methods;
  }

  find(): FoundMessages {
    const { bytes } = this.#of;
    let trouble = '';
    let at = 0;
    while (at < bytes.length && this.#messages.length < MAX_MESSAGES) {
      // Some clients send an empty line behind a body (RFC 9112 §2.2).
      while (at < bytes.length && (bytes[at] === CR || bytes[at] === LF)) at++;
      if (at >= bytes.length) break;
      const head = this.#head(at);
      if (head === undefined) {
        const next = this.#nextStart(at);
        trouble ||= `From byte ${at} on no message begins.`;
        if (next < 0) break;
        at = next;
        continue;
      }
      const message = this.#message(at, head);
      this.#messages.push(message);
      if (this.#isTunnel(message)) {
        trouble ||= 'Another protocol follows: the connection was switched over.';
        break;
      }
      at = Math.max(message.end, at + 1);
    }
    return { messages: this.#messages, trouble };
  }

  #message(offset: number, head: Head): FoundMessage {
    const isRequest = this.#methods === undefined;
    const status = isRequest ? 0 : Number(head.match[1]);
    const request = this.#methods?.[this.#answered] ?? '';
    const body = this.#body(head, status, request);
    if (status >= 200) this.#answered++;
    return {
      offset,
      startLine: head.startLine,
      method: isRequest ? head.match[1] : '',
      status,
      fields: head.fields,
      ...body,
    };
  }

  #isTunnel({ status, complete }: FoundMessage): boolean {
    const request = this.#methods?.[this.#answered - 1] ?? '';
    return complete && (status === SWITCHING || (request === 'CONNECT' && status >= 200 && status < 300));
  }

  /** Undefined where no message begins there. */
  #head(from: number): Head | undefined {
    const { bytes } = this.#of;
    const pattern = this.#methods === undefined ? REQUEST : RESPONSE;
    const first = this.#line(from);
    if (first === undefined || this.#touchesGap(from, first.next)) return undefined;
    const match = pattern.exec(first.text);
    if (match === null) return undefined;
    const startLine = sanitiseText(first.text, MAX_LINE);
    const fields: [string, string][] = [];
    let at = first.next;
    while (fields.length < MAX_FIELDS && at - from < MAX_HEAD) {
      const line = this.#line(at);
      if (line === undefined || this.#touchesGap(at, line.next)) return { startLine, match, fields, end: -1 };
      at = line.next;
      if (line.text === '') return { startLine, match, fields, end: at };
      // A line that begins with a blank goes on with the one before (obs-fold, RFC 9112 §5.2).
      const last = fields.at(-1);
      if (/^[ \t]/.test(line.text) && last !== undefined) {
        last[1] = sanitiseText(`${last[1]} ${line.text.trim()}`, MAX_LINE);
        continue;
      }
      const colon = line.text.indexOf(':');
      const name = colon < 0 ? line.text : line.text.slice(0, colon);
      const value = colon < 0 ? '' : line.text.slice(colon + 1).trim();
      fields.push([sanitiseText(name, MAX_LINE), sanitiseText(value, MAX_LINE)]);
    }
    return { startLine, match, fields, end: bytes.length };
  }

  /** How long the body is: RFC 9112 §6.3, in its order. */
  #body(head: Head, status: number, request: string): Body {
    const { bytes, isWhole } = this.#of;
    const at = head.end;
    if (at < 0) {
      return { content: [], announced: null, chunks: null, complete: false, end: bytes.length };
    }
    const isResponse = this.#methods !== undefined;
    const hasNone = status !== 0 && (status < 200 || status === NO_CONTENT || status === NOT_MODIFIED);
    if (isResponse && (hasNone || request === 'HEAD' || (request === 'CONNECT' && status < 300))) {
      return { content: [], announced: 0, chunks: null, complete: true, end: at };
    }
    if (/(?:^|,)\s*chunked\s*$/i.test(fieldOf(head.fields, 'transfer-encoding'))) return this.#chunked(at);
    const length = fieldOf(head.fields, 'content-length');
    if (/^\d{1,15}$/.test(length)) {
      const announced = Number(length);
      const end = Math.min(bytes.length, at + announced);
      return {
        content: end > at ? [{ from: at, to: end }] : [],
        announced,
        chunks: null,
        complete: end - at === announced,
        end,
      };
    }
    if (!isResponse) return { content: [], announced: 0, chunks: null, complete: true, end: at };
    const content = bytes.length > at ? [{ from: at, to: bytes.length }] : [];
    return { content, announced: null, chunks: null, complete: isWhole, end: bytes.length };
  }

  #chunked(from: number): Body {
    const { bytes } = this.#of;
    const content: Range[] = [];
    let at = from;
    const ended = (complete: boolean, end: number): Body => ({
      content,
      announced: null,
      chunks: content.length,
      complete,
      end,
    });
    while (content.length < MAX_CHUNKS) {
      const line = this.#line(at);
      if (line === undefined || this.#touchesGap(at, line.next)) return ended(false, bytes.length);
      const size = /^([0-9a-fA-F]{1,11})\s*(?:;|$)/.exec(line.text);
      if (size === null) return ended(false, at);
      const length = Number.parseInt(size[1], 16);
      at = line.next;
      if (length === 0) return this.#trailer(at, ended);
      if (length > MAX_CHUNK_BYTES) return ended(false, bytes.length);
      const end = Math.min(bytes.length, at + length);
      if (end > at) content.push({ from: at, to: end });
      if (end - at < length) return ended(false, bytes.length);
      at = end;
      // The line end behind the chunk.
      if (bytes[at] === CR) at++;
      if (bytes[at] === LF) at++;
    }
    return ended(false, bytes.length);
  }

  #trailer(from: number, ended: (complete: boolean, end: number) => Body): Body {
    let at = from;
    for (let i = 0; i < MAX_FIELDS; i++) {
      const line = this.#line(at);
      if (line === undefined) break;
      at = line.next;
      if (line.text === '') return ended(true, at);
    }
    return ended(false, this.#of.bytes.length);
  }

  /** The line from there, without its end; undefined where that did not come. */
  #line(from: number): { readonly text: string; readonly next: number } | undefined {
    const { bytes } = this.#of;
    const limit = Math.min(bytes.length, from + MAX_LINE);
    const newline = findByte(bytes, LF, from, limit);
    if (newline < from || newline >= limit) return undefined;
    const end = newline > from && bytes[newline - 1] === CR ? newline - 1 : newline;
    return { text: latin1(bytes.subarray(from, end)), next: newline + 1 };
  }

  /** The next line from there on that begins a message; −1 for none. */
  #nextStart(from: number): number {
    const { bytes } = this.#of;
    for (let at = from; at < bytes.length;) {
      const newline = findByte(bytes, LF, at, bytes.length);
      const gap = gapBehind(this.#of.gaps, at);
      // A message may begin right behind what is missing.
      if (gap !== undefined && gap.to < bytes.length && (newline < at || newline > gap.to)) at = gap.to;
      else if (newline < at || newline >= bytes.length) return -1;
      else at = newline + 1;
      if (this.#mayBegin(at) && this.#head(at) !== undefined) return at;
    }
    return -1;
  }

  #mayBegin(at: number): boolean {
    const byte = this.#of.bytes[at];
    return this.#methods === undefined ? byte >= 0x41 && byte <= 0x5a : byte === 0x48;
  }

  #touchesGap(from: number, to: number): boolean {
    const gap = gapBehind(this.#of.gaps, from);
    return gap !== undefined && gap.from < to;
  }
}

/** The first gap that ends behind a place. */
export function gapBehind(gaps: readonly Range[], at: number): Range | undefined {
  let low = 0;
  let high = gaps.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (gaps[middle].to <= at) low = middle + 1;
    else high = middle;
  }
  return gaps.at(low);
}

/** The last value of a field; empty where there is none. */
export function fieldOf(fields: readonly (readonly [string, string])[], name: string): string {
  return fields.findLast(([one]) => one.toLowerCase() === name)?.[1] ?? '';
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
