/** Name Resolution Blocks (draft-ietf-opsawg-pcapng §4.5): the names a file gives to addresses. */
import { addressText } from '../../../shared/format/address.ts';
import { sanitiseText } from '../../../shared/format/text.ts';
import { LIMITS, type LimitCounter } from '../limits.ts';
import { readU16, readU32 } from './bytes.ts';
import { readText } from './pcapng-options.ts';
import type { PacketSink } from './sink.ts';

const RECORD_END = 0;
const RECORD_IPV4 = 1;
const RECORD_IPV6 = 2;

export class NameReader {
  readonly #sink: PacketSink;
  readonly #limits: LimitCounter;
  readonly #words = new Int32Array(4);
  #names = 0;

  constructor(sink: PacketSink, limits: LimitCounter) {
    this.#sink = sink;
    this.#limits = limits;
  }

  /** Files are joined section by section, each with the names of its own. */
  openSection(): void {
    this.#names = 0;
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
    // Addresses are in network order, whatever the order of the section.
    for (let i = 0; i < 4 && start + i * 4 < namesStart; i++) {
      this.#words[i] = readU32(data, start + i * 4, true);
    }
    const address = addressText(this.#words, 0, namesStart - start === 4 ? 4 : 6);
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
        // As every name of a host, whoever it comes from: it must not hide or reorder what stands around it.
        const name = sanitiseText(readText(data, from, to, this.#limits), LIMITS.maxHintText);
        this.#sink.onName(address, name);
      }
      from = to + 1;
    }
  }
}
