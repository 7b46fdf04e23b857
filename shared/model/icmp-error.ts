/** ICMP errors that programs see much as they see a reset: refused datagrams and handshakes. Listed beside the resets. */
import type { Side } from './verdict.ts';

export interface IcmpError {
  /** Number of the ICMP packet in the analysis, from 0. */
  readonly packet: number;
  readonly file: number;
  /** Number of the ICMP packet in its file, from 1. */
  readonly frame: number;
  readonly timeNs: number;
  /** null where the capture holds no packet of the flow that it quotes. */
  readonly flow: number | null;
  /** Addresses and ports; of a flow that was not captured, the quoted packet's sender counts as the client. */
  readonly client: string;
  readonly server: string;
  readonly protocol: 'tcp' | 'udp';
  /** For 4, type and code are numbers of ICMP (RFC 792); for 6, of ICMPv6 (RFC 4443). */
  readonly ipVersion: 4 | 6;
  readonly type: number;
  readonly code: number;
  /** Address of whoever sent the error. */
  readonly reporter: string;
  /** The side that gets it: the sender of the quoted packet. */
  readonly told: Side;
  /** "port unreachable" */
  readonly name: string;
  /** What the program on that side sees, in a sentence or two. */
  readonly meaning: string;
}

/** Errors with the same protocol, type, code, reporter and server. */
export interface IcmpErrorGroup {
  /** The first error of the group. */
  readonly example: IcmpError;
  readonly count: number;
  readonly lastNs: number;
}

export interface IcmpErrors {
  readonly total: number;
  /** The largest first. Bounded. */
  readonly groups: readonly IcmpErrorGroup[];
  readonly moreGroups: number;
}
