/** Reads the columns of flows as values with names. Everything is computed at the call; nothing is kept. */
import type { JoinView } from '../join/join-view.ts';
import type { FlowId, FlowRecord, Nanoseconds, PacketNumber } from '../../../shared/base/units.ts';
import { endpointText } from '../../../shared/format/endpoint.ts';
import { countText } from '../../../shared/format/count.ts';
import type { Ending } from '../../../shared/model/failure.ts';
import type { FlowRow } from '../../../shared/model/rows.ts';
import { addressText } from '../../../shared/format/address.ts';
import * as facts from '../decode/facts.ts';
import { connState } from '../flow/conn-state.ts';
import type { FlowTable } from '../flow/flow-table.ts';
import { historyText } from '../flow/history.ts';
import {
  ENCAPSULATION,
  FIRST_PACKET,
  FIRST_TIME,
  FLOW_BITS,
  FLOW_CLIENT_GUESSED,
  FLOW_CUT,
  FLOW_DUPLICATED,
  FLOW_FRAGMENTED,
  FLOW_ICMP_ERROR,
  FLOW_LOST_SEGMENTS,
  FLOW_MIDSTREAM,
  HANDSHAKE_RTT,
  LAST_PACKET,
  LAST_RESET,
  LAST_TIME,
  META,
  PACKETS,
  PAYLOAD_BYTES,
  PORTS,
  ipVersionOf,
  isTcp,
  RESETS,
  RETRANSMISSIONS,
  REUSED_FROM,
  SEEN,
  SEEN_ANY,
  SEEN_RST,
} from '../flow/record.ts';
import type { PacketIndex } from '../store/packet-index.ts';

const TUNNEL_NAMES: Readonly<Record<number, string>> = {
  [facts.TUNNEL_IPIP]: 'IP in IP',
  [facts.TUNNEL_GRE]: 'GRE',
  [facts.TUNNEL_VXLAN]: 'VXLAN',
  [facts.TUNNEL_GENEVE]: 'Geneve',
  [facts.TUNNEL_TEREDO]: 'Teredo',
  [facts.TUNNEL_ERSPAN]: 'ERSPAN',
  [facts.TUNNEL_VXLAN_GPE]: 'VXLAN-GPE',
  [facts.TUNNEL_GTP]: 'GTP',
  [facts.TUNNEL_L2TP]: 'L2TP',
  [facts.TUNNEL_MPLS]: 'MPLS',
  [facts.TUNNEL_TZSP]: 'TZSP',
  [facts.TUNNEL_AYIYA]: 'AYIYA',
  [facts.TUNNEL_CAPWAP]: 'CAPWAP',
  [facts.TUNNEL_WCCP]: 'WCCP',
  [facts.TUNNEL_LISP]: 'LISP',
  [facts.TUNNEL_ETHERNET]: 'Ethernet in IP',
  [facts.TUNNEL_NSH]: 'NSH',
};

/** What names a flow's server, application and end; hints, DNS and the book of endings answer it. */
export interface FlowNames {
  ending(flow: FlowRecord): Ending | 'none';
  serverName(flow: FlowRecord): string;
  application(flow: FlowRecord): string;
  /** Names of the other capture points that hold its connection. */
  alsoAt(flow: FlowRecord): readonly string[];
}

/** Keys of endpoints below are of IPv4: each is of one address and port. */
export const IPV6_KEYS = 2 ** 48;

export class FlowView {
  readonly #flows: FlowTable;
  readonly #packets: PacketIndex;
  readonly #names: FlowNames;
  readonly #join: () => JoinView;

  constructor(flows: FlowTable, packets: PacketIndex, names: FlowNames, join: () => JoinView) {
    this.#join = join;
    this.#flows = flows;
    this.#packets = packets;
    this.#names = names;
  }

  directionWord(flow: FlowRecord, direction: 0 | 1, word: number): number {
    return this.#flows.directionWord(flow, direction, word);
  }

  payloadBytes(flow: FlowRecord, direction: 0 | 1): number {
    return this.#flows.directionDouble(flow, direction, PAYLOAD_BYTES);
  }

