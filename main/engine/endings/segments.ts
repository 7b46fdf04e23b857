/** The packets of a flow that looks as if it failed, oldest first, as values with names. */
import { seqAdd } from '../../../shared/base/seq.ts';
import type { PacketNumber, SeqNumber } from '../../../shared/base/units.ts';
import { TCP_ACK, TCP_FIN, TCP_FLAGS_MASK, TCP_RST, TCP_SYN } from '../decode/facts.ts';
import { MARK_DUPLICATE_CAPTURE, MARK_ICMP } from '../flow/marks.ts';
import { LIMITS } from '../limits.ts';
import { type PacketIndex, rowOf } from '../store/packet-index.ts';

export interface Segment {
  readonly packet: PacketNumber;
  readonly ns: number;
  /** 0: of the client. An ICMP error counts as from the side that it is about. */
  readonly direction: 0 | 1;
  readonly seq: SeqNumber;
  /** One past its last number; SYN and FIN count. */
  readonly end: SeqNumber;
  readonly ack: SeqNumber;
  readonly length: number;
  readonly flags: number;
  readonly window: number;
  readonly marks: number;
}

/**
 * Segments that were captured once or more; copies of the same packet are left out.
 * @param last newest packet of the flow
 */
export function segmentsOf(packets: PacketIndex, last: PacketNumber): Segment[] {
  const found: Segment[] = [];
  let walked = 0;
  for (
    let p = last;
    packets.holds(p) && walked < LIMITS.maxEndingPackets;
    p = packets.previous(p), walked++
  ) {
    const chunk = packets.chunk(p);
    const row = rowOf(p);
    const marks = chunk.marks[row];
    if ((marks & MARK_DUPLICATE_CAPTURE) !== 0) continue;
    const flags = chunk.flags[row] & TCP_FLAGS_MASK;
    const length = chunk.payloadBytesAt(row);
    const seq = chunk.seq[row] as SeqNumber;
    found.push({
      packet: p,
      ns: chunk.timeAt(row),
      direction: (chunk.flow[row] & 1) as 0 | 1,
      seq,
      end: seqAdd(seq, length + ((flags & (TCP_SYN | TCP_FIN)) !== 0 ? 1 : 0)),
      ack: chunk.ack[row] as SeqNumber,
      length,
      flags,
      window: chunk.window[row],
      marks,
    });
  }
  return found.reverse();
}

/** Copies of a datagram that a capture at several interfaces brings come this soon. */
const COPY_NS = 5e6;

/** Datagrams without copies. The flow table looks for copies of TCP segments only. @param packets of the same */
export function withoutCopies(packets: PacketIndex, segments: readonly Segment[]): Segment[] {
  const kept: Segment[] = [];
  for (const one of segments) {
    const id = packets.ipId(one.packet);
    let isCopy = false;
    for (let i = kept.length - 1; i >= 0 && one.ns - kept[i].ns <= COPY_NS && !isCopy; i--) {
      const before = kept[i];
      isCopy =
        before.direction === one.direction &&
        before.length === one.length &&
        before.seq === one.seq &&
        before.ack === one.ack &&
        packets.ipId(before.packet) === id &&
        // IPv6 has no IP-ID: there only what a message of DNS says tells one datagram from the next.
        (id !== 0 || one.seq !== 0) &&
        isIcmp(before) === isIcmp(one);
    }
    if (!isCopy) kept.push(one);
  }
  return kept;
}

export function isIcmp({ marks }: Segment): boolean {
  return (marks & MARK_ICMP) !== 0;
}

export function isSyn(segment: Segment): boolean {
  return !isIcmp(segment) && (segment.flags & (TCP_SYN | TCP_ACK | TCP_RST)) === TCP_SYN;
}

export function isSynAck(segment: Segment): boolean {
  return !isIcmp(segment) && (segment.flags & (TCP_SYN | TCP_ACK | TCP_RST)) === (TCP_SYN | TCP_ACK);
}

export function isFin(segment: Segment): boolean {
  return !isIcmp(segment) && (segment.flags & (TCP_FIN | TCP_RST)) === TCP_FIN;
}

/** A segment of the connection that is neither an ICMP error nor a reset. */
export function isSpeech(segment: Segment): boolean {
  return !isIcmp(segment) && (segment.flags & TCP_RST) === 0;
}
