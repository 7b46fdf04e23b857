/**
 * The kernel's own reasons for a reset (include/net/rstreason.h) as people say them. Names may come with or without
 * SK_RST_REASON_ and TCP_ in front.
 */

const PREFIX = /^SK_RST_REASON_/u;
const TCP_PREFIX = /^TCP_/u;

/** "ABORT_ON_CLOSE" of "SK_RST_REASON_TCP_ABORT_ON_CLOSE"; '' for none and for NOT_SPECIFIED. */
export function plainReason(reason: string | null): string {
  if (reason === null) return '';
  const plain = reason.trim().toUpperCase().replace(PREFIX, '').replace(TCP_PREFIX, '');
  return plain === 'NOT_SPECIFIED' ? '' : plain;
}

/** What a process did, after its name: "nginx[812] closed the socket with unread data". */
const DEEDS: ReadonlyMap<string, string> = new Map([
  ['ABORT_ON_CLOSE', 'closed the socket with unread data'],
  ['ABORT_ON_LINGER', 'closed the socket and did not want to linger'],
  ['STATE', 'aborted the connection'],
  ['DISCONNECT_WITH_DATA', 'disconnected with data still to be sent'],
]);

/** What happened to the stack by itself: "its TCP found no socket for the packet". */
const EVENTS: ReadonlyMap<string, string> = new Map([
  ['NO_SOCKET', 'its TCP found no socket for the packet'],
  ['ABORT_ON_CLOSE', 'the socket was closed with unread data'],
  ['ABORT_ON_DATA', 'data came for a socket that was already closed'],
  ['ABORT_ON_LINGER', 'the socket was closed without lingering'],
  ['ABORT_ON_MEMORY', 'it ran out of memory for TCP'],
  ['STATE', 'the connection was aborted'],
  ['TIMEWAIT_SOCKET', 'the packet met a connection in TIME-WAIT'],
  ['KEEPALIVE_TIMEOUT', 'keep-alive probes stayed without an answer'],
  ['DISCONNECT_WITH_DATA', 'the socket was disconnected with data still to be sent'],
  ['ACK_UNSENT_DATA', 'the packet acknowledged data that was never sent'],
  ['FLAGS', 'the packet had flags that do not fit the state of the connection'],
  ['OLD_ACK', 'the packet acknowledged too little'],
  ['TOO_OLD_ACK', 'the packet acknowledged far too little'],
  ['INVALID_ACK_SEQUENCE', 'the acknowledgement of the handshake was wrong'],
  ['RFC7323_PAWS', 'the time stamp of the packet was too old'],
  ['INVALID_SYN', 'a SYN came in the middle of the connection'],
]);

/** What led to it; undefined where the kernel gave no reason that is known here. */
export function reasonEvent(reason: string): string | undefined {
  if (reason.startsWith('MPTCP_')) return 'Multipath TCP ended the subflow';
  return EVENTS.get(reason);
}

/** What the process that acted did; undefined where the reason is none of a process. */
export function reasonDeed(reason: string): string | undefined {
  return DEEDS.get(reason);
}
