/**
 * What resetscope-capd says of the files that it writes itself: a pcapng block of a type from the range for local use, on
 * its standard output only. Each report is the whole state; its numbers are little endian.
 *
 *   u16 version  u16 errno  u32 file number  u64 file bytes  u64 file packets  u64 first ns  u64 last ns
 *   u64 captured packets  u64 wire bytes  u64 lost packets  u64 received  u64 dropped by kernel  u64 by interface
 *   u64 witness events  u64 witness events lost  u16 name length  u16 0  name, padded to four bytes
 */
import { readU16, readU32 } from '../../../engine/read/bytes.ts';

export const BLOCK_REPORT = 0x80525302;
const VERSION = 1;
const AT_NUMBERS = 8 + 8;
const NUMBERS = 12;
const AT_NAME_LENGTH = AT_NUMBERS + NUMBERS * 8;
const AT_NAME = AT_NAME_LENGTH + 4;
const NOT_KNOWN = 0xffff_ffff;

export interface Report {
  /** A system's error number; 0 while all is well. */
  readonly errno: number;
  readonly file: {
    /** Counts from 1. */
    readonly number: number;
    /** Name without its folder. */
    readonly name: string;
    readonly bytes: number;
    readonly packets: number;
    /** Nanoseconds since 1970; infinities without packets. */
    readonly firstNs: number;
    readonly lastNs: number;
  };
  /** Packets taken from the kernel, those that could not be written included. */
  readonly captured: number;
  readonly wireBytes: number;
  /** Packets captured and not written. */
  readonly lost: number;
  readonly droppedByKernel: number;
  /** null where the interface has no such count. */
  readonly droppedByInterface: number | null;
  readonly witnessEvents: number;
  readonly witnessLost: number;
}

/** @param length of the block, which `data` holds whole @returns undefined where the report makes no sense */
export function readReport(data: Uint8Array, at: number, length: number): Report | undefined {
  if (length < AT_NAME + 4 || readU16(data, at + 8, false) !== VERSION) return undefined;
  const nameLength = readU16(data, at + AT_NAME_LENGTH, false);
  if (AT_NAME + nameLength + 4 > length) return undefined;
  const number = (index: number): number => readNumber(data, at + AT_NUMBERS + 8 * index);
  const nameAt = data.byteOffset + at + AT_NAME;
  const name = Buffer.from(data.buffer, nameAt, nameLength).toString('latin1');
  // The name becomes part of a path.
  if (!/^[\w.+@-]+\.pcapng$/u.test(name)) return undefined;
  const packets = number(1);
  const byInterface = data.subarray(at + AT_NUMBERS + 72, at + AT_NUMBERS + 80);
  return {
    errno: readU16(data, at + 10, false),
    file: {
      number: readU32(data, at + 12, false),
      name,
      bytes: number(0),
      packets,
      firstNs: packets > 0 ? number(2) : Infinity,
      lastNs: packets > 0 ? number(3) : -Infinity,
    },
    captured: number(4),
    wireBytes: number(5),
    lost: number(6),
    droppedByKernel: number(8),
    droppedByInterface: readU32(byInterface, 4, false) === NOT_KNOWN ? null : number(9),
    witnessEvents: number(10),
    witnessLost: number(11),
  };
}

/** A 64-bit number as a double, exact up to 2^53. */
function readNumber(data: Uint8Array, at: number): number {
  return readU32(data, at + 4, false) * 0x1_0000_0000 + readU32(data, at, false);
}
