/** Name Resolution Blocks (draft-ietf-opsawg-pcapng §4.5): the names a file gives to addresses. */
import { LIMITS, type LimitCounter } from '../limits.ts';
import { readU16 } from './bytes.ts';
import { readText } from './pcapng-options.ts';
import type { PacketSink } from './sink.ts';

const RECORD_END = 0;
const RECORD_IPV4 = 1;
const RECORD_IPV6 = 2;

export class NameReader {
  readonly #sink: PacketSink;
  readonly #limits: LimitCounter;
  #names = 0;

  constructor(sink: PacketSink, limits: LimitCounter) {
    this.#sink = sink;
    this.#limits = limits;
  }

  /** Records lie in `data[at, end)`, options behind them are not read. */
  read(data: Uint8Array, at: number, end: number, bigEndian: boolean): void {
    let next = at;
    while (next + 4 <= end) {
      const type = readU16(data, next, bigEndian);
      const start = next + 4;
      const stop = start + readU16(data, next + 2, bigEndian);
      if (type === RECORD_END || stop > end) return;
      if (type === RECORD_IPV4) this.#record(data, start, start + 4, stop);
      else if (type === RECORD_IPV6) this.#record(data, start, start + 16, stop);
      next = start + ((stop - start + 3) & ~3);
    }
  }

  /** One address and its names, each ended by NUL. */
  #record(data: Uint8Array, start: number, namesStart: number, stop: number): void {
    if (namesStart >= stop) return;
    const address = formatAddressBytes(data.subarray(start, namesStart));
    let from = namesStart;
    while (from < stop) {
      let to = from;
      while (to < stop && data[to] !== 0) to++;
      if (to > from) {
        if (this.#names >= LIMITS.maxNames) {
          this.#limits.hit('maxNames');
          return;
        }
        this.#names++;
        this.#sink.onName(address, readText(data, from, to, this.#limits));
      }
      from = to + 1;
    }
  }
}

/** Text of a 4-byte or 16-byte address; IPv6 as RFC 5952 wants it. */
export function formatAddressBytes(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups: number[] = [];
  for (let i = 0; i < 16; i += 2) groups.push((bytes[i] << 8) | bytes[i + 1]);
  let bestStart = -1;
  let bestLength = 1;
  for (let i = 0; i < 8; i++) {
    let length = 0;
    while (i + length < 8 && groups[i + length] === 0) length++;
    if (length > bestLength) {
      bestStart = i;
      bestLength = length;
    }
  }
  const hex = (from: number, to: number) =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(':');
  return bestStart < 0 ? hex(0, 8) : `${hex(0, bestStart)}::${hex(bestStart + bestLength, 8)}`;
}
