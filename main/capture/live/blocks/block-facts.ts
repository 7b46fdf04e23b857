/** Reads what counting needs of pcapng blocks: the times of packets, and what was lost (draft-ietf-opsawg-pcapng §4). */
import { LimitCounter } from '../../../engine/limits.ts';
import { readU32, readU64 } from '../../../engine/read/bytes.ts';
import {
  IF_TSOFFSET,
  IF_TSRESOL,
  ISB_IFDROP,
  ISB_IFRECV,
  ISB_OSDROP,
  OptionWalker,
} from '../../../engine/read/pcapng-options.ts';
import type { InterfaceStatistics } from './pcapng-blocks.ts';

/** Bytes of an Enhanced Packet Block in front of its packet's data. */
const PACKET_FIXED_BYTES = 28;

/** Nobody reads it: of a limit the analysis tells, which reads the same blocks out of the files. */
const UNTOLD = new LimitCounter();

/** Reads an Interface Statistics Block, undefined where it is too short; a count that it does not tell is null. */
export function readStatistics(
  data: Uint8Array,
  at: number,
  length: number,
  bigEndian: boolean,
): InterfaceStatistics | undefined {
  if (length < 20 + 4) return undefined;
  let received: number | null = null;
  let droppedByInterface: number | null = null;
  let droppedByKernel: number | null = null;
  const options = optionsIn(data, at + 20, at + length - 4, bigEndian);
  while (options.next()) {
    if (options.length < 8) continue;
    const value = Number(readU64(data, options.start, bigEndian));
    if (options.code === ISB_IFRECV) received = value;
    else if (options.code === ISB_IFDROP) droppedByInterface = value;
    else if (options.code === ISB_OSDROP) droppedByKernel = value;
  }
  return {
    interfaceId: readU32(data, at + 8, bigEndian),
    received,
    droppedByInterface,
    droppedByKernel,
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
    const options = optionsIn(data, at + 16, at + length - 4, bigEndian);
    while (options.next()) {
      const { code, start } = options;
      if (code === IF_TSRESOL && options.length >= 1) {
        const exponent = data[start] & 0x7f;
        unitNs = (data[start] & 0x80) !== 0 ? 1e9 / 2 ** exponent : 10 ** (9 - exponent);
      } else if (code === IF_TSOFFSET && options.length >= 8) {
        offsetNs = Number(BigInt.asIntN(64, readU64(data, start, bigEndian))) * 1e9;
      }
    }
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

/** A walker for each block: they are rare, and one that is kept would keep the chunk of its last block. */
function optionsIn(data: Uint8Array, from: number, end: number, bigEndian: boolean): OptionWalker {
  const options = new OptionWalker(UNTOLD);
  options.reset(data, from, end, bigEndian);
  return options;
}

/** Whether an Enhanced Packet Block is long enough for its fixed fields, and its length again behind them. */
export function isWholePacket(length: number): boolean {
  return length >= PACKET_FIXED_BYTES + 4;
}
