/**
 * Totals by address, or by pair of addresses: what each sent and was sent, how many flows it had, and how they failed. Made
 * in one pass over flows and one over resets, in slices; rows are made only for the window that a list asked for.
 *
 * Bounded by the flows that are kept, of which each has two addresses.
 */
import type { FlowRecord } from '../../../shared/base/units.ts';
import type { EndpointColumn, EndpointGroup } from '../../../shared/contract/methods.ts';
import { addressText } from '../../../shared/format/address.ts';
import type { EndpointRow } from '../../../shared/model/rows.ts';
import type { FlowTable } from '../flow/flow-table.ts';
import { META, ipVersionOf } from '../flow/record.ts';
import type { ResetLog } from '../store/reset-log.ts';
import type { VerdictColumns } from '../store/verdict-columns.ts';
import type { FlowView } from './flow-view.ts';
import type { Breathe } from './ordering.ts';
import type { ResetView } from './reset-view.ts';

export interface EndpointSources {
  readonly flows: FlowTable;
  readonly flowView: FlowView;
  readonly resets: ResetLog;
  readonly resetView: ResetView;
  readonly verdicts: VerdictColumns;
  readonly failures: { ids(): Uint32Array };
  name(flow: FlowRecord, direction: 0 | 1): string | undefined;
}

/** Flows or resets looked at between two breaths. */
const SLICE = 4096;

/** Columns of the totals, one number for each row in each. */
const COUNTS = [
  'packets',
  'sentBytes',
  'receivedBytes',
  'flows',
  'failures',
  'byEndpoint',
  'byMiddlebox',
  'byUnknown',
] as const;
type Count = (typeof COUNTS)[number];
/** By the index of an origin in ORIGIN_KINDS. */
const BY_ORIGIN: readonly Count[] = ['byEndpoint', 'byMiddlebox', 'byUnknown'];

/** Numbers each address. */
class Addresses {
  /** By number; sort as addresses do: IPv4 first, each by its bits. */
  readonly keys: string[] = [];
  /** By an IPv4 address, signed. */
  readonly #ipv4 = new Map<number, number>();
  readonly #ipv6 = new Map<string, number>();

  /** @param words hold it at `from` */
  number(words: Int32Array, from: number, version: number): number {
    if (version === 4) {
      const address = words[from];
      let number = this.#ipv4.get(address);
      if (number === undefined) {
        number = this.keys.push(`4${keyOfWord(address)}`) - 1;
        this.#ipv4.set(address, number);
      }
      return number;
    }
    let key = '6';
    for (let i = 0; i < 4; i++) key += keyOfWord(words[from + i]);
    let number = this.#ipv6.get(key);
    if (number === undefined) {
      number = this.keys.push(key) - 1;
      this.#ipv6.set(key, number);
    }
    return number;
  }
}

const NO_ADDRESS = -1;
const NO_ROW = -1;
const FIRST_ROWS = 1024;

export class EndpointTotals {
  readonly #sources: EndpointSources;
  readonly #of: EndpointGroup;
  readonly #addresses = new Addresses();
  /** Open addressing by the addresses of a row, at most half full: row + 1, or 0. A map takes twice the time for pairs. */
  #slots = new Int32Array(2 * FIRST_ROWS);
  /** By flow: its row and that of its server, which is the same one of pairs. */
  readonly #rowOfClient: Int32Array;
  readonly #rowOfServer: Int32Array;
  #size = 0;
  readonly #counts = Object.fromEntries(COUNTS.map((name) => [name, new Float64Array(FIRST_ROWS)])) as Record<
    Count,
    Float64Array
  >;
  #start = new Float64Array(FIRST_ROWS);
  #end = new Float64Array(FIRST_ROWS);
  // Where the texts of a row come from: the numbers of its addresses, and a flow of it, by its record and id, with the side that `#address` is
  // of there: it knows the names.
  #address = new Int32Array(FIRST_ROWS);
  #other = new Int32Array(FIRST_ROWS);
  #flow = new Uint32Array(FIRST_ROWS);
  #id = new Uint32Array(FIRST_ROWS);
  #side = new Uint8Array(FIRST_ROWS);

