/** Reads what counting needs of pcapng blocks: the times of packets, and what was lost (draft-ietf-opsawg-pcapng §4). */
import { readU16, readU32, readU64 } from '../../../engine/read/bytes.ts';
import { IF_TSRESOL, ISB_IFDROP, ISB_IFRECV, ISB_OSDROP, type InterfaceStatistics } from './pcapng-blocks.ts';

const IF_TSOFFSET = 14;

/** Bytes of an Enhanced Packet Block in front of its packet's data. */
const PACKET_FIXED_BYTES = 28;
/** Bytes of a block around its body: type and length in front, the length again behind. */
const BLOCK_AROUND_BYTES = 12;

/** Reads an Interface Statistics Block, undefined where it is too short; a count that it does not tell is null. */
export function readStatistics(
  data: Uint8Array,
  at: number,
  length: number,
  bigEndian: boolean,
): InterfaceStatistics | undefined {
  if (length < 20 + 4) return undefined;
  const found: [number | null, number | null, number | null] = [null, null, null];
  eachOption(data, at + 20, at + length - 4, bigEndian, (code, start, size) => {
    if (size < 8) return;
    const slot = [ISB_IFRECV, ISB_IFDROP, ISB_OSDROP].indexOf(code);
    if (slot >= 0) found[slot] = Number(readU64(data, start, bigEndian));
  });
  return {
    interfaceId: readU32(data, at + 8, bigEndian),
    received: found[0],
    droppedByInterface: found[1],
    droppedByKernel: found[2],
  };
}

/** Times of packets as doubles: nanoseconds since 1970, right to a quarter of a microsecond. Enough for windows. */
export class InterfaceClocks {
  readonly #unitNs: number[] = [];
  readonly #offsetNs: number[] = [];

  get count(): number {
    return this.#unitNs.length;
  }

  /** A new section begins, and numbers its interfaces anew. */
  clear(): void {
    this.#unitNs.length = 0;
    this.#offsetNs.length = 0;
  }

  /** Takes the next Interface Description Block of the section. */
  add(data: Uint8Array, at: number, length: number, bigEndian: boolean): void {
    let unitNs = 1000;
    let offsetNs = 0;
    eachOption(data, at + 16, at + length - 4, bigEndian, (code, start, size) => {
      if (code === IF_TSRESOL && size >= 1) {
        const exponent = data[start] & 0x7f;
        unitNs = (data[start] & 0x80) !== 0 ? 1e9 / 2 ** exponent : 10 ** (9 - exponent);
      } else if (code === IF_TSOFFSET && size >= 8) {
        offsetNs = Number(BigInt.asIntN(64, readU64(data, start, bigEndian))) * 1e9;
      }
    });
    this.#unitNs.push(unitNs);
    this.#offsetNs.push(offsetNs);
  }

  /** Time of the Enhanced Packet Block at `at`; NaN where its interface was not described. */
  packetNs(data: Uint8Array, at: number, bigEndian: boolean): number {
    const interfaceId = readU32(data, at + 8, bigEndian);
    if (interfaceId >= this.#unitNs.length) return NaN;
    const high = readU32(data, at + 12, bigEndian);
    const low = readU32(data, at + 16, bigEndian);
    return (high * 0x1_0000_0000 + low) * this.#unitNs[interfaceId] + this.#offsetNs[interfaceId];
  }
}

function eachOption(
  data: Uint8Array,
  from: number,
  end: number,
  bigEndian: boolean,
  take: (code: number, start: number, size: number) => void,
): void {
  let at = from;
  while (at + 4 <= end) {
    const code = readU16(data, at, bigEndian);
    const size = readU16(data, at + 2, bigEndian);
    if (code === 0 || at + 4 + size > end) return;
    take(code, at + 4, size);
    at += 4 + ((size + 3) & ~3);
  }
}

/** Whether an Enhanced Packet Block is long enough for its fixed fields. */
export function isWholePacket(length: number): boolean {
  return length >= PACKET_FIXED_BYTES + BLOCK_AROUND_BYTES - 8;
}
