/** Finds the next pcapng block after bytes that were none. */
import { LIMITS, type LimitCounter } from '../limits.ts';
import { IMPLAUSIBLE, PLAUSIBLE } from './pcap-plausible.ts';
import { blockRestartsAt, MIN_BLOCK_BYTES } from './pcapng-plausible.ts';
import type { WarningLog } from './warning-log.ts';

type Reason = 'truncated-packet' | 'corrupt-block' | 'oversized-block';

export class BlockSearch {
  active = false;
  gaveUp = false;
  need = MIN_BLOCK_BYTES;
  readonly #limits: LimitCounter;
  readonly #log: WarningLog;
  #lostAt = 0;
  #why: Reason = 'corrupt-block';
  #onlyZeros = true;

  constructor(limits: LimitCounter, log: WarningLog) {
    this.#limits = limits;
    this.#log = log;
  }

  /**
   * @param lostAt file offset of the block that was none; the search goes on one byte behind it
   * @param firstByte the byte there
   */
  begin(lostAt: number, firstByte: number, why: Reason): void {
    this.active = true;
    this.#lostAt = lostAt;
    this.#why = why;
    this.#onlyZeros = firstByte === 0;
  }

  /**
   * Each place is judged in constant time, so the search is linear.
   * @returns where it stopped; no longer `active` where a block begins there
   */
  run(
    data: Uint8Array,
    from: number,
    to: number,
    base: number,
    final: boolean,
    bigEndian: boolean,
    packets: number,
  ): number {
    let at = from;
    for (; at + MIN_BLOCK_BYTES <= to; at++) {
      const verdict = blockRestartsAt(data, at, to, final, bigEndian);
      if (verdict === PLAUSIBLE) {
        this.active = false;
        this.#reportFound(base + at, packets);
        return at;
      }
      if (verdict !== IMPLAUSIBLE) {
        this.need = verdict;
        return at;
      }
      if (data[at] !== 0) this.#onlyZeros = false;
      if (base + at - this.#lostAt >= LIMITS.maxResyncBytes) {
        this.#giveUp(packets);
        return to;
      }
    }
    this.need = MIN_BLOCK_BYTES;
    if (!final) return at;
    for (; at < to; at++) if (data[at] !== 0) this.#onlyZeros = false;
    this.finish(base + to, packets);
    return to;
  }

  /** The file is at its end while the search is on. */
  finish(end: number, packets: number): void {
    if (!this.active) return;
    this.active = false;
    this.gaveUp = true;
    const offset = this.#lostAt;
    const rest = `the last ${end - offset} bytes of the file, from byte ${offset} on, after packet ${packets}`;
    const zeros = this.#onlyZeros && end - offset >= MIN_BLOCK_BYTES;
    const code = zeros ? 'trailing-garbage' : this.#why;
    let message = `${rest}, hold no valid block`;
    if (zeros) message = `${rest}, are zeros and no blocks`;
    else if (code === 'truncated-packet') {
      message = `the file ends within a block: ${rest}, are a part of it and not read`;
    }
    this.#log.warn({ code, message, offset, packet: packets, lossy: !zeros });
  }

  #reportFound(foundAt: number, packets: number): void {
    const offset = this.#lostAt;
    const code = this.#why === 'oversized-block' ? 'oversized-block' : 'corrupt-block';
    const what = code === 'oversized-block' ? 'a block of impossible length' : 'no valid block';
    const message = `${what} at byte ${offset}, after packet ${packets}: skipped ${foundAt - offset} bytes to the next one`;
    this.#log.warn({ code, message, offset, packet: packets, lossy: true });
  }

  #giveUp(packets: number): void {
    this.active = false;
    this.gaveUp = true;
    this.#limits.hit('maxResyncBytes');
    const offset = this.#lostAt;
    const message =
      `no valid block at byte ${offset}, after packet ${packets}, nor in the ${LIMITS.maxResyncBytes} ` +
      'bytes after it: the rest of the file is not read';
    this.#log.warn({ code: this.#why, message, offset, packet: packets, lossy: true });
  }
}
