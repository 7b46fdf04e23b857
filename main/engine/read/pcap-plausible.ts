/**
 * Tells record headers of a pcap file from arbitrary bytes. pcap has no marks between its records, so a header
 * is believed where its fields make sense together and another such header (or the end) follows its packet.
 */
import { LIMITS } from '../limits.ts';
import { readU32 } from './bytes.ts';
import { capturedLengthAt, wireLengthAt, type PcapHeader } from './pcap-header.ts';

/** Linux's largest snap length: what tcpdump writes; longer records need a second witness. */
const USUAL_MAX_PACKET_BYTES = 262_144;

/** How far the times of neighbouring records may lie apart in a resync, seconds. */
const NEIGHBOUR_SECONDS = 7 * 86_400;

/** How far records found again may lie from the last good one, seconds: a long pause must not hide the rest. */
const SAME_FILE_SECONDS = 400 * 86_400;

/** Verdicts of `PcapPlausibility`. Other results are the bytes needed from the header's start on to judge. */
export const IMPLAUSIBLE = 0;
export const PLAUSIBLE = -1;

export class PcapPlausibility {
  /** Longest packet believed without a second witness, bytes. */
  readonly usualMaxBytes: number;
  readonly #bigEndian: boolean;
  readonly #headerBytes: number;
  readonly #header: PcapHeader;
  #fractions: number;

  constructor(header: PcapHeader) {
    const snapLength = header.snapLength > LIMITS.maxRecordBytes ? 0 : header.snapLength;
    this.usualMaxBytes = Math.max(snapLength, USUAL_MAX_PACKET_BYTES);
    this.#bigEndian = header.bigEndian;
    this.#headerBytes = header.recordHeaderBytes;
    this.#header = header;
    this.#fractions = 1e9 / header.unitNs;
  }

  /**
   * Whether the header at `at` makes sense by itself; its bytes must be there. An all-zero header does not:
   * a zero-filled stretch, as a crash leaves it, would read as endless empty packets of 1970.
   */
  soundsRight(data: Uint8Array, at: number): boolean {
    const big = this.#bigEndian;
    const captured = capturedLengthAt(this.#header, data, at);
    const wire = wireLengthAt(this.#header, data, at);
    return (
      readU32(data, at + 4, big) < this.#fractions &&
      captured <= this.usualMaxBytes &&
      wire <= LIMITS.maxRecordBytes &&
      (captured > 0 || wire > 0 || readU32(data, at, big) > 0)
    );
  }

  /** Bytes of the record at `at`, header and packet. */
  span(data: Uint8Array, at: number): number {
    return this.#headerBytes + capturedLengthAt(this.#header, data, at);
  }

  /**
   * Whether a header follows the record at `at`, whatever its own fields are like.
   * @param to end of the bytes at hand, and of the file if `final`
   * @param near whether its time must be near that of the record
   */
  isFollowed(data: Uint8Array, at: number, to: number, final: boolean, near: boolean): number {
    const span = this.span(data, at);
    const next = at + span;
    if (next + this.#headerBytes > to) {
      if (!final) return span + this.#headerBytes;
      return next === to ? PLAUSIBLE : IMPLAUSIBLE;
    }
    if (!this.soundsRight(data, next) && !(near && this.#isOdd(data, next))) return IMPLAUSIBLE;
    return !near || this.#near(data, at, next) ? PLAUSIBLE : IMPLAUSIBLE;
  }

  /**
   * Whether records begin again at `at`, in the middle of bytes that were none.
   * @param lastSecond of the last good record, undefined where there was none
   */
  restartsAt(
    data: Uint8Array,
    at: number,
    to: number,
    final: boolean,
    lastSecond: number | undefined,
  ): number {
    if (!this.soundsRight(data, at)) return IMPLAUSIBLE;
    const captured = capturedLengthAt(this.#header, data, at);
    if (captured === 0 || wireLengthAt(this.#header, data, at) < captured) return IMPLAUSIBLE;
    const second = readU32(data, at, this.#bigEndian);
    if (lastSecond !== undefined && Math.abs((second - lastSecond) | 0) > SAME_FILE_SECONDS)
      return IMPLAUSIBLE;
    return this.isFollowed(data, at, to, final, true);
  }

  /** The fractions turned out to be nanoseconds. */
  takeNanoseconds(): void {
    this.#fractions = 1e9;
  }

  /** A header that has only a fraction too large: a rounded one, or nanoseconds where microseconds were announced. */
  #isOdd(data: Uint8Array, at: number): boolean {
    const captured = capturedLengthAt(this.#header, data, at);
    const wire = wireLengthAt(this.#header, data, at);
    const isSound = captured > 0 && captured <= this.usualMaxBytes && captured <= wire;
    return isSound && wire <= this.usualMaxBytes && readU32(data, at + 4, this.#bigEndian) < 1e9;
  }

  #near(data: Uint8Array, at: number, next: number): boolean {
    const apart = (readU32(data, next, this.#bigEndian) - readU32(data, at, this.#bigEndian)) | 0;
    return Math.abs(apart) <= NEIGHBOUR_SECONDS;
  }
}