  private constructor(sources: EndpointSources, of: EndpointGroup) {
    this.#sources = sources;
    this.#of = of;
    this.#rowOfClient = new Int32Array(sources.flows.records).fill(NO_ROW);
    this.#rowOfServer = new Int32Array(sources.flows.records).fill(NO_ROW);
  }

  /** @param records of the flows that are added up */
  static async of(
    sources: EndpointSources,
    of: EndpointGroup,
    records: Uint32Array,
    breathe: Breathe,
  ): Promise<EndpointTotals> {
    const totals = new EndpointTotals(sources, of);
    const { flows } = sources;
    const failed = new Set(sources.failures.ids());
    for (let i = 0; i < records.length; i++) {
      const flow = records[i] as FlowRecord;
      // An endless capture may let go of flows between two breaths.
      if (flows.isLive(flow)) totals.#addFlow(flow, failed.has(flows.id(flow)));
      if (i % SLICE === SLICE - 1) await breathe();
    }
    const resets = sources.resetView.ids();
    for (let i = 0; i < resets.length; i++) {
      totals.#addReset(resets[i]);
      if (i % SLICE === SLICE - 1) await breathe();
    }
    return totals;
  }

  get size(): number {
    return this.#size;
  }

  #addFlow(flow: FlowRecord, isFailed: boolean): void {
    const { flows } = this.#sources;
    const words = flows.addressWords(flow);
    const version = ipVersionOf(flows.word(flow, META));
    const client = this.#addresses.number(words, flows.addressAt(flow, 0), version);
    const server = this.#addresses.number(words, flows.addressAt(flow, 1), version);
    if (this.#of === 'pair') {
      const row = this.#rowOf(client, server, flow, 0);
      this.#rowOfClient[flow] = row;
      this.#rowOfServer[flow] = row;
      // Of a pair `address` is the client of its first flow, whoever opens the next one.
      this.#addTo(row, flow, this.#address[row] === client ? 0 : 1, isFailed);
      return;
    }
    const row = this.#rowOf(client, NO_ADDRESS, flow, 0);
    const other = this.#rowOf(server, NO_ADDRESS, flow, 1);
    this.#rowOfClient[flow] = row;
    this.#rowOfServer[flow] = other;
    this.#addTo(row, flow, 0, isFailed);
    // A host that talks with itself has the flow once.
    if (other !== row) this.#addTo(other, flow, 1, isFailed);
  }

  #addTo(row: number, flow: FlowRecord, side: 0 | 1, isFailed: boolean): void {
    const { flowView } = this.#sources;
    const { flows, failures, packets, sentBytes, receivedBytes } = this.#counts;
    const start = flowView.firstTime(flow);
    const end = start + flowView.duration(flow);
    flows[row]++;
    if (isFailed) failures[row]++;
    packets[row] += flowView.packetCount(flow);
    sentBytes[row] += flowView.payloadBytes(flow, side);
    receivedBytes[row] += flowView.payloadBytes(flow, side === 0 ? 1 : 0);
    if (start < this.#start[row]) this.#start[row] = start;
    if (end > this.#end[row]) this.#end[row] = end;
  }

  /** Resets that went out of the log with their flows are in no total. */
  #addReset(reset: number): void {
    const { resets, resetView, verdicts } = this.#sources;
    if (reset < resets.first) return;
    const flow = resets.flow(reset);
    // Flows that came since are not among those that were added up.
    const row = flow < this.#rowOfClient.length ? this.#rowOfClient[flow] : NO_ROW;
    const times = row === NO_ROW ? 0 : resetView.times(reset);
    if (times === 0) return;
    const counts = this.#counts[BY_ORIGIN[verdicts.kind[verdicts.at(reset)]]];
    counts[row] += times;
    const other = this.#rowOfServer[flow];
    if (other !== row) counts[other] += times;
  }

  /** @param side of the flow that `address` is of, where the row is made */
  #rowOf(address: number, other: number, flow: FlowRecord, side: 0 | 1): number {
    const mask = this.#slots.length - 1;
    let slot = hashOf(address, other) & mask;
    for (; this.#slots[slot] !== 0; slot = (slot + 1) & mask) {
      const row = this.#slots[slot] - 1;
      if (this.#address[row] === address && this.#other[row] === other) return row;
      if (this.#address[row] === other && this.#other[row] === address) return row;
    }
    const row = this.#size++;
    this.#slots[slot] = row + 1;
    this.#address[row] = address;
    this.#other[row] = other;
    this.#flow[row] = flow;
    this.#id[row] = this.#sources.flows.id(flow);
    this.#side[row] = side;
    this.#start[row] = Infinity;
    this.#end[row] = -Infinity;
    if (this.#size === this.#start.length) this.#grow();
    return row;
  }

  #grow(): void {
    const size = 2 * this.#start.length;
    for (const name of COUNTS) this.#counts[name] = grown(this.#counts[name], new Float64Array(size));
    this.#start = grown(this.#start, new Float64Array(size));
    this.#end = grown(this.#end, new Float64Array(size));
    this.#address = grown(this.#address, new Int32Array(size));
    this.#other = grown(this.#other, new Int32Array(size));
    this.#flow = grown(this.#flow, new Uint32Array(size));
    this.#id = grown(this.#id, new Uint32Array(size));
    this.#side = grown(this.#side, new Uint8Array(size));
    this.#slots = new Int32Array(2 * size);
    const mask = this.#slots.length - 1;
    for (let row = 0; row < this.#size; row++) {
      let slot = hashOf(this.#address[row], this.#other[row]) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = row + 1;
    }
  }

  #resets(row: number): number {
    return BY_ORIGIN.reduce((sum, name) => sum + this.#counts[name][row], 0);
  }

  /** Of an address; empty for none. */
  #key(address: number): string {
    return address === NO_ADDRESS ? '' : this.#addresses.keys[address];
  }

  /** What a row is sorted by. */
  key(row: number, column: EndpointColumn): number | string {
    switch (column) {
      case 'address':
        return this.#key(this.#address[row]);
      case 'other':
        return this.#key(this.#other[row]);
      case 'resets':
        return this.#resets(row);
      case 'start':
        return this.#start[row];
      case 'duration':
        return this.#end[row] - this.#start[row];
      default:
        return this.#counts[column][row];
    }
  }

  row(row: number): EndpointRow {
    const address = this.#key(this.#address[row]);
    const other = this.#key(this.#other[row]);
    const count = (name: Count): number => this.#counts[name][row];
    return {
      id: row,
      address: textOf(address),
      name: this.#name(row, 'address'),
      other: textOf(other),
      otherName: other === '' ? '' : this.#name(row, 'other'),
      packets: count('packets'),
      sentBytes: count('sentBytes'),
      receivedBytes: count('receivedBytes'),
      flows: count('flows'),
      failures: count('failures'),
      byEndpoint: count('byEndpoint'),
      byMiddlebox: count('byMiddlebox'),
      byUnknown: count('byUnknown'),
      resets: this.#resets(row),
      startNs: this.#start[row],
      endNs: this.#end[row],
    };
  }

  /** Of a flow whose record another one has taken over meanwhile there is no name. */
  #name(row: number, end: 'address' | 'other'): string {
    const flow = this.#flow[row] as FlowRecord;
    const { flows } = this.#sources;
    if (!flows.isLive(flow) || flows.id(flow) !== this.#id[row]) return '';
    const isClient = (this.#side[row] === 0) === (end === 'address');
    return this.#sources.name(flow, isClient ? 0 : 1) ?? '';
  }
}

function grown<T extends { set(from: T): void }>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** The same whichever of the two comes first. */
function hashOf(address: number, other: number): number {
  const hash =
    Math.imul(Math.min(address, other), 0x9e37_79b1) ^ Math.imul(Math.max(address, other), 0x85eb_ca6b);
  return hash ^ (hash >>> 15);
}

function keyOfWord(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}

/** The address that a key is of. */
function textOf(key: string): string {
  if (key === '') return '';
  const words = Array.from({ length: (key.length - 1) / 8 }, (_, i) =>
    Number.parseInt(key.slice(1 + i * 8, 9 + i * 8), 16),
  );
  return addressText(words, 0, Number(key[0]));
}
