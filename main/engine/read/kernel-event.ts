/**
 * What the kernel of the capturing machine said while it captured: which resets its TCP sent and took, by the tracepoints
 * tcp:tcp_send_reset and tcp:tcp_receive_reset. Kept in pcapng files as blocks of a type for local use
 * (draft-ietf-opsawg-pcapng §11.1). Rare: one object each is paid for.
 */

/**
 * `sent`: this machine's TCP made a reset at `local`. `received`: its TCP took one to its socket at `local`. `started`: it
 * is watched from here on; `text` lists the machine's own addresses. `lost`: `text` says how many events were lost.
 * `stopped`: it is not watched any more, or could not be; `text` says why. `owner`: `comm` with `pid` owns the socket; `text`
 * is its cgroup.
 */
export type KernelEventKind = 'sent' | 'received' | 'started' | 'lost' | 'stopped' | 'owner';

export interface KernelEvent {
  readonly kind: KernelEventKind;
  /** 0 where no connection is meant. */
  readonly family: 0 | 4 | 6;
  /** Nanoseconds since 1970-01-01 UTC, of the clock that stamps the packets. */
  readonly timeNs: bigint;
  readonly localPort: number;
  readonly remotePort: number;
  /** Four words in network order; IPv4 uses the first. */
  readonly local: readonly number[];
  readonly remote: readonly number[];
  /** 0 where unknown. */
  readonly pid: number;
  /** The kernel acted on behalf of `pid`: not in an interrupt that happened to meet it. */
  readonly inProcess: boolean;
  /** As the kernel numbers them (include/net/tcp_states.h); 0 without a socket. */
  readonly tcpState: number;
  /** As in include/net/rstreason.h, with or without its prefix; empty where it gave none. */
  readonly reason: string;
  readonly comm: string;
  readonly text: string;
}
