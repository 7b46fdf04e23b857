/**
 * Totals by address, or by pair of addresses: what each sent and was sent, how many flows it had, and how they failed. Made
 * in one pass over flows and one over resets, in slices; rows are made only for the window that a list asked for.
 *
 * Bounded by the flows that are kept, of which each has two addresses.
 */
import type { FlowId, FlowRecord } from '../../../shared/base/units.ts';
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

/** Where the texts of a row come from. */
interface Example {
  /** Keys of `address` and `other`. */
  readonly address: string;
  readonly other: string;
  /** A flow of it, by its record and id, and which of its sides `address` is: it knows the names. */
  readonly flow: FlowRecord;
  readonly id: FlowId;
  readonly side: 0 | 1;
}

export class EndpointTotals {
  readonly #sources: EndpointSources;
  readonly #of: EndpointGroup;
  readonly #ids = new Map<string, number>();
  /** The keys of IPv4 addresses, signed: each is written once, however many flows it has. */
  readonly #ipv4Keys = new Map<number, string>();
  readonly #examples: Example[] = [];
  readonly #counts = new Map<Count, number[]>(COUNTS.map((name) => [name, []]));
  readonly #start: number[] = [];
  readonly #end: number[] = [];

  private constructor(sources: EndpointSources, of: EndpointGroup) {
    this.#sources = sources;
    this.#of = of;
  }

  /** @param records of the flows that are added up */
  static async of(
    sources: EndpointSources,
    of: EndpointGroup,
    records: Uint32Array,
    breathe: Breathe,
  ): Promise<EndpointTotals> {
    const totals = new EndpointTotals(sources, of);
    const chosen = new Set(records);
    const failed = new Set(sources.failures.ids());
    for (const [i, record] of records.entries()) {
      const flow = record as FlowRecord;
      // An endless capture may let go of flows between two breaths.
      if (sources.flows.isLive(flow)) totals.#addFlow(flow, failed.has(sources.flows.id(flow)));
      if (i % SLICE === SLICE - 1) await breathe();
    }
    for (const [i, reset] of sources.resetView.ids().entries()) {
      totals.#addReset(reset, chosen);
      if (i % SLICE === SLICE - 1) await breathe();
    }
    return totals;
  }

  get size(): number {
    return this.#examples.length;
  }

  #addFlow(flow: FlowRecord, isFailed: boolean): void {
    const { flowView } = this.#sources;
    const start = flowView.firstTime(flow);
    const end = start + flowView.duration(flow);
    this.#each(flow, (row, side) => {
      const other = side === 0 ? 1 : 0;
      this.#add('flows', row, 1);
      if (isFailed) this.#add('failures', row, 1);
      this.#add('packets', row, flowView.packetCount(flow));
      this.#add('sentBytes', row, flowView.payloadBytes(flow, side));
      this.#add('receivedBytes', row, flowView.payloadBytes(flow, other));
      this.#start[row] = Math.min(this.#start[row], start);
      this.#end[row] = Math.max(this.#end[row], end);
    });
  }

  /** Resets that went out of the log with their flows are in no total. */
  #addReset(reset: number, chosen: ReadonlySet<number>): void {
    const { resets, resetView, verdicts } = this.#sources;
    if (reset < resets.first) return;
    const flow = resets.flow(reset);
    const times = resetView.times(reset);
    if (times === 0 || !chosen.has(flow)) return;
    const origin = BY_ORIGIN[verdicts.kind[verdicts.at(reset)]];
    this.#each(flow, (row) => {
      this.#add(origin, row, times);
    });
  }

  /** Calls for the row of each address of the flow, or for that of the pair. */
  #each(flow: FlowRecord, add: (row: number, side: 0 | 1) => void): void {
    const client = this.#addressKey(flow, 0);
    const server = this.#addressKey(flow, 1);
    if (this.#of === 'pair') {
      const key = client < server ? `${client} ${server}` : `${server} ${client}`;
      const row = this.#rowOf(key, flow, 0, client, server);
      // Of a pair `address` is the client of its first flow, whoever opens the next one.
      add(row, this.#examples[row].address === client ? 0 : 1);
      return;
    }
    add(this.#rowOf(client, flow, 0, client, ''), 0);
    // A host that talks with itself has the flow once.
    if (client !== server) add(this.#rowOf(server, flow, 1, server, ''), 1);
  }

  #rowOf(key: string, flow: FlowRecord, side: 0 | 1, address: string, other: string): number {
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const row = this.#examples.length;
    this.#ids.set(key, row);
    this.#examples.push({ address, other, flow, id: this.#sources.flows.id(flow), side });
    for (const column of this.#counts.values()) column.push(0);
    this.#start.push(Infinity);
    this.#end.push(-Infinity);
    return row;
  }

  /** Sorts as addresses do: IPv4 first, each by its bits. */
  #addressKey(flow: FlowRecord, side: 0 | 1): string {
    const { flows } = this.#sources;
    const words = flows.addressWords(flow);
    const from = flows.addressAt(flow, side);
    if (ipVersionOf(flows.word(flow, META)) !== 4) {
      let key = '6';
      for (let i = 0; i < 4; i++) key += keyOfWord(words[from + i]);
      return key;
    }
    const address = words[from] | 0;
    let key = this.#ipv4Keys.get(address);
    if (key === undefined) {
      key = `4${keyOfWord(address)}`;
      this.#ipv4Keys.set(address, key);
    }
    return key;
  }

  #add(name: Count, row: number, count: number): void {
    this.#column(name)[row] += count;
  }

  #column(name: Count): number[] {
    return this.#counts.get(name) ?? [];
  }

  #resets(row: number): number {
    return BY_ORIGIN.reduce((sum, name) => sum + this.#column(name)[row], 0);
  }

  /** What a row is sorted by. */
  key(row: number, column: EndpointColumn): number | string {
    switch (column) {
      case 'address':
      case 'other':
        return this.#examples[row][column];
      case 'resets':
        return this.#resets(row);
      case 'start':
        return this.#start[row];
      case 'duration':
        return this.#end[row] - this.#start[row];
      default:
        return this.#column(column)[row];
    }
  }

  row(row: number): EndpointRow {
    const { address, other } = this.#examples[row];
    const count = (name: Count): number => this.#column(name)[row];
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
    const { flow, id, side } = this.#examples[row];
    const { flows } = this.#sources;
    if (!flows.isLive(flow) || flows.id(flow) !== id) return '';
    return this.#sources.name(flow, end === 'address' ? side : side === 0 ? 1 : 0) ?? '';
  }
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
