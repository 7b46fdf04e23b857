/**
 * What the kernel of the capturing machine says of a reset: a witness that needs no inference. Its word comes from the
 * tracepoints tcp:tcp_send_reset and tcp:tcp_receive_reset, and is kept in the capture file beside the packets.
 */

/**
 * `sent`: this kernel's TCP made this very reset. `not-sent`: it claims an address of this machine, the kernel was
 * watched without a gap, and did not make it. `received`: the kernel took this reset to a socket of its own.
 */
export type WitnessWord = 'sent' | 'not-sent' | 'received';

export interface KernelWitness {
  readonly word: WitnessWord;
  /** The kernel's own reason (include/net/rstreason.h), such as NO_SOCKET; null where it gave none. */
  readonly reason: string | null;
  /** The process that acted, where the kernel acted on behalf of one. */
  readonly process: SocketOwner | null;
}

/** Who owns a socket of this machine. */
export interface SocketOwner {
  readonly name: string;
  readonly pid: number;
  /** Path of its cgroup, which names its container or service; null where not known. */
  readonly cgroup: string | null;
}
