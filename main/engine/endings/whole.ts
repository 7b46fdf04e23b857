/**
 * Connections in which the record, the hints and a few packets show that nothing is missing: of those that end with a FIN nearly all. No
 * rule could find anything in them, so their packets are not gathered.
 */
import type { FlowHints } from '../../../shared/model/hints.ts';
import { TCP_FIN, TCP_FLAGS_MASK } from '../decode/facts.ts';
import { SEEN_FIN } from '../flow/record.ts';
import { MARK_DUPLICATE_CAPTURE, MARK_ICMP } from '../flow/marks.ts';
import { LIMITS } from '../limits.ts';
import type { PacketIndex } from '../store/packet-index.ts';
import { responseBody } from '../stream/http-body.ts';
import { WAITED_NS } from './kinds/closed-early.ts';
import { MOST_OF_ALERT } from './kinds/handshake-failed.ts';
import { isMended } from './mended.ts';
import type { FlowOutline } from './outline.ts';

/** Whether every request was answered in whole, or a TLS handshake came to its end. False where that takes a walk to tell. */
export function isWhole(outline: FlowOutline, hints: FlowHints, packets: PacketIndex): boolean {
  // The SYN was sent more than once.
  if (outline.synNs > outline.firstNs) return false;
  if (outline.unacknowledged(0) > 0 || outline.unacknowledged(1) > 0) return false;
  const { client, server } = outline;
  const isCalm = client.retransmissions === 0 && server.retransmissions === 0 && !outline.hasGaps;
  if (hints.clientHelloPacket === null)
    return isAnswered(outline, hints, packets) && (isCalm || isMended(outline, hints, packets));
  if (hints.http !== null || hints.httpStatus !== null || !hints.serverHelloSeen) return false;
  return isCalm ? isPastHandshake(outline, hints, packets) : isMended(outline, hints, packets);
}

/** The newest request has its whole reply. */
function isAnswered(outline: FlowOutline, { http, httpStatus }: FlowHints, packets: PacketIndex): boolean {
  if (http?.direction !== 0 || httpStatus?.direction !== 1) return false;
  const asked = http.requestPacket as typeof httpStatus.packet;
  // Of a long connection in an endless capture the request may be gone.
  if (httpStatus.packet <= asked || !packets.holds(asked)) return false;
  // Only in a longer wait could the client have closed before the reply because it gave up.
  if (packets.time(httpStatus.packet) - packets.time(asked) >= WAITED_NS) return false;
  const { server } = outline;
  const body = responseBody(httpStatus, http, server.has(SEEN_FIN) ? server.finSeq : server.nextSeq);
  // Without a length any end is the right one; an interim reply is none.
  if (body === null) return httpStatus.code >= 200;
  return body.announced !== null && body.came >= body.announced;
}

/**
 * The client said more, after the server's answer to its ClientHello and before the first FIN, than an alert takes. Walked from the
 * newest packet on back, without a value for each.
 */
function isPastHandshake(outline: FlowOutline, hints: FlowHints, packets: PacketIndex): boolean {
  const hello = hints.clientHelloPacket;
  if (hello === null) return false;
  let said = 0;
  let p = outline.lastPacket;
  for (let walked = 0; packets.holds(p) && p > hello && walked < LIMITS.maxEndingPackets; walked++) {
    if ((packets.marks(p) & (MARK_DUPLICATE_CAPTURE | MARK_ICMP)) === 0) {
      // What came behind this FIN does not count.
      if ((packets.flags(p) & TCP_FLAGS_MASK & TCP_FIN) !== 0) said = 0;
      const length = packets.payload(p);
      if (length > 0) {
        if (packets.direction(p) === 0) said += length;
        else if (said > MOST_OF_ALERT) return true;
      }
    }
    p = packets.previous(p);
  }
  return false;
}
