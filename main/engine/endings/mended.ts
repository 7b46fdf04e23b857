/**
 * Connections in which something was lost or sent again, and all of it came in the end: what isWhole asks of the others, and of their
 * packets that no rule about resends, closes or probes can find anything in them. One walk from the newest packet on back, without a
 * value for each. In doubt the answer is no, and the rules look.
 *
 * Three of the same data make a delay that is told of. The second and third of them have the marks of what was sent again, as long as
 * their numbers lie in one quarter of the circle, no byte was sent alone, and no SYN began anew behind them.
 */
import { seqDelta } from '../../../shared/base/seq.ts';
import type { FlowHints } from '../../../shared/model/hints.ts';
import { TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN } from '../decode/facts.ts';
import {
  MARK_ANY_RETRANSMISSION,
  MARK_DUPLICATE_CAPTURE,
  MARK_ICMP,
  MARK_KEEP_ALIVE,
  MARK_OUT_OF_ORDER,
  MARK_SPURIOUS_RETRANSMISSION,
  MARK_ZERO_WINDOW_PROBE,
} from '../flow/marks.ts';
import { NO_PACKET, SEEN_ZERO_WINDOW } from '../flow/record.ts';
import { LIMITS } from '../limits.ts';
import { type PacketIndex, rowOf } from '../store/packet-index.ts';
import type { PacketNumber } from '../../../shared/base/units.ts';
import { MOST_OF_ALERT } from './kinds/handshake-failed.ts';
import { RESENDS } from './kinds/went-silent.ts';
import type { FlowOutline } from './outline.ts';

const NOT_HEARD = MARK_DUPLICATE_CAPTURE | MARK_ICMP;
const OUT_OF_TURN = MARK_ANY_RETRANSMISSION | MARK_OUT_OF_ORDER;
const PROBE = MARK_KEEP_ALIVE | MARK_ZERO_WINDOW_PROBE;
/** Segments of one side out of turn that are held against one another. */
const MOST_OUT_OF_TURN = 8;
const QUARTER_OF_CIRCLE = 2 ** 30;

/** Numbers of what one side sent out of turn. */
class OutOfTurn {
  readonly #seqs = new Int32Array(MOST_OUT_OF_TURN);
  #count = 0;

  clear(): void {
    this.#count = 0;
  }

  /** @returns false where that number was here already, or is one too many */
  add(seq: number): boolean {
    if (this.#count === MOST_OUT_OF_TURN) return false;
    for (let i = 0; i < this.#count; i++) if (this.#seqs[i] === seq) return false;
    this.#seqs[this.#count++] = seq;
    return true;
  }
}

const outOfTurn = [new OutOfTurn(), new OutOfTurn()] as const;

/** @param hints of a connection with a ClientHello, or else with a reply of HTTP to its newest request */
export function isMended(outline: FlowOutline, hints: FlowHints, packets: PacketIndex): boolean {
  const { halves } = outline;
  if (halves[0].has(SEEN_ZERO_WINDOW) || halves[1].has(SEEN_ZERO_WINDOW)) return false;
  const hello = hints.clientHelloPacket ?? NO_PACKET;
  const helloSeq = packets.holds(hello as PacketNumber) ? packets.seq(hello as PacketNumber) : 0;
  const reply = hints.httpStatus?.packet ?? 0;
  for (const side of outOfTurn) side.clear();
  let laterNs = Infinity;
  let isNewest = true;
  let syns = 0;
  let synAcks = 0;
  let spurious = 0;
  /** What the client said behind the packet in hand and before the first FIN there, and when that began. */
  let said = 0;
  let saidNs = 0;
  let isPastHandshake = false;
  let next = outline.lastPacket;
  for (let walked = 0; packets.holds(next); walked++) {
    if (walked === LIMITS.maxEndingPackets) return false;
    const p = next;
    const chunk = packets.chunk(p);
    const row = rowOf(p);
    next = chunk.previous[row] as PacketNumber;
    const marks = chunk.marks[row];
    if ((marks & NOT_HEARD) !== 0) continue;
    const ns = chunk.timeAt(row);
    // The rules go by time.
    if (ns > laterNs) return false;
    laterNs = ns;
    const flags = chunk.flags[row];
    if ((flags & TCP_RST) !== 0) continue;
    if (isNewest && (marks & MARK_KEEP_ALIVE) !== 0) return false;
    isNewest = false;
    if ((flags & TCP_FIN) !== 0) {
      // Whoever closed before the reply may have given up, or be taken for it.
      if (p < reply) return false;
      said = 0;
      isPastHandshake = false;
    }
    const length = chunk.payloadBytesAt(row);
    if ((flags & TCP_SYN) !== 0) {
      if (((flags & TCP_ACK) === 0 ? ++syns : ++synAcks) > 1) return false;
    } else if (length > 0 && syns + synAcks > 0) return false;
    if (length === 0) continue;
    if ((marks & MARK_SPURIOUS_RETRANSMISSION) !== 0 && ++spurious === RESENDS) return false;
    const direction = (chunk.flow[row] & 1) as 0 | 1;
    const seq = chunk.seq[row];
    if ((marks & PROBE) === 0) {
      const behind = seqDelta(halves[direction].nextSeq, seq);
      if (length === 1 || behind <= 0 || behind > QUARTER_OF_CIRCLE) return false;
      if ((marks & OUT_OF_TURN) !== 0 && !outOfTurn[direction].add(seq)) return false;
    }
    if (direction === 1) {
      if (said > MOST_OF_ALERT && p > hello && ns < saidNs) isPastHandshake = true;
    } else if (seq !== helloSeq) {
      said += length;
      saidNs = ns;
    }
  }
  // Of an endless capture the begin may be gone.
  if (next !== NO_PACKET) return false;
  return hello === NO_PACKET || isPastHandshake;
}
