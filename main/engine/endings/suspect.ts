/**
 * Which flows are worth a walk through their packets: all that could have failed, and as few others as the record allows. The rules
 * decide; what is passed over here is never asked again.
 */
import type { FlowHints } from '../../../shared/model/hints.ts';
import { SEEN_ANY, SEEN_DATA, SEEN_FIN, SEEN_SYN, SEEN_SYN_ACK, SEEN_ZERO_WINDOW } from '../flow/record.ts';
import type { PacketIndex } from '../store/packet-index.ts';
import { GREETING_PORTS } from './kinds/no-greeting.ts';
import type { FlowOutline } from './outline.ts';
import { isWhole } from './whole.ts';

/** Resends before a delay is long enough to be told of: back-off doubles from 200 ms (RFC 6298 §5.5). */
const FEW_RESENDS = 3;

/** Fewer are an ordinary loss, or TCP_DEFER_ACCEPT. */
const FEW_SYN_ACKS = 2;

/** The first SYN and two more (RFC 6298 §2, 5.5: after 1 and 3 s). */
const LATE_SYN_NS = 2.5e9;

export function isSuspect(outline: FlowOutline, hints: FlowHints | undefined, packets: PacketIndex): boolean {
  const { client, server } = outline;
  if (outline.hasIcmpError) return true;
  // A connection that began before the capture is never said to have failed.
  if (outline.isMidstream || !client.has(SEEN_SYN)) return false;
  if (!server.has(SEEN_ANY) || !outline.isEstablished) return true;
  if (client.retransmissions >= FEW_RESENDS || server.retransmissions >= FEW_RESENDS) return true;
  if (client.packets > 1 && (client.has(SEEN_ZERO_WINDOW) || server.has(SEEN_ZERO_WINDOW))) return true;
  // Its SYN-ACK was repeated after the ACK.
  const isHeldUp = !server.has(SEEN_DATA) || client.retransmissions >= FEW_SYN_ACKS;
  if (server.retransmissions >= FEW_SYN_ACKS && isHeldUp) return true;
  if (!client.has(SEEN_DATA) && !server.has(SEEN_DATA) && GREETING_PORTS.has(outline.serverPort)) return true;
  // Its SYN was repeated for long before it was answered.
  if (outline.synNs - outline.firstNs > LATE_SYN_NS) return true;
  const loses = client.retransmissions + server.retransmissions > 0;
  if (loses && (outline.unacknowledged(0) > 0 || outline.unacknowledged(1) > 0)) return true;
  // Keep-alives that nothing answers take no sequence number: only the silence shows.
  if (!client.has(SEEN_FIN) && !server.has(SEEN_FIN) && isOneSpeaking(outline)) return true;
  if (client.has(SEEN_DATA) && !server.has(SEEN_DATA)) return true;
  if (hints === undefined || !server.has(SEEN_SYN_ACK)) return false;
  return mayBeUnfinished(outline, hints, packets);
}

/** For the newest seconds only one side was heard. */
function isOneSpeaking({ client, server }: FlowOutline): boolean {
  return Math.abs(client.lastSentNs - server.lastSentNs) > 3e9;
}

/** What its application showed could be a handshake or a reply that did not come to its end. */
function mayBeUnfinished(outline: FlowOutline, hints: FlowHints, packets: PacketIndex): boolean {
  const isClosed = outline.client.has(SEEN_FIN) || outline.server.has(SEEN_FIN);
  if (hints.clientHelloPacket !== null) {
    if (hints.lastTlsAlert?.level === 'fatal' || !hints.serverHelloSeen) return true;
  } else if (hints.http === null) return false;
  return isClosed && !isWhole(outline, hints, packets);
}
