/** What pairing asks of one flow. */
import type { FlowRecord, PacketNumber } from '../../../shared/base/units.ts';
import type { FlowTable } from '../flow/flow-table.ts';
import {
  BASE_SEQ,
  FIRST_PACKET,
  FIRST_TIME,
  LAST_TIME,
  META,
  ipVersionOf,
  PORTS,
  SEEN,
  SEEN_SYN,
  SEEN_SYN_ACK,
  SYN_OPTIONS,
} from '../flow/record.ts';
import { mix } from './mix.ts';

const ADDRESS_WORDS = 4;

export class FlowFacts {
  readonly #flows: FlowTable;
  readonly seed: number;

  constructor(flows: FlowTable) {
    this.#flows = flows;
    this.seed = flows.seed;
  }

  hasSyn(flow: FlowRecord): boolean {
    return (this.#flows.directionWord(flow, 0, SEEN) & SEEN_SYN) !== 0;
  }

  hasSynAck(flow: FlowRecord): boolean {
    return (this.#flows.directionWord(flow, 1, SEEN) & SEEN_SYN_ACK) !== 0;
  }

  hasHandshake(flow: FlowRecord): boolean {
    return this.hasSyn(flow) && this.hasSynAck(flow);
  }

  /** Number of the side's first segment: its initial sequence number where that was a SYN. */
  base(flow: FlowRecord, direction: 0 | 1): number {
    return this.#flows.directionWord(flow, direction, BASE_SEQ);
  }

  /** Options of the side's SYN, as SYN_OPTIONS has them. */
  synOptions(flow: FlowRecord, direction: 0 | 1): number {
    return this.#flows.directionWord(flow, direction, SYN_OPTIONS);
  }

  clientPort(flow: FlowRecord): number {
    return this.#flows.word(flow, PORTS) >>> 16;
  }

  serverPort(flow: FlowRecord): number {
    return this.#flows.word(flow, PORTS) & 0xffff;
  }

  firstNs(flow: FlowRecord): number {
    return this.#flows.double(flow, FIRST_TIME);
  }

  lastNs(flow: FlowRecord): number {
    return this.#flows.double(flow, LAST_TIME);
  }

  firstPacket(flow: FlowRecord): PacketNumber {
    return (this.#flows.word(flow, FIRST_PACKET) >>> 0) as PacketNumber;
  }

  /** Hash of an address, for keys. */
  addressKey(flow: FlowRecord, direction: 0 | 1): number {
    const flows = this.#flows;
    const words = flows.addressWords(flow);
    const from = flows.addressAt(flow, direction);
    const meta = flows.word(flow, META);
    let key = mix(this.seed, meta);
    for (let i = from; i < from + (ipVersionOf(meta) === 4 ? 1 : ADDRESS_WORDS); i++)
      key = mix(key, words[i]);
    return key;
  }

  /** Hash of a side's address and port. */
  endpointKey(flow: FlowRecord, direction: 0 | 1): number {
    const port = direction === 0 ? this.clientPort(flow) : this.serverPort(flow);
    return mix(this.addressKey(flow, direction), port);
  }

  /** Hash of both addresses and ports. */
  endpointsKey(flow: FlowRecord): number {
    return mix(this.endpointKey(flow, 0), this.endpointKey(flow, 1));
  }

  hasAddressOf(first: FlowRecord, second: FlowRecord, direction: 0 | 1): boolean {
    const flows = this.#flows;
    return (
      flows.word(first, META) === flows.word(second, META) &&
      flows.isSameAddress(first, direction, second, direction)
    );
  }

  hasEndpointOf(first: FlowRecord, second: FlowRecord, direction: 0 | 1): boolean {
    const port = direction === 0 ? this.clientPort(first) : this.serverPort(first);
    const other = direction === 0 ? this.clientPort(second) : this.serverPort(second);
    return port === other && this.hasAddressOf(first, second, direction);
  }

  hasEndpointsOf(first: FlowRecord, second: FlowRecord): boolean {
    return this.hasEndpointOf(first, second, 0) && this.hasEndpointOf(first, second, 1);
  }

  /** One client that says the same to two servers has two connections; a proxy is another client, unless it borrows the whole name. */
  isToAnotherServer(first: FlowRecord, second: FlowRecord): boolean {
    return this.hasAddressOf(first, second, 0) && this.clientPort(first) !== this.clientPort(second);
  }
}
