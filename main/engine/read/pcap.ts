/** Reads the records of a pcap file (draft-ietf-opsawg-pcap §5), after its file header. */
import { LIMITS, type LimitCounter } from '../limits.ts';
import { asDouble, readU32, viewOf } from './bytes.ts';
import {
  capturedLengthAt,
  PACKET_TYPE_AT,
  wireLengthAt,
  type PcapFormat,
  type PcapHeader,
} from './pcap-header.ts';
import { IMPLAUSIBLE, PcapPlausibility, PLAUSIBLE } from './pcap-plausible.ts';
import { findPcapVariant } from './pcap-variant.ts';
import type { RecordParser } from './record-parser.ts';
import {
  DIRECTION_INBOUND,
  DIRECTION_OUTBOUND,
  DIRECTION_UNKNOWN,
  type CaptureClock,
  type PacketSink,
} from './sink.ts';
import type { WarningLog } from './warning-log.ts';

/** Times that lie farther before or after the record before them need a second witness, seconds. */
const CALM_BACKWARD_SECONDS = 86_400;
const CALM_FORWARD_SECONDS = 30 * 86_400;

const SECOND_NS = asDouble(1e9);

/** What `#examine` says of a record that the hot loop did not take. */
const WAIT = -1;
const NO_RECORD = -2;

export class PcapParser implements RecordParser {
  packets = 0;
  need: number;
  /** What the file header says, and once the first record is there what its records are like. */
  #header: PcapHeader;
  #isHeaderSure = false;
  #plausibility: PcapPlausibility;
  readonly #sink: PacketSink;
  readonly #clock: CaptureClock;
  readonly #limits: LimitCounter;
  readonly #log: WarningLog;
  /** Of the last packet, once there was one. */
  #lastSecond = asDouble(0);
  #hasEpoch = false;
  /** Nanoseconds of one step of the fraction, as the first record shows it. */
  #unitNs: number;
  /** The clock's epoch, split so that a packet's time needs no BigInt. */
  #epochSecond = 0;
  #epochNanos = 0;
  /** File offset where records were lost sight of; undefined while they are read. */
  #lostAt: number | undefined = undefined;
  #lostWhy: 'corrupt-record' | 'oversized-record' | 'truncated-packet' = 'corrupt-record';
  #lostOnlyZeros = true;
  #gaveUp = false;

  constructor(
    header: PcapHeader,
    sink: PacketSink,
    clock: CaptureClock,
    limits: LimitCounter,
    log: WarningLog,
  ) {
    this.#header = header;
    this.#unitNs = header.unitNs;
    this.need = header.recordHeaderBytes;
    this.#plausibility = new PcapPlausibility(header);
    this.#sink = sink;
    this.#clock = clock;
    this.#limits = limits;
    this.#log = log;
  }

  get format(): PcapFormat {
    return this.#header.format;
  }

