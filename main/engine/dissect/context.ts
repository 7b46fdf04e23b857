/** What is known of a packet beside its bytes: what the file says of it, and its place in its connection. */
import type { SeqNumber } from '../../../shared/base/units.ts';

/** A packet's bytes: `data[start, start + capturedLength)`. */
export interface FrameBytes {
  readonly data: Uint8Array;
  readonly start: number;
  readonly capturedLength: number;
  readonly wireLength: number;
  /** LINKTYPE_ value. */
  readonly linkType: number;
  /** As the file numbers them; −1 where it names none (pcap). */
  readonly interfaceId: number;
}

/**
 * Asked for only what is wanted, so that walking millions of packets for one field costs no more than that field: whoever makes it
 * answers by getters.
 */
export interface PacketContext {
  /** Number in its file, from 1. */
  readonly frame: number;
  /** Nanoseconds since 1970. */
  readonly timeNs: bigint;
  /** Since the first packet of its file; since the packet before it there, 0 for the first. */
  readonly sinceFirstNs: number;
  readonly sincePreviousNs: number;
  readonly comments: readonly string[];
  readonly interfaceName: string | undefined;
  /** The file says that the capturing machine sent it. */
  readonly isOutgoing: boolean;
  readonly flow: FlowContext | undefined;
}

/** The place of a packet in its flow. An ICMP error is about a flow, and in none. */
export interface FlowContext {
  readonly isTcp: boolean;
  /** Number among the connections of its protocol, from 0. */
  readonly stream: number;
  /** What numbers are counted from: those of the packet's sender, and of the other side; undefined where nothing was seen of it. */
  readonly base: SeqNumber | undefined;
  readonly otherBase: SeqNumber | undefined;
  /** By how many bits the sender's windows are shifted; NO_SHIFT where it said that they are not, UNKNOWN_SHIFT where it was not seen. */
  readonly windowShift: number;
  /** MARK_* of flow/marks.ts. */
  readonly marks: number;
  readonly sinceFirstNs: number;
  readonly sincePreviousNs: number;
}

/** As Wireshark's `tcp.window_size_scalefactor` has them. */
export const UNKNOWN_SHIFT = -1;
export const NO_SHIFT = -2;
