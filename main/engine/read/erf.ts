/**
 * Records of ERF, as Endace's capture cards write them to files: without a file header or a magic. A packet is handed on with its record
 * header, as pcap files with link type ERF have it, which the decoder opens.
 */
import { LIMITS } from '../limits.ts';
import { readU16, readU32 } from './bytes.ts';
import type { FramedRecord, Framing } from './framed.ts';

export const LINKTYPE_ERF = 197;

// Record header: time (fraction and seconds, little endian), type, flags, length of the record, lost packets or a colour, length on the wire.
const HEADER_BYTES = 16;
const SECOND_AT = 4;
const TYPE_AT = 8;
const SPAN_AT = 10;
const LOST_AT = 12;
const WIRE_AT = 14;
const EXTENSION_BYTES = 8;
const HAS_EXTENSION = 0x80;

const TYPE_PADDING = 48;
const MAX_TYPE = TYPE_PADDING;
/** Types whose packets have a few bytes more before them. */
const ETHERNET_TYPES: readonly number[] = [2, 11, 16, 20];
const CHANNEL_TYPES: readonly number[] = [5, 6, 7, 8, 9, 12, 17, 18];
/** Types with a colour or a hash where others count what was lost. */
const COLOUR_TYPES: readonly number[] = [10, 11, 15, 16, 17, 19, 20];

/** Records that must follow each other at the file's begin, where it has as many. */
const RECORDS_TO_KNOW = 4;
/** What records may be longer by than their packets: headers and padding. */
const MAX_ROOM_BYTES = HEADER_BYTES + EXTENSION_BYTES * LIMITS.maxExtensionHeaders + 16;
/** 1990: there were no such cards before. */
const FIRST_SECOND = 631_152_000;
/** Steps of time between the first records, seconds: records of different ports may be out of order a little. */
const MAX_STEP_BACK = 1;
const MAX_STEP = 365 * 86_400;

export class ErfFraming implements Framing {
  readonly format = 'erf';
  readonly headerBytes = HEADER_BYTES;
  dropped = 0;

  span(data: Uint8Array, at: number): number {
    const span = readU16(data, at + SPAN_AT, true);
    const type = erfType(data, at);
    if (type === 0 || type > MAX_TYPE || span < HEADER_BYTES) return 0;
    if (type === TYPE_PADDING) return span;
    const wire = readU16(data, at + WIRE_AT, true);
    return readU32(data, at + SECOND_AT, false) >= FIRST_SECOND && span <= wire + MAX_ROOM_BYTES ? span : 0;
  }

  second(data: Uint8Array, at: number): number | undefined {
    return erfType(data, at) === TYPE_PADDING ? undefined : readU32(data, at + SECOND_AT, false);
  }

  read(data: Uint8Array, at: number, record: FramedRecord): boolean {
    const type = erfType(data, at);
    if (type === TYPE_PADDING) return false;
    const span = readU16(data, at + SPAN_AT, true);
    const headers = headerLength(data, at, span);
    record.start = 0;
    record.wireLength = Math.max(headers, headers + readU16(data, at + WIRE_AT, true));
    record.capturedLength = Math.min(span, record.wireLength);
    record.second = readU32(data, at + SECOND_AT, false);
    record.nanos = Math.round((readU32(data, at, false) * 1e9) / 0x1_0000_0000);
    if (!COLOUR_TYPES.includes(type)) this.dropped += readU16(data, at + LOST_AT, true);
    return true;
  }
}

/**
 * Whether the file that begins at `at` is one: its first records follow each other, as their lengths say, and their times do.
 * @returns how many bytes are needed to tell, where these do not
 */
export function isErf(data: Uint8Array, at: number, to: number, final: boolean): boolean | number {
  const framing = new ErfFraming();
  let last: number | undefined = undefined;
  let next = at;
  for (let count = 0; count < RECORDS_TO_KNOW; count++) {
    if (next === to && final) return last !== undefined;
    // The last record may be cut, once others showed what this is.
    if (next + HEADER_BYTES > to) return final ? count > 1 : next + HEADER_BYTES - at;
    const span = framing.span(data, next);
    if (span === 0) return false;
    const second = framing.second(data, next);
    if (second !== undefined) {
      if (readU16(data, next + WIRE_AT, true) === 0) return false;
      if (last !== undefined && (second < last - MAX_STEP_BACK || second > last + MAX_STEP)) return false;
      last = second;
    }
    if (next + span > to) return final ? count > 1 : next + span - at;
    next += span;
  }
  return last !== undefined;
}

/** Bytes of a record that hold headers and packet, from its begin; at least its header must be there. */
export function erfCapturedLength(data: Uint8Array, at: number): number {
  const span = readU16(data, at + SPAN_AT, true);
  return Math.min(span, headerLength(data, at, span) + readU16(data, at + WIRE_AT, true));
}

function erfType(data: Uint8Array, at: number): number {
  return data[at + TYPE_AT] & ~HAS_EXTENSION;
}

/** Bytes before the packet. */
function headerLength(data: Uint8Array, at: number, span: number): number {
  const type = erfType(data, at);
  let length = HEADER_BYTES;
  let more = (data[at + TYPE_AT] & HAS_EXTENSION) !== 0;
  for (let count = 0; more && count < LIMITS.maxExtensionHeaders && length < span; count++) {
    more = (data[at + length] & HAS_EXTENSION) !== 0;
    length += EXTENSION_BYTES;
  }
  if (ETHERNET_TYPES.includes(type)) length += 2;
  else if (CHANNEL_TYPES.includes(type)) length += 4;
  return Math.min(length, span);
}
