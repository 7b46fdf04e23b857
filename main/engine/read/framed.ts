/**
 * Reads formats whose records stand one behind the other and have nothing but their own header: snoop and ERF. Headers are believed where
 * their fields make sense together, and found again behind damage where two such records follow each other.
 */
import { LIMITS, type LimitCounter } from '../limits.ts';
import type { CaptureFormat } from './capture-format.ts';
import type { RecordParser } from './record-parser.ts';
import type { CaptureClock, PacketSink } from './sink.ts';
import type { WarningLog } from './warning-log.ts';

/** What a packet's record says of it; one is used again for each record. */
export interface FramedRecord {
  /** From the record's first byte on. */
  start: number;
  capturedLength: number;
  wireLength: number;
  /** Since 1970. */
  second: number;
  nanos: number;
}

export interface Framing {
  readonly format: CaptureFormat;
  /** Bytes that `span` looks at. */
  readonly headerBytes: number;
  /** Bytes of the record at `at`, headerBytes or more; 0 where its header makes no sense. */
  span(data: Uint8Array, at: number): number;
  /** The time in a header that makes sense, in whole seconds; undefined where it has none. */
  second(data: Uint8Array, at: number): number | undefined;
  /** Takes a whole record apart. @returns whether it holds a packet */
  read(data: Uint8Array, at: number, record: FramedRecord): boolean;
  /** Packets that the records said were lost. */
  readonly dropped: number;
}

/** How far the times of records may lie apart by which others are found again, seconds. */
const NEIGHBOUR_SECONDS = 7 * 86_400;

const FOUND = -1;
const NONE = 0;

export class FramedParser implements RecordParser {
  packets = 0;
  need: number;
  readonly #framing: Framing;
  readonly #sink: PacketSink;
  readonly #clock: CaptureClock;
  readonly #limits: LimitCounter;
  readonly #log: WarningLog;
  readonly #record: FramedRecord = { start: 0, capturedLength: 0, wireLength: 0, second: 0, nanos: 0 };
  /** The clock's epoch, split so that a packet's time needs no BigInt. */
  #epochSecond: number | undefined = undefined;
  #epochNanos = 0;
  #lastSecond: number | undefined = undefined;
  /** File offset where records were lost sight of; undefined while they are read. */
  #lostAt: number | undefined = undefined;
  #isCut = false;
  #gaveUp = false;

  constructor(
    framing: Framing,
    sink: PacketSink,
    clock: CaptureClock,
    limits: LimitCounter,
    log: WarningLog,
  ) {
    this.#framing = framing;
    this.need = framing.headerBytes;
    this.#sink = sink;
    this.#clock = clock;
    this.#limits = limits;
    this.#log = log;
  }

  get format(): CaptureFormat {
    return this.#framing.format;
  }

  parse(data: Uint8Array, from: number, to: number, base: number, final: boolean): number {
    const { headerBytes } = this.#framing;
    let at = from;
    while (at < to && !this.#gaveUp) {
      if (this.#lostAt !== undefined) {
        at = this.#search(data, at, to, base, final);
        if (this.#lostAt !== undefined) return at;
        continue;
      }
      const isWhole = at + headerBytes <= to;
      const span = isWhole ? this.#framing.span(data, at) : headerBytes;
      if (span > 0 && at + span > to && !final) {
        this.need = span;
        return at;
      }
      if (span === 0 || at + span > to) {
        this.#lostAt = base + at;
        this.#isCut = span > 0;
        at++;
        continue;
      }
      this.#take(data, at, base);
      at += span;
    }
    if (final) this.#end(base + to);
    this.need = headerBytes;
    return this.#gaveUp ? to : at;
  }

  #take(data: Uint8Array, at: number, base: number): void {
    const record = this.#record;
    if (!this.#framing.read(data, at, record)) return;
    const { start, capturedLength, wireLength, second, nanos } = record;
    this.packets++;
    if (this.#epochSecond === undefined) {
      const epochNs = (this.#clock.epochNs ??= BigInt(second) * 1_000_000_000n + BigInt(nanos));
      this.#epochSecond = Number(epochNs / 1_000_000_000n);
      this.#epochNanos = Number(epochNs % 1_000_000_000n);
    }
    this.#lastSecond = second;
    const timeNs = (second - this.#epochSecond) * 1e9 + (nanos - this.#epochNanos);
    this.#sink.onPacket(data, at + start, capturedLength, wireLength, timeNs, 0, 0, base + at);
  }

  /** Moves on byte by byte until records begin again; linear, because each place is judged in constant time. */
  #search(data: Uint8Array, from: number, to: number, base: number, final: boolean): number {
    const lostAt = this.#lostAt ?? base + from;
    const { headerBytes } = this.#framing;
    let at = from;
    for (; at + headerBytes <= to; at++) {
      const verdict = this.#restartsAt(data, at, to, final);
      if (verdict === FOUND) {
        this.#lostAt = undefined;
        const bytes = base + at - lostAt;
        this.#warn(
          `no valid record at byte ${lostAt}, after packet ${this.packets}: skipped ${bytes} bytes to the next one`,
          lostAt,
        );
        return at;
      }
      if (verdict > 0) {
        this.need = verdict;
        return at;
      }
      if (base + at - lostAt >= LIMITS.maxResyncBytes) {
        this.#gaveUp = true;
        this.#limits.hit('maxResyncBytes');
        this.#warn(
          `no valid record at byte ${lostAt}, after packet ${this.packets}, nor in the ` +
            `${LIMITS.maxResyncBytes} bytes after it: the rest of the file is not read`,
          lostAt,
        );
        this.#lostAt = undefined;
        return to;
      }
    }
    this.need = headerBytes;
    if (!final) return at;
    this.#end(base + to);
    return to;
  }

  /** @returns FOUND, NONE, or how many bytes are needed to tell */
  #restartsAt(data: Uint8Array, at: number, to: number, final: boolean): number {
    const framing = this.#framing;
    const span = framing.span(data, at);
    const second = span === 0 ? undefined : framing.second(data, at);
    if (second === undefined || !this.#isNear(second, this.#lastSecond)) return NONE;
    const next = at + span;
    if (next + framing.headerBytes > to) {
      if (!final) return span + framing.headerBytes;
      return next === to ? FOUND : NONE;
    }
    if (framing.span(data, next) === 0) return NONE;
    return this.#isNear(second, framing.second(data, next)) ? FOUND : NONE;
  }

  #isNear(second: number, other: number | undefined): boolean {
    return other === undefined || Math.abs(second - other) <= NEIGHBOUR_SECONDS;
  }

  #end(end: number): void {
    const lostAt = this.#lostAt;
    if (lostAt !== undefined) {
      this.#lostAt = undefined;
      const rest = `the last ${end - lostAt} bytes of the file, from byte ${lostAt} on, after packet ${this.packets}`;
      if (this.#isCut)
        this.#warn(`the file ends within a packet: ${rest}, are a part of it and not read`, lostAt);
      else this.#warn(`${rest}, hold no valid record`, lostAt);
    }
    const { dropped } = this.#framing;
    if (this.#gaveUp || dropped === 0) return;
    this.#sink.onDrops({
      interfaceId: 0,
      received: undefined,
      droppedByInterface: dropped,
      droppedByKernel: undefined,
    });
  }

  #warn(message: string, offset: number): void {
    const code = this.#isCut ? 'truncated-packet' : 'corrupt-record';
    this.#log.warn({ code, message, offset, packet: this.packets, lossy: true });
  }
}
