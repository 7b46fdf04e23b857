/** Records of snoop, the format of Solaris (RFC 1761). All numbers are big endian. */
import { readU32 } from './bytes.ts';
import type { FramedRecord, Framing } from './framed.ts';

const MAGIC = [...'snoop\0\0\0'].map((letter) => letter.charCodeAt(0));

/** Magic, version, type of the data link. */
export const SNOOP_FILE_HEADER_BYTES = 16;
export const SNOOP_VERSION = 2;
export const SNOOP_RECORD_HEADER_BYTES = 24;

// Record header: length on the wire, captured, of the record, packets dropped so far, seconds, microseconds.
const WIRE_AT = 0;
const CAPTURED_AT = 4;
const SPAN_AT = 8;
const DROPPED_AT = 12;
const SECOND_AT = 16;
const MICROSECOND_AT = 20;

/** More than any link of these machines carries. */
const MAX_PACKET_BYTES = 262_144;
/** Records are padded to four bytes; analysers of other makers keep notes of their own there. */
const MAX_PADDING_BYTES = 64;

/** LINKTYPE_ by the type of the data link (RFC 1761 §4, and those of Solaris' later dlpi.h). */
const LINK_TYPES: ReadonlyMap<number, number> = new Map([
  [0, 1], // 802.3
  [2, 6], // token ring
  [4, 1], // Ethernet
  [8, 10], // FDDI
  [9, 0], // other: loopback, as Cray writes it
  [14, 0], // loopback
  [16, 122], // Fibre Channel
  [18, 123], // ATM
  [26, 242], // InfiniBand
  [0x8000_0005, 226], // ipnet
]);

export function isSnoop(data: Uint8Array, at: number): boolean {
  return MAGIC.every((byte, i) => data[at + i] === byte);
}

/** All `SNOOP_FILE_HEADER_BYTES` must be there. @returns linkType undefined where none is known */
export function readSnoopHeader(
  data: Uint8Array,
  at: number,
): { readonly version: number; readonly dataLink: number; readonly linkType: number | undefined } {
  const dataLink = readU32(data, at + 12, true);
  return { version: readU32(data, at + 8, true), dataLink, linkType: LINK_TYPES.get(dataLink) };
}

export class SnoopFraming implements Framing {
  readonly format = 'snoop';
  readonly headerBytes = SNOOP_RECORD_HEADER_BYTES;
  dropped = 0;

  span(data: Uint8Array, at: number): number {
    const captured = snoopCapturedLength(data, at);
    const span = readU32(data, at + SPAN_AT, true);
    const padding = span - SNOOP_RECORD_HEADER_BYTES - captured;
    const isSound =
      captured <= MAX_PACKET_BYTES &&
      captured <= readU32(data, at + WIRE_AT, true) &&
      readU32(data, at + WIRE_AT, true) <= MAX_PACKET_BYTES &&
      padding >= 0 &&
      padding <= MAX_PADDING_BYTES;
    return isSound ? span : 0;
  }

  second(data: Uint8Array, at: number): number | undefined {
    return readU32(data, at + MICROSECOND_AT, true) < 1e6 ? readU32(data, at + SECOND_AT, true) : undefined;
  }

  read(data: Uint8Array, at: number, record: FramedRecord): boolean {
    record.start = SNOOP_RECORD_HEADER_BYTES;
    record.capturedLength = snoopCapturedLength(data, at);
    record.wireLength = readU32(data, at + WIRE_AT, true);
    record.second = readU32(data, at + SECOND_AT, true);
    record.nanos = readU32(data, at + MICROSECOND_AT, true) * 1000;
    this.dropped = Math.max(this.dropped, readU32(data, at + DROPPED_AT, true));
    return true;
  }
}

export function snoopCapturedLength(data: Uint8Array, at: number): number {
  return readU32(data, at + CAPTURED_AT, true);
}
