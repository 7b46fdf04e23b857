/**
 * ClientHellos that did not fit one segment, as those with post-quantum key shares (about 1.7 kB), and those that
 * are split on purpose to slip past a device. Bounded: LIMITS.maxPendingHellos at once, LIMITS.maxHelloBytes each.
 *
 * Invariant: the bytes [0, filled) of a hello are what its direction sent from the record header on, without a hole.
 */
import type { FlowRecord, PacketNumber } from '../../../shared/base/units.ts';
import { seqDelta } from '../../../shared/base/seq.ts';
import type { HintDirection } from '../../../shared/model/hints.ts';
import type { LimitCounter } from '../limits.ts';
import { LIMITS } from '../limits.ts';
import { u16 } from './bytes.ts';
import { CLIENT_HELLO } from './tls-hello.ts';
import { TLS_HANDSHAKE } from './tls.ts';

const RECORD_HEADER = 5;

class PendingHello {
  readonly direction: HintDirection;
  /** Number of the packet with the first segment. */
  readonly packet: PacketNumber;
  readonly seq: number | undefined;
  bytes: Uint8Array;
  filled = 0;

  constructor(direction: HintDirection, packet: PacketNumber, seq: number | undefined, capacity: number) {
    this.direction = direction;
    this.packet = packet;
    this.seq = seq;
    this.bytes = new Uint8Array(capacity);
  }

  /** @returns whether all of it fitted */
  append(part: Uint8Array): boolean {
    const needed = this.filled + part.length;
    if (needed > this.bytes.length && this.bytes.length < LIMITS.maxHelloBytes) {
      const larger = new Uint8Array(Math.min(LIMITS.maxHelloBytes, Math.max(needed, this.bytes.length * 2)));
      larger.set(this.bytes.subarray(0, this.filled));
      this.bytes = larger;
    }
    const room = Math.min(part.length, this.bytes.length - this.filled);
    this.bytes.set(part.subarray(0, room), this.filled);
    this.filled += room;
    return room === part.length;
  }
}

export class PendingHellos {
  readonly #hellos = new Map<FlowRecord, PendingHello>();
  readonly #limits: LimitCounter;

  constructor(limits: LimitCounter) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#hellos.size;
  }

  /**
   * Keeps the first part of a hello; the oldest unfinished one of another flow makes room.
   * @returns the flow that had to
   */
  start(
    flow: FlowRecord,
    direction: HintDirection,
    packet: PacketNumber,
    seq: number | undefined,
    part: Uint8Array,
  ): FlowRecord | undefined {
    let displaced: FlowRecord | undefined;
    if (this.#hellos.size >= LIMITS.maxPendingHellos && !this.#hellos.has(flow)) {
      displaced = this.#hellos.keys().next().value;
      if (displaced !== undefined) this.#hellos.delete(displaced);
      this.#limits.hit('maxPendingHellos');
    }
    const record = part.length >= RECORD_HEADER ? RECORD_HEADER + u16(part, 3) : part.length;
    const capacity = Math.min(LIMITS.maxHelloBytes, Math.max(record, part.length));
    const hello = new PendingHello(direction, packet, seq, capacity);
    hello.append(part);
    this.#hellos.set(flow, hello);
    return displaced;
  }

  /** Whether a hello of this flow and direction waits for its rest. */
  waits(flow: FlowRecord, direction: HintDirection): boolean {
    return this.#hellos.get(flow)?.direction === direction;
  }

  /**
   * Adds a further segment of a waiting hello.
   * @param seq of the segment; undefined: it is taken to continue the one before
   * @returns the first packet and all bytes so far, and whether the bound keeps further ones out; undefined when
   *   nothing came on
   */
  add(
    flow: FlowRecord,
    seq: number | undefined,
    part: Uint8Array,
  ): { readonly packet: PacketNumber; readonly bytes: Uint8Array; readonly isFull: boolean } | undefined {
    const hello = this.#hellos.get(flow);
    if (hello === undefined) return undefined;
    const offset = seq === undefined || hello.seq === undefined ? hello.filled : seqDelta(seq, hello.seq);
    const isNew = offset >= 0 && offset <= hello.filled && offset + part.length > hello.filled;
    if (!isNew) return undefined;
    const isFull = !hello.append(part.subarray(hello.filled - offset));
    if (isFull) this.#limits.hit('maxHelloBytes');
    return { packet: hello.packet, bytes: hello.bytes.subarray(0, hello.filled), isFull };
  }

  drop(flow: FlowRecord): void {
    this.#hellos.delete(flow);
  }
}

/** Whether the bytes, be they ever so few, can begin a record with a ClientHello. */
export function mayBeginClientHello(bytes: Uint8Array, at: number, end: number): boolean {
  if (bytes[at] !== TLS_HANDSHAKE) return false;
  if (end - at > 1 && bytes[at + 1] !== 3) return false;
  if (end - at > 2 && bytes[at + 2] > 4) return false;
  return end - at <= RECORD_HEADER || bytes[at + RECORD_HEADER] === CLIENT_HELLO;
}
