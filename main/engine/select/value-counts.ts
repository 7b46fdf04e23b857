/**
 * The values that a field has in the capture, for completion: of what packets, flows and verdicts tell, each with the packets that
 * have it. Of fields that only the bytes tell nothing is known but what the hints of flows noted in passing.
 */
import type { FlowRecord } from '../../../shared/base/units.ts';
import type { ValueCount } from '../../../shared/contract/methods.ts';
import { fieldNamed } from '../../../shared/fields/catalogue.ts';
import type { FieldInfo, FieldValue } from '../../../shared/fields/field.ts';
import { addressText } from '../../../shared/format/address.ts';
import type { Breathe } from '../answers/ordering.ts';
import { META, PACKETS, ipVersionOf, isTcp } from '../flow/record.ts';
import { CHUNK_PACKETS } from '../store/packet-index.ts';
import { addressOf, flowFieldValues, isFlowField, portOf } from './flow-fields.ts';
import { type EndColumn, type NumberColumn, packetColumn } from './packet-fields.ts';
import { PRESENT } from './presence.ts';
import { isResetField, resetFieldValues } from './reset-fields.ts';
import { selectorOf } from './selector.ts';
import type { SelectStores } from './stores.ts';

/** Different values counted: those beyond are too many to choose from. */
const MAX_VALUES = 50_000;
const SLICE = 2048;

/** Fields whose values the hints of flows have. */
const OF_HINTS: ReadonlySet<string> = new Set(['tls.handshake.extensions_server_name', 'http.host']);

class Counts {
  readonly #counts = new Map<string, number>();

  add(text: string, times: number): void {
    const before = this.#counts.get(text);
    if (before === undefined && this.#counts.size >= MAX_VALUES) return;
    this.#counts.set(text, (before ?? 0) + times);
  }

  /** The most frequent first, those of equal count by their text. */
  beginningWith(prefix: string, count: number): ValueCount[] {
    const wanted = prefix.toLowerCase();
    return [...this.#counts]
      .filter(([text]) => text.toLowerCase().startsWith(wanted))
      .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
      .slice(0, count)
      .map(([text, times]) => ({ text, count: times }));
  }
}

export async function fieldValueCounts(
  stores: SelectStores,
  name: string,
  prefix: string,
  count: number,
  breathe: Breathe,
): Promise<ValueCount[]> {
  const field = fieldNamed(name);
  if (field === undefined) return [];
  const counts = new Counts();
  const column = packetColumn(name);
  if (column?.kind === 'end') await countEnds(stores, name, column, counts, breathe);
  else if (column?.kind === 'number' && isWorthCounting(field))
    await countNumbers(stores, field, column, counts, breathe);
  else if (isFlowField(name)) await countFlows(stores, field, counts, breathe);
  else if (isResetField(name)) await countResets(stores, field, counts, breathe);
  else if (OF_HINTS.has(name)) await countNames(stores, name, counts, breathe);
  return counts.beginningWith(prefix, count);
}

/** Numbers of which each packet has another say nothing. */
function isWorthCounting({ type, name }: FieldInfo): boolean {
  return type !== 'time' && type !== 'duration' && name !== 'frame.number' && !/seq|ack/u.test(name);
}

async function countEnds(
  stores: SelectStores,
  name: string,
  column: EndColumn,
  counts: Counts,
  breathe: Breathe,
): Promise<void> {
  const { flows } = stores;
  const protocol = name.split('.', 1)[0];
  for (let flow = 0 as FlowRecord; flow < flows.records; flow++) {
    if (flow % SLICE === SLICE - 1) await breathe();
    if (!flows.isLive(flow)) continue;
    const meta = flows.word(flow, META);
    if (column.what === 'port' && isTcp(meta) !== (protocol === 'tcp')) continue;
    const packets = flows.word(flow, PACKETS);
    for (const side of [0, 1] as const) {
      if (column.what === 'port') {
        counts.add(String(portOf(stores, flow, side)), packets);
        continue;
      }
      const version = column.what === 'ipv4' ? 4 : 6;
      if (ipVersionOf(meta) !== version) continue;
      const address = addressOf(stores, flow, side, version);
      if (address !== undefined) counts.add(textOf(address), packets);
    }
  }
}

async function countNumbers(
  stores: SelectStores,
  field: FieldInfo,
  column: NumberColumn,
  counts: Counts,
  breathe: Breathe,
): Promise<void> {
  const sources = selectorOf(stores).sources.packets;
  const { packets } = stores;
  const into = new Float64Array(CHUNK_PACKETS);
  const times = new Map<number, number>();
  for (let index = 0; index < packets.chunkCount; index++) {
    if (!packets.holdsChunk(index)) continue;
    const chunk = packets.chunkAt(index);
    column.read(sources, { chunk, index, from: 0, to: chunk.used }, into);
    for (let row = 0; row < chunk.used; row++) {
      if (column.presence[chunk.formAt(row)] !== PRESENT) continue;
      const before = times.get(into[row]);
      if (before !== undefined || times.size < MAX_VALUES) times.set(into[row], (before ?? 0) + 1);
    }
    await breathe();
  }
  for (const [number, count] of times) counts.add(written(field, column.fromNumber(number, sources)), count);
}

async function countFlows(stores: SelectStores, field: FieldInfo, counts: Counts, breathe: Breathe): Promise<void> {
  const { flows } = stores;
  const { failureOf } = selectorOf(stores).sources.joined;
  for (let flow = 0 as FlowRecord; flow < flows.records; flow++) {
    if (flow % SLICE === SLICE - 1) await breathe();
    if (!flows.isLive(flow)) continue;
    const packets = flows.word(flow, PACKETS);
    for (const value of flowFieldValues(stores, failureOf, field.name, flow))
      counts.add(written(field, value), packets);
  }
}

async function countResets(
  stores: SelectStores,
  field: FieldInfo,
  counts: Counts,
  breathe: Breathe,
): Promise<void> {
  const ids = stores.resetIds();
  for (let i = 0; i < ids.length; i++) {
    if (i % SLICE === SLICE - 1) await breathe();
    if (!stores.hasReset(ids[i])) continue;
    for (const value of resetFieldValues(stores, field.name, ids[i])) counts.add(written(field, value), 1);
  }
}

async function countNames(stores: SelectStores, name: string, counts: Counts, breathe: Breathe): Promise<void> {
  const { flows } = stores;
  const wanted = name.split('.', 1)[0];
  for (let flow = 0 as FlowRecord; flow < flows.records; flow++) {
    if (flow % SLICE === SLICE - 1) await breathe();
    if (!flows.isLive(flow) || !stores.application(flow).includes(wanted)) continue;
    const server = stores.serverName(flow);
    if (server !== '') counts.add(JSON.stringify(server), 1);
  }
}

/** As a filter writes it. */
function written(field: FieldInfo, value: FieldValue): string {
  if (value instanceof Uint8Array) return textOf(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (field.base === 'hex') return `0x${value.toString(16)}`;
  return String(value);
}

function textOf(address: Uint8Array): string {
  const view = new DataView(address.buffer, address.byteOffset, address.length);
  const words = Array.from({ length: address.length / 4 }, (_, i) => view.getInt32(4 * i));
  return addressText(words, 0, address.length === 4 ? 4 : 6);
}
