/** What a file or a limit cost: nothing is dropped without one of these. The closed list of codes. */
export const WARNING_CODES = [
  // the file
  'unknown-format',
  'truncated-header',
  'truncated-packet',
  'corrupt-record',
  // A fraction of a second that is none: the packet is kept, its time is what both fields say together.
  'odd-time',
  'corrupt-block',
  'oversized-record',
  'oversized-block',
  'captured-longer-than-wire',
  'unknown-interface',
  'unsupported-version',
  'unsupported-link-type',
  'clock-went-backwards',
  'compression-error',
  'trailing-garbage',
  'empty-file',
  'read-error',
  // the packets
  'malformed-packets',
  'packets-cut-by-snaplen',
  'capture-dropped-packets',
  // a tunnel, tag or protocol that is not opened and may hold TCP
  'undecodable-tunnel',
  'incomplete-fragments',
  // our own limits
  'limit-reached',
] as const;

export type WarningCode = (typeof WARNING_CODES)[number];

export interface ReadWarning {
  readonly code: WarningCode;
  /** For people: what happened, where, and what was kept. Never contains bytes of a packet. */
  readonly message: string;
  /** Byte offset in the (decompressed) file, where there is one place. */
  readonly offset: number | undefined;
  /** Packet number in its file, counted from 1: the last one read before the trouble, or the first one with it. */
  readonly packet: number | undefined;
  /** Whether something that the file should hold could not be read: the command line then exits with 2. */
  readonly lossy: boolean;
}
