/** What of a flow's beginning tells hosts which connection it is, and how their clocks differ: initial sequence numbers, and when SYN and SYN-ACK passed. */
import type { FlowRecord, PacketNumber } from '../../../shared/base/units.ts';
import { TCP_ACK, TCP_SYN } from '../decode/facts.ts';
import type { FlowView } from '../answers/flow-view.ts';
import type { FlowTable } from '../flow/flow-table.ts';
import {
  BASE_SEQ,
  FIRST_TIME,
  FLOW_BITS,
  FLOW_SYN_IS_FIRST,
  META,
  SEEN,
  SEEN_SYN,
  SEEN_SYN_ACK,
  SYN_ACK_US,
  SYN_TIME,
  ipVersionOf,
  isTcp,
} from '../flow/record.ts';
import type { PacketIndex } from '../store/packet-index.ts';
import type { FleetKeys } from './keys.ts';

export interface OriginStores {
  readonly flows: FlowTable;
  readonly flowView: FlowView;
  readonly packets: PacketIndex;
  flowPackets(flow: FlowRecord): Uint32Array;
}

export interface FlowKeys {
  /** Null where the client's SYN was not captured. */
  readonly match: bigint | null;
  readonly isn: bigint | null;
  /** Null where the server's SYN-ACK was not captured. */
  readonly serverIsn: bigint | null;
}

const NO_KEYS: FlowKeys = { match: null, isn: null, serverIsn: null };

export function keysOf({ flows, flowView }: OriginStores, flow: FlowRecord, keys: FleetKeys): FlowKeys {
  const meta = flows.word(flow, META);
  if (!isTcp(meta)) return NO_KEYS;
  const hasSyn = (flows.directionWord(flow, 0, SEEN) & SEEN_SYN) !== 0;
  const hasSynAck = (flows.directionWord(flow, 1, SEEN) & SEEN_SYN_ACK) !== 0;
  const isn = flows.directionWord(flow, 0, BASE_SEQ);
  const end = (side: 0 | 1) => ({ words: flows.wideAddress(flow, side), port: flowView.port(flow, side) });
  return {
    match: hasSyn ? keys.match(ipVersionOf(meta), end(0), end(1), isn) : null,
    isn: hasSyn ? keys.isn(isn) : null,
    serverIsn: hasSynAck ? keys.serverIsn(flows.directionWord(flow, 1, BASE_SEQ)) : null,
  };
}

export interface HandshakeTimes {
  /** Nanoseconds since the analysis' epoch; null where it was not captured. */
  readonly synNs: number | null;
  readonly synAckNs: number | null;
}

/** Of the first SYN and the first SYN-ACK: hosts whose clocks are compared must speak of the same packets. */
export function handshakeTimes(stores: OriginStores, flow: FlowRecord): HandshakeTimes {
  const { flows } = stores;
  if (!isTcp(flows.word(flow, META))) return { synNs: null, synAckNs: null };
  const hasSyn = (flows.directionWord(flow, 0, SEEN) & SEEN_SYN) !== 0;
  const hasSynAck = (flows.directionWord(flow, 1, SEEN) & SEEN_SYN_ACK) !== 0;
  if (!hasSyn && !hasSynAck) return { synNs: null, synAckNs: null };
  const isOnce = (flows.word(flow, FLOW_BITS) & FLOW_SYN_IS_FIRST) !== 0;
  const answeredUs = flows.word(flow, SYN_ACK_US);
  // The record has the newest SYN; where that was the first packet as well there was one only.
  if (isOnce && (!hasSynAck || answeredUs > 0)) {
    const synNs = flows.double(flow, FIRST_TIME);
    return { synNs, synAckNs: hasSynAck ? synNs + answeredUs * 1e3 : null };
  }
  const [synNs, synAckNs] = firstTimes(stores, flow);
  return { synNs: synNs ?? (hasSyn ? flows.double(flow, SYN_TIME) : null), synAckNs };
}

/** Of the packets that are kept. */
function firstTimes(stores: OriginStores, flow: FlowRecord): [synNs: number | null, synAckNs: number | null] {
  const { packets } = stores;
  let synNs: number | null = null;
  let synAckNs: number | null = null;
  for (const number of stores.flowPackets(flow)) {
    const packet = number as PacketNumber;
    const flags = packets.flags(packet) & (TCP_SYN | TCP_ACK);
    if ((flags & TCP_SYN) === 0) continue;
    if (flags === TCP_SYN && packets.direction(packet) === 0) synNs ??= packets.time(packet);
    else if (flags !== TCP_SYN && packets.direction(packet) === 1) synAckNs ??= packets.time(packet);
    if (synNs !== null && synAckNs !== null) break;
  }
  return [synNs, synAckNs];
}