  isTcp(flow: FlowRecord): boolean {
    return isTcp(this.#flows.word(flow, META));
  }

  /** Its number for everybody outside of the engine. */
  id(flow: FlowRecord): FlowId {
    return this.#flows.id(flow);
  }

  ipVersion(flow: FlowRecord): number {
    return ipVersionOf(this.#flows.word(flow, META));
  }

  address(flow: FlowRecord, direction: 0 | 1): string {
    const flows = this.#flows;
    return addressText(flows.addressWords(flow), flows.addressAt(flow, direction), this.ipVersion(flow));
  }

  /** The same for the same address, and for no other: a number of IPv4, of IPv6 a text. */
  addressKey(flow: FlowRecord, direction: 0 | 1): number | string {
    if (this.ipVersion(flow) !== 4) return this.address(flow, direction);
    return this.#flows.addressWords(flow)[this.#flows.addressAt(flow, direction)];
  }

  port(flow: FlowRecord, direction: 0 | 1): number {
    const ports = this.#flows.word(flow, PORTS);
    return direction === 0 ? ports >>> 16 : ports & 0xffff;
  }

  endpoint(flow: FlowRecord, direction: 0 | 1): string {
    return endpointText(this.address(flow, direction), this.port(flow, direction));
  }

  /** A number that sorts endpoints: IPv4 by address and port exactly, IPv6 behind them by the first 48 bits. */
  endpointKey(flow: FlowRecord, direction: 0 | 1): number {
    const words = this.#flows.addressWords(flow);
    const at = this.#flows.addressAt(flow, direction);
    if (this.ipVersion(flow) === 4) return (words[at] >>> 0) * 65_536 + this.port(flow, direction);
    return IPV6_KEYS + (words[at] >>> 0) * 65_536 + (words[at + 1] >>> 16);
  }

  firstTime(flow: FlowRecord): Nanoseconds {
    return this.#flows.double(flow, FIRST_TIME) as Nanoseconds;
  }
  duration(flow: FlowRecord): number {
    return this.#flows.double(flow, LAST_TIME) - this.#flows.double(flow, FIRST_TIME);
  }
  packetCount(flow: FlowRecord): number {
    return this.#flows.word(flow, PACKETS);
  }
  /** Number of its newest packet, whether that is kept or not. */
  lastPacket(flow: FlowRecord): PacketNumber {
    return (this.#flows.word(flow, LAST_PACKET) >>> 0) as PacketNumber;
  }

  /** Number of its newest reset in the log, −1 for none. */
  lastReset(flow: FlowRecord): number {
    return this.#flows.word(flow, LAST_RESET);
  }

  resetCount(flow: FlowRecord): number {
    return this.#flows.word(flow, RESETS);
  }
  rtt(flow: FlowRecord): number {
    return this.isTcp(flow) ? this.#flows.double(flow, HANDSHAKE_RTT) : -1;
  }
  retransmissions(flow: FlowRecord): number {
    return this.directionWord(flow, 0, RETRANSMISSIONS) + this.directionWord(flow, 1, RETRANSMISSIONS);
  }
  state(flow: FlowRecord): string {
    if (!this.isTcp(flow)) return '';
    return connState(this.directionWord(flow, 0, SEEN), this.directionWord(flow, 1, SEEN));
  }

  /** Encapsulation of the first packet, for people; null where there is none. */
  tunnel(flow: FlowRecord): string | null {
    const encapsulation = this.#flows.word(flow, ENCAPSULATION);
    const vlan = (encapsulation >>> 8) - 1;
    const tunnel = TUNNEL_NAMES[encapsulation & 0xff];
    const parts = [vlan >= 0 ? `VLAN ${vlan}` : '', tunnel ?? ''].filter((part) => part !== '');
    return parts.length === 0 ? null : parts.join(', ');
  }

  /** What a reader should know before trusting the numbers of this flow. */
  marks(flow: FlowRecord): string[] {
    return this.#marks(flow, this.#names.alsoAt(flow));
  }

  /** The same without the other capture points that hold its connection. */
  ownMarks(flow: FlowRecord): string[] {
    return this.#marks(flow, []);
  }

  #marks(flow: FlowRecord, alsoAt: readonly string[]): string[] {
    const bits = this.#flows.word(flow, FLOW_BITS);
    const marks: string[] = [];
    if ((bits & FLOW_MIDSTREAM) !== 0) marks.push('mid-stream');
    if ((bits & FLOW_CLIENT_GUESSED) !== 0) marks.push('client guessed');
    const client = this.directionWord(flow, 0, SEEN);
    const server = this.directionWord(flow, 1, SEEN);
    if (
      ((client | server) & SEEN_ANY) !== 0 &&
      ((client & (SEEN_ANY | SEEN_RST)) === 0) !== ((server & (SEEN_ANY | SEEN_RST)) === 0)
    ) {
      marks.push('one-sided');
    }
    if ((bits & FLOW_DUPLICATED) !== 0) marks.push('duplicated');
    if ((bits & FLOW_LOST_SEGMENTS) !== 0) marks.push('gaps');
    if ((bits & FLOW_CUT) !== 0) marks.push('cut by snaplen');
    if ((bits & FLOW_FRAGMENTED) !== 0) marks.push('fragmented');
    if ((bits & FLOW_ICMP_ERROR) !== 0) marks.push('ICMP error');
    if (this.#flows.word(flow, REUSED_FROM) >= 0) marks.push('port reused');
    if (alsoAt.length > 0) marks.push(`also captured at ${pointsText(alsoAt)}`);
    const tunnel = this.tunnel(flow);
    if (tunnel !== null) marks.push(tunnel);
    return marks;
  }

  row(flow: FlowRecord): FlowRow {
    return {
      id: this.id(flow),
      file: this.#packets.file((this.#flows.word(flow, FIRST_PACKET) >>> 0) as PacketNumber),
      protocol: this.isTcp(flow) ? 'tcp' : 'udp',
      client: this.endpoint(flow, 0),
      server: this.endpoint(flow, 1),
      serverName: this.#names.serverName(flow),
      application: this.#names.application(flow),
      startNs: this.firstTime(flow),
      durationNs: this.duration(flow),
      packets: this.packetCount(flow),
      clientBytes: this.payloadBytes(flow, 0),
      serverBytes: this.payloadBytes(flow, 1),
      state: this.state(flow),
      ending: this.#names.ending(flow),
      history: historyText(this.#flows, flow),
      rttNs: this.rtt(flow),
      retransmissions: this.retransmissions(flow),
      resets: this.resetCount(flow),
      marks: this.marks(flow).join(', '),
      points: 1 + this.#join().twins(flow).length,
    };
  }
}

/** Names of so many points are told; more are counted. */
const MOST_POINTS = 3;

function pointsText(names: readonly string[]): string {
  return names.length > MOST_POINTS ? `${countText(names.length)} other points` : names.join(' and ');
}
