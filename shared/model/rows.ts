/**
 * The rows that lists show. The engine keeps columns; it makes rows only for the window that a list asked for,
 * and ships them through the codec of shared/columns.
 */
import type { CauseCode } from './cause.ts';
import type { Ending } from './ending.ts';
import type { Obeyed, OriginKind, OriginSide, ResetFamily, Side } from './verdict.ts';

/** One reset. */
export interface ResetRow {
  /** Number of the reset in the analysis, from 0, in capture order. */
  readonly id: number;
  readonly file: number;
  /** Number of the packet in its file, from 1. */
  readonly frame: number;
  /** Nanoseconds since the analysis' epoch. */
  readonly timeNs: number;
  readonly flow: number;
  readonly client: string;
  readonly server: string;
  /** SNI, HTTP host or DNS name of the server; empty where unknown. */
  readonly serverName: string;
  readonly claimed: Side;
  readonly kind: OriginKind;
  readonly side: OriginSide;
  /** −1 where unknown. */
  readonly hops: number;
  readonly label: string;
  readonly confidence: number;
  readonly cause: CauseCode;
  readonly family: ResetFamily;
  readonly obeyed: Obeyed;
  readonly matters: boolean;
  /** The verdict's `silenceSeconds`; −1 where unknown. */
  readonly silenceSeconds: number;
  /** Unacknowledged bytes of both sides together; −1 where unknown. */
  readonly unacknowledged: number;
  /** Resets that the row stands for: more than one of a burst, of which the first is told of. */
  readonly count: number;
  /** Capture points that saw it, and all that hold its connection; 0 where its connection was captured at one only. */
  readonly seenAt: number;
  readonly points: number;
  /** As ResetJourney.proven. */
  readonly proven: boolean;
}

/** One TCP or UDP flow. */
export interface FlowRow {
  readonly id: number;
  readonly file: number;
  readonly protocol: 'tcp' | 'udp';
  readonly client: string;
  readonly server: string;
  readonly serverName: string;
  /** sni/http/… as the hints name it; empty where unknown. */
  readonly application: string;
  readonly startNs: number;
  readonly durationNs: number;
  readonly packets: number;
  readonly clientBytes: number;
  readonly serverBytes: number;
  /** Zeek's conn_state: SF, S1, RSTO … */
  readonly state: string;
  /** How it ended, as of the newest look at all flows; `none` before one, and for datagrams of which nobody can say. */
  readonly ending: Ending | 'none';
  /** Zeek-style history: ShADadFfRr… */
  readonly history: string;
  /** Handshake round trip seen from the capture point; −1 where not seen. */
  readonly rttNs: number;
  readonly retransmissions: number;
  readonly resets: number;
  /** Marks of the flow for people, comma separated: mid-stream, one-sided, duplicated, … */
  readonly marks: string;
  /** Capture points that hold its connection; 1 where it was captured at one only. */
  readonly points: number;
}

/** One packet. */
export interface PacketRow {
  /** Number in the analysis, from 0. */
  readonly packet: number;
  readonly file: number;
  readonly frame: number;
  readonly timeNs: number;
  /** Time since the packet before it in its flow; −1 where there is none, or it was let go. */
  readonly sinceInFlowNs: number;
  /** −1 where it belongs to none. */
  readonly flow: number;
  readonly from: Side | 'none';
  /** Address of its sender; empty where the index does not know it. */
  readonly source: string;
  /** −1 where there is none. */
  readonly sourcePort: number;
  /** The name that the capture gives that address; empty where it gives none. */
  readonly sourceName: string;
  readonly destination: string;
  readonly destinationPort: number;
  readonly destinationName: string;
  /** TCP, TLS, DNS …: the highest one that is known; empty where the index does not know. */
  readonly protocol: string;
  /** What it says, in one line. */
  readonly info: string;
  /** The reset that it is, by its number among the resets; −1 for none. */
  readonly reset: number;
  /** Who sent that reset; `none` for no reset, and until it is judged. */
  readonly origin: OriginKind | 'none';
  readonly length: number;
  readonly payload: number;
  /** 12 bits, see main/engine/decode/facts.ts. */
  readonly flags: number;
  /** Relative to the first seen of its direction. */
  readonly seq: number;
  readonly ack: number;
  /** Unsigned, as on the wire. */
  readonly rawSeq: number;
  readonly rawAck: number;
  /** As sent. */
  readonly window: number;
  /** In bytes, where both SYNs were seen; as sent otherwise. */
  readonly scaledWindow: number;
  readonly ttl: number;
  /** −1 where there is none. */
  readonly ipId: number;
  /** Retransmission, duplicate ACK …: for people, comma separated. */
  readonly notes: string;
}

/** Totals of one address, or of two that talked with each other, over the flows that are kept. */
export interface EndpointRow {
  /** In the order of the first flow, from 0. */
  readonly id: number;
  readonly address: string;
  /** The other one of a pair; empty for one address. */
  readonly other: string;
  /** Names that the capture gives them; empty where it gives none. */
  readonly name: string;
  readonly otherName: string;
  readonly packets: number;
  /** Payload that `address` sent, and what it was sent. */
  readonly sentBytes: number;
  readonly receivedBytes: number;
  readonly flows: number;
  /** Flows that failed without a reset. */
  readonly failures: number;
  /** Resets by who sent them, and all of them. */
  readonly byEndpoint: number;
  readonly byMiddlebox: number;
  readonly byUnknown: number;
  readonly resets: number;
  /** First and last packet of its flows. */
  readonly startNs: number;
  readonly endNs: number;
}