  parse(data: Uint8Array, from: number, to: number, base: number, final: boolean): number {
    let at = from;
    if (!this.#isHeaderSure && at < to) {
      const variant = findPcapVariant(this.#header, data, at, to, final);
      if (typeof variant === 'number') {
        this.need = variant;
        return at;
      }
      this.#isHeaderSure = true;
      this.#header = variant;
      this.#plausibility = new PcapPlausibility(variant);
    }
    while (at < to) {
      if (this.#gaveUp) return to;
      if (this.#lostAt !== undefined) {
        at = this.#search(data, at, to, base, final);
        if (this.#lostAt !== undefined) return at;
      }
      at = this.#readCalm(data, at, to, base);
      if (at === to) break;
      const next = this.#examine(data, at, to, base, final);
      if (next === WAIT) return at;
      if (next === NO_RECORD) {
        this.#lostAt = base + at;
        this.#lostOnlyZeros = data[at] === 0;
        at++;
      } else {
        at = next;
      }
    }
    if (final && this.#lostAt !== undefined) this.#reportLostEnd(base + to);
    this.need = this.#header.recordHeaderBytes;
    return at;
  }

  /**
   * The hot loop: takes records until one is not whole or not ordinary, and returns where that one begins. Nothing is left to do behind
   * it: V8 compiles the loop before it has seen what comes after, and would throw it away there.
   * Ordinary: 0 < captured ≤ usual maximum, captured ≤ wire, a true fraction, a time near the last one.
   */
  #readCalm(data: Uint8Array, from: number, to: number, base: number): number {
    if (!this.#hasEpoch || this.#header.paddingBytes > 0) return from;
    const sink = this.#sink;
    const { bigEndian, recordHeaderBytes, capturedAt, wireAt } = this.#header;
    const unitNs = this.#unitNs;
    const modified = recordHeaderBytes > PACKET_TYPE_AT;
    const usualMaxBytes = this.#plausibility.usualMaxBytes;
    const fractions = 1e9 / unitNs;
    const epochSecond = this.#epochSecond;
    const epochNanos = this.#epochNanos;
    const littleEndian = !bigEndian;
    const view = viewOf(data);
    const start = asDouble(base);
    let at = from;
    while (at + recordHeaderBytes <= to) {
      const second = view.getUint32(at, littleEndian);
      const fraction = view.getUint32(at + 4, littleEndian);
      const captured = view.getUint32(at + capturedAt, littleEndian);
      const wire = view.getUint32(at + wireAt, littleEndian);
      const next = at + recordHeaderBytes + captured;
      const step = (second - this.#lastSecond) | 0;
      if (
        next > to ||
        captured === 0 ||
        captured > usualMaxBytes ||
        wire < captured ||
        wire > LIMITS.maxRecordBytes ||
        fraction >= fractions ||
        step < -CALM_BACKWARD_SECONDS ||
        step > CALM_FORWARD_SECONDS
      ) {
        break;
      }
      this.#lastSecond = second;
      this.packets++;
      sink.onPacket(
        data,
        at + recordHeaderBytes,
        captured,
        wire,
        ((second - epochSecond) | 0) * SECOND_NS + (fraction * unitNs - epochNanos),
        0,
        modified ? modifiedDirection(data[at + PACKET_TYPE_AT]) : DIRECTION_UNKNOWN,
        start + at,
      );
      at = next;
    }
    return at;
  }

  /** Takes one record that is odd but believed. @returns where the next begins, WAIT or NO_RECORD. */
  #examine(data: Uint8Array, at: number, to: number, base: number, final: boolean): number {
    const { bigEndian, recordHeaderBytes } = this.#header;
    this.need = recordHeaderBytes;
    if (at + recordHeaderBytes > to) return final ? this.#cut('truncated-packet') : WAIT;
    const captured = capturedLengthAt(this.#header, data, at);
    if (captured > LIMITS.maxRecordBytes) return this.#cut('oversized-record');
    const sound = this.#plausibility.soundsRight(data, at);
    const next = at + recordHeaderBytes + captured;
    if (next > to) {
      this.need = next - at;
      return final ? this.#cut(sound ? 'truncated-packet' : 'corrupt-record') : WAIT;
    }
    const second = readU32(data, at, bigEndian);
    if (!sound || !this.#timeIsBelieved(second)) {
      const verdict = this.#isAllZero(data, at)
        ? IMPLAUSIBLE
        : this.#plausibility.isFollowed(data, at, to, final, !sound);
      if (verdict === IMPLAUSIBLE) return this.#cut('corrupt-record');
      if (verdict !== PLAUSIBLE) {
        this.need = verdict;
        return WAIT;
      }
    }
    this.#take(data, at, base);
    return next;
  }

  #cut(why: 'corrupt-record' | 'oversized-record' | 'truncated-packet'): typeof NO_RECORD {
    this.#lostWhy = why;
    return NO_RECORD;
  }

  #isAllZero(data: Uint8Array, at: number): boolean {
    for (let i = 0; i < 16; i++) if (data[at + i] !== 0) return false;
    return true;
  }

  #timeIsBelieved(second: number): boolean {
    if (!this.#hasEpoch) return true;
    const step = (second - this.#lastSecond) | 0;
    return step >= -CALM_BACKWARD_SECONDS && step <= CALM_FORWARD_SECONDS;
  }

  #take(data: Uint8Array, at: number, base: number): void {
    const { bigEndian, recordHeaderBytes } = this.#header;
    this.#takeFraction(data, at, base);
    const unitNs = this.#unitNs;
    const second = readU32(data, at, bigEndian);
    const fraction = readU32(data, at + 4, bigEndian);
    const captured = capturedLengthAt(this.#header, data, at);
    let wire = wireLengthAt(this.#header, data, at);
    const offset = base + at;
    this.packets++;
    const packet = this.packets;
    if (!this.#hasEpoch) this.#setEpoch(second, fraction * unitNs);
    if (wire < captured || wire > LIMITS.maxRecordBytes) {
      const message = `packet ${packet} claims ${wire} bytes on the wire, ${captured} are in the file; the latter is used`;
      this.#log.repeated(
        { code: 'captured-longer-than-wire', message, offset, packet, lossy: false },
        'claim an impossible length on the wire; the captured length is used',
      );
      wire = captured;
    }
    this.#lastSecond = second;
    const timeNs = ((second - this.#epochSecond) | 0) * 1e9 + (fraction * unitNs - this.#epochNanos);
    const direction =
      recordHeaderBytes > PACKET_TYPE_AT ? modifiedDirection(data[at + PACKET_TYPE_AT]) : DIRECTION_UNKNOWN;
    const padding = Math.min(this.#header.paddingBytes, captured);
    const start = at + recordHeaderBytes + padding;
    this.#sink.onPacket(data, start, captured - padding, wire - padding, timeNs, 0, direction, offset);
  }

  /**
   * Looks at a fraction that is no fraction of a second, in a record whose lengths are believed. Where the first record has one, the
   * whole file counts in nanoseconds, whatever its magic says. Later, writers that round up have a million microseconds: the
   * time is then just what both fields say together.
   */
  #takeFraction(data: Uint8Array, at: number, base: number): void {
    const fraction = readU32(data, at + 4, this.#header.bigEndian);
    if (fraction * this.#unitNs < 1e9) return;
    const packet = this.packets + 1;
    if (this.packets === 0 && fraction > 1e6) {
      this.#unitNs = 1;
      this.#plausibility.takeNanoseconds();
      const message = 'the file says microseconds and has nanoseconds: its times are read as such';
      this.#log.warn({ code: 'odd-time', message, offset: base + at + 4, packet, lossy: false });
      return;
    }
    const message = `packet ${packet} has ${fraction} in its fraction of a second, more than a second holds; its time is the sum`;
    this.#log.repeated(
      { code: 'odd-time', message, offset: base + at + 4, packet, lossy: false },
      'have more in their fraction than a second holds; their times are the sums',
    );
  }

  #setEpoch(second: number, nanos: number): void {
    this.#hasEpoch = true;
    const epochNs = (this.#clock.epochNs ??= BigInt(second) * 1_000_000_000n + BigInt(nanos));
    this.#epochSecond = Number(epochNs / 1_000_000_000n);
    this.#epochNanos = Number(epochNs % 1_000_000_000n);
  }

  /** Moves on byte by byte until records begin again; linear, because each place is judged in constant time. */
  #search(data: Uint8Array, from: number, to: number, base: number, final: boolean): number {
    const lostAt = this.#lostAt ?? base + from;
    const headerBytes = this.#header.recordHeaderBytes;
    const lastSecond = this.#hasEpoch ? this.#lastSecond : undefined;
    let at = from;
    for (; at + headerBytes <= to; at++) {
      const verdict = this.#plausibility.restartsAt(data, at, to, final, lastSecond);
      if (verdict === PLAUSIBLE) {
        this.#lostAt = undefined;
        this.#reportFound(lostAt, base + at);
        return at;
      }
      if (verdict !== IMPLAUSIBLE) {
        this.need = verdict;
        return at;
      }
      if (data[at] !== 0) this.#lostOnlyZeros = false;
      if (base + at - lostAt >= LIMITS.maxResyncBytes) {
        this.#giveUp(lostAt);
        return to;
      }
    }
    this.need = headerBytes;
    if (!final) return at;
    for (; at < to; at++) if (data[at] !== 0) this.#lostOnlyZeros = false;
    this.#reportLostEnd(base + to);
    return to;
  }

  #reportFound(lostAt: number, foundAt: number): void {
    const code = this.#lostWhy === 'oversized-record' ? 'oversized-record' : 'corrupt-record';
    const what = code === 'oversized-record' ? 'a record of impossible length' : 'no valid record';
    const message = `${what} at byte ${lostAt}, after packet ${this.packets}: skipped ${foundAt - lostAt} bytes to the next one`;
    this.#log.warn({ code, message, offset: lostAt, packet: this.packets, lossy: true });
  }

  #giveUp(lostAt: number): void {
    this.#lostAt = undefined;
    this.#gaveUp = true;
    this.#limits.hit('maxResyncBytes');
    const message =
      `no valid record at byte ${lostAt}, after packet ${this.packets}, nor in the ` +
      `${LIMITS.maxResyncBytes} bytes after it: the rest of the file is not read`;
    this.#log.warn({ code: 'corrupt-record', message, offset: lostAt, packet: this.packets, lossy: true });
  }

  #reportLostEnd(end: number): void {
    const offset = this.#lostAt ?? end;
    this.#lostAt = undefined;
    this.#gaveUp = true;
    const rest = `the last ${end - offset} bytes of the file, from byte ${offset} on, after packet ${this.packets}`;
    const packet = this.packets;
    if (this.#lostOnlyZeros && end - offset >= this.#header.recordHeaderBytes) {
      const message = `${rest}, are zeros and no packets`;
      this.#log.warn({ code: 'trailing-garbage', message, offset, packet, lossy: false });
    } else if (this.#lostWhy === 'truncated-packet') {
      const message = `the file ends within a packet: ${rest}, are a part of it and not read`;
      this.#log.warn({ code: 'truncated-packet', message, offset, packet, lossy: true });
    } else {
      const message = `${rest}, hold no valid record`;
      this.#log.warn({ code: this.#lostWhy, message, offset, packet, lossy: true });
    }
  }
}

/** sll_pkttype as the modified format keeps it: PACKET_HOST 0 … PACKET_OTHERHOST 3, PACKET_OUTGOING 4. */
function modifiedDirection(packetType: number): number {
  if (packetType === 4) return DIRECTION_OUTBOUND;
  return packetType <= 2 ? DIRECTION_INBOUND : DIRECTION_UNKNOWN;
}
