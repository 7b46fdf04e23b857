/**
 * Whether a SYN opens a new connection on addresses and ports that an old one had: its number is not the old one's, as
 * Wireshark's tcp.stream has it.
 *
 * The number of a side's SYN is known although the SYN was not captured: from the first segment of the side, from what the
 * other side acknowledges, and, where nothing else came, from a reset. A side that did nothing but reset a connection does not
 * hold its ports against the next one.
 */
import { seqAdd, seqGeq, seqLeq } from '../../../shared/base/seq.ts';
import type { SeqNumber } from '../../../shared/base/units.ts';
import { ACK, FLAGS, SEQ, TCP_ACK, TCP_RST, type Facts } from '../decode/facts.ts';
import type { FlowCursor } from '../flow/flow-cursor.ts';
import {
  BASE_SEQ,
  LAST_ACK,
  LAST_RESET,
  NEXT_SEQ,
  SEEN,
  SEEN_ACK,
  SEEN_ANY,
  SEEN_SYN,
  SEEN_SYN_ACK,
} from '../flow/record.ts';
import type { PacketIndex } from '../store/packet-index.ts';
import type { ResetLog } from '../store/reset-log.ts';

/**
 * @param flow the newest one of the endpoints, bound to the direction of the SYN
 * @param syn facts of a SYN or SYN-ACK
 */
export function startsAgain(flow: FlowCursor, syn: Facts, packets: PacketIndex, resets: ResetLog): boolean {
  const number = synNumber(flow, packets, resets);
  if (number === undefined || number === syn[SEQ]) return false;
  return (syn[FLAGS] & TCP_ACK) === 0 || !answersTheSyn(flow, syn[ACK] as SeqNumber);
}

/**
 * Whether a SYN-ACK acknowledges the SYN of the flow, whatever number it has itself: SYN proxies, two servers behind one
 * address and forgers make second ones.
 */
function answersTheSyn({ sides, reverse }: FlowCursor, ack: SeqNumber): boolean {
  if ((sides[reverse + SEEN] & SEEN_SYN) === 0) return false;
  return seqGeq(ack, seqAdd(sides[reverse + BASE_SEQ], 1)) && seqLeq(ack, sides[reverse + NEXT_SEQ]);
}

/** The number that the SYN of the sending side had; undefined where nothing tells it. */
function synNumber(flow: FlowCursor, packets: PacketIndex, resets: ResetLog): number | undefined {
  const { direction, sides, forward, reverse } = flow;
  const seen = sides[forward + SEEN];
  if ((seen & (SEEN_SYN | SEEN_SYN_ACK)) !== 0) return sides[forward + BASE_SEQ];
  if ((seen & SEEN_ANY) !== 0) return seqAdd(sides[forward + BASE_SEQ], -1);
  if ((sides[reverse + SEEN] & SEEN_ACK) !== 0) return seqAdd(sides[reverse + LAST_ACK], -1);
  const reset = flow.table.word(flow.flow, LAST_RESET);
  if (reset < resets.first) return undefined;
  const packet = resets.packet(reset);
  if (resets.direction(reset) === direction) return seqAdd(packets.seq(packet), -1);
  return (packets.flags(packet) & (TCP_RST | TCP_ACK)) === (TCP_RST | TCP_ACK)
    ? seqAdd(packets.ack(packet), -1)
    : undefined;
}
