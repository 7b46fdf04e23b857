/** What the TCP analysis saw of a packet, as bits: Wireshark's tcp.analysis.* by their names. */
export const MARK_RETRANSMISSION = 1 << 0;
export const MARK_FAST_RETRANSMISSION = 1 << 1;
export const MARK_SPURIOUS_RETRANSMISSION = 1 << 2;
export const MARK_OUT_OF_ORDER = 1 << 3;
/** The segment before this one was not captured. */
export const MARK_LOST_SEGMENT = 1 << 4;
/** Acknowledges data that was not captured. */
export const MARK_ACKED_UNSEEN = 1 << 5;
export const MARK_DUPLICATE_ACK = 1 << 6;
export const MARK_ZERO_WINDOW = 1 << 7;
export const MARK_ZERO_WINDOW_PROBE = 1 << 8;
export const MARK_WINDOW_FULL = 1 << 9;
export const MARK_KEEP_ALIVE = 1 << 10;
export const MARK_KEEP_ALIVE_ACK = 1 << 11;
export const MARK_WINDOW_UPDATE = 1 << 12;
/** The same packet captured again (SPAN of both directions, `any` interface). */
export const MARK_DUPLICATE_CAPTURE = 1 << 13;
/** An ICMP error about the flow; `seq` holds type << 8 | code, `ack` the embedded sequence number. */
export const MARK_ICMP = 1 << 14;
export const MARK_SACK = 1 << 15;

/** Any kind of retransmission. */
export const MARK_ANY_RETRANSMISSION =
  MARK_RETRANSMISSION | MARK_FAST_RETRANSMISSION | MARK_SPURIOUS_RETRANSMISSION;
