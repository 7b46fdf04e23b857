/**
 * Options of pcapng blocks (draft-ietf-opsawg-pcapng §3.5, §4) out of a section of either byte order into one of little endian. What
 * no document defines is left out: whether its bytes are numbers nobody knows, and it may tell what a reader does not expect.
 */
import { LIMITS, type LimitCounter } from '../limits.ts';
import { OptionWalker, OPT_COMMENT } from '../read/pcapng-options.ts';
import type { BlockOption } from './block-buffer.ts';

/** How a value is laid out: bytes as they are, one number, or the two halves of a time, of which the upper one comes first. */
type Layout = 'bytes' | 'u16' | 'u32' | 'u64' | 'time';

/** The options of a kind of block that are known, by their code; comments are in all of them. */
export type KnownOptions = ReadonlyMap<number, Layout>;

export const SHB_HARDWARE = 2;
export const SHB_SYSTEM = 3;
export const SHB_APPLICATION = 4;
export const SECTION_OPTIONS: KnownOptions = new Map([
  [SHB_HARDWARE, 'bytes'],
  [SHB_SYSTEM, 'bytes'],
  [SHB_APPLICATION, 'bytes'],
]);

export const IF_TIMEZONE = 10;
export const IF_FILTER = 11;
export const IF_SYSTEM = 12;
export const IF_HARDWARE = 15;
export const IF_TIMEZONE_NAME = 18;
export const IF_ADDRESS_FIRST = 4;
export const IF_ADDRESS_LAST = 7;
export const INTERFACE_OPTIONS: KnownOptions = new Map([
  [2, 'bytes'], // if_name
  [3, 'bytes'], // if_description
  [4, 'bytes'], // if_IPv4addr
  [5, 'bytes'], // if_IPv6addr
  [6, 'bytes'], // if_MACaddr
  [7, 'bytes'], // if_EUIaddr
  [8, 'u64'], // if_speed
  [9, 'bytes'], // if_tsresol
  [IF_TIMEZONE, 'u32'],
  [IF_FILTER, 'bytes'],
  [IF_SYSTEM, 'bytes'],
  [13, 'bytes'], // if_fcslen
  [14, 'u64'], // if_tsoffset
  [IF_HARDWARE, 'bytes'],
  [16, 'u64'], // if_txspeed
  [17, 'u64'], // if_rxspeed
  [IF_TIMEZONE_NAME, 'bytes'],
]);

export const EPB_FLAGS = 2;
export const EPB_DROPCOUNT = 4;
export const EPB_PACKET_ID = 5;
export const EPB_QUEUE = 6;
export const PACKET_OPTIONS: KnownOptions = new Map([
  [EPB_FLAGS, 'u32'],
  [3, 'bytes'], // epb_hash
  [EPB_DROPCOUNT, 'u64'],
  [EPB_PACKET_ID, 'u64'],
  [EPB_QUEUE, 'u32'],
  [7, 'bytes'], // epb_verdict
  [8, 'u64'], // epb_processid_threadid
]);

export const STATISTICS_OPTIONS: KnownOptions = new Map([
  [2, 'time'], // isb_starttime
  [3, 'time'], // isb_endtime
  [4, 'u64'], // isb_ifrecv
  [5, 'u64'], // isb_ifdrop
  [6, 'u64'], // isb_filteraccept
  [7, 'u64'], // isb_osdrop
  [8, 'u64'], // isb_usrdeliv
]);

export const NAME_OPTIONS: KnownOptions = new Map([
  [2, 'bytes'], // ns_dnsname
  [3, 'bytes'], // ns_dnsIP4addr
  [4, 'bytes'], // ns_dnsIP6addr
]);

export const SECRETS_OPTIONS: KnownOptions = new Map();

const WIDTH: Readonly<Record<Exclude<Layout, 'bytes'>, number>> = { u16: 2, u32: 4, u64: 8, time: 8 };

/** Options that lie in `data[at, end)`, as they stand in little endian; their values are copies. */
export function readOptions(
  data: Uint8Array,
  at: number,
  end: number,
  bigEndian: boolean,
  known: KnownOptions,
  limits: LimitCounter,
): BlockOption[] {
  const options: BlockOption[] = [];
  const walker = new OptionWalker(limits);
  walker.reset(data, at, end, bigEndian);
  while (walker.next()) {
    const { code, start, length } = walker;
    const layout = code === OPT_COMMENT ? 'bytes' : known.get(code);
    if (layout === undefined) continue;
    // Readers take a number out of a value that is longer, and none out of one that is shorter.
    const width = layout === 'bytes' ? length : WIDTH[layout];
    if (length < width) continue;
    const value = data.slice(start, start + width);
    if (bigEndian && layout === 'time') {
      value.subarray(0, 4).reverse();
      value.subarray(4).reverse();
    } else if (bigEndian && layout !== 'bytes') {
      value.reverse();
    }
    options.push({ code, value });
  }
  return options;
}

const UTF8 = new TextEncoder();

/** A text as an option, cut where it is too long for readers. */
export function textOption(code: number, text: string): BlockOption {
  const bytes = UTF8.encode(text);
  if (bytes.length <= LIMITS.maxTextBytes) return { code, value: bytes };
  let end = LIMITS.maxTextBytes;
  // Not within a character: bytes that continue one are 10xxxxxx.
  while (end > 0 && (bytes[end] & 0xc0) === 0x80) end--;
  return { code, value: bytes.slice(0, end) };
}

export function u64Option(code: number, value: bigint): BlockOption {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value, true);
  return { code, value: bytes };
}

export function u32Option(code: number, value: number): BlockOption {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return { code, value: bytes };
}
