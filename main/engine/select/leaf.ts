/**
 * The answer to one leaf of a filter for every packet: yes, no, or open until the bytes are read.
 *
 * Most leaves never change their answer, so that a growing capture costs only its new packets; those about flows, failures and
 * verdicts are _volatile_ and answered again when what is told of these changed. What was read from bytes stays known in either
 * case, and filters that have a leaf in common share it.
 *
 * Invariants
 * - A packet is in `open` or in `yes` or in neither, never in both.
 * - Rows of a chunk are answered in their order: `#answered` says how many are.
 */
import type { FlowRecord, PacketNumber } from '../../../shared/base/units.ts';
import type { FieldInfo, FieldValue } from '../../../shared/fields/field.ts';
import { KIND_TCP } from '../decode/facts.ts';
import { FORM_DOUBTFUL, FORM_KIND } from '../store/packet-columns.ts';
import { CHUNK_PACKETS, NO_FLOW, chunkOf } from '../store/packet-index.ts';
import { type Evaluator, evaluator, type RegexEngine } from '../../../shared/filter/evaluate.ts';
import type { Breathe } from '../answers/ordering.ts';
import { EndTests } from './end-test.ts';
import { flowFieldValues, isFlowField } from './flow-fields.ts';
import { fieldsOf, leafKey, type LeafNode } from './nodes.ts';
import { type NumberTest, numberTest } from './number-test.ts';
import {
  type EndColumn,
  type MarkColumn,
  type LayerColumn,
  type NumberColumn,
  type PacketSources,
  type Rows,
  packetColumn,
} from './packet-fields.ts';
import { type ChunkBits, PacketSet } from './packet-set.ts';
import { ABSENT, OPEN, PRESENT, isInPayload, mayHave, type PresenceTable } from './presence.ts';
import { isPointwise } from './reference.ts';
import { isResetField, resetFieldValues } from './reset-fields.ts';
import { type Joined, isTold, toldValues } from './row-values.ts';
import type { SelectStores } from './stores.ts';
import { flowWordTest, resetWordTest } from './word-test.ts';

/** What all leaves are answered from. */
export interface LeafSources {
  readonly stores: SelectStores;
  readonly packets: PacketSources;
  readonly joined: Joined;
  readonly regex: () => RegexEngine;
}

/** How a leaf is answered; chosen once by what fields it asks and how. */
type Plan =
  | { readonly kind: 'number'; readonly column: NumberColumn; readonly test: NumberTest }
  | { readonly kind: 'there'; readonly column: NumberColumn | MarkColumn | LayerColumn | EndColumn }
  | { readonly kind: 'end'; readonly column: EndColumn; readonly tests: EndTests; readonly isAll: boolean }
  | { readonly kind: 'flow' }
  | { readonly kind: 'reset' }
  | { readonly kind: 'told' }
  | { readonly kind: 'bytes'; readonly may: readonly PresenceTable[]; readonly inPayload: boolean };

/** Values whose answers are remembered: those of vocabularies, ports, lengths. */
const MAX_REMEMBERED = 70_000;
/** Flows or resets asked between two looks at the clock. */
const SLICE = 2048;
const numbers = new Float64Array(CHUNK_PACKETS);

export class Leaf {
  readonly node: LeafNode;
  readonly key: string;
  readonly isVolatile: boolean;
  readonly yes = new PacketSet();
  readonly open = new PacketSet();
  /** As the reference evaluator answers it. */
  readonly test: Evaluator;
  readonly #from: LeafSources;
  readonly #plan: Plan;
  /** By chunk. */
  readonly #answered: number[] = [];
  /** By chunk: grows with every answer. */
  readonly #versions: number[] = [];
  /** What the answers of a volatile leaf are of. */
  #revision = -1;
  #remembered = new Map<FieldValue, boolean>();
  /** By flow: 1 where its packets pass. */
  #flows = new Uint8Array(0);

  constructor(node: LeafNode, from: LeafSources) {
    this.node = node;
    this.key = leafKey(node);
    this.test = evaluator(node, from.regex());
    this.#from = from;
    this.isVolatile = fieldsOf(node).some(({ field }) => isFlowField(field.name) || isResetField(field.name));
    this.#plan = this.#makePlan();
  }

  #makePlan(): Plan {
    const fields = fieldsOf(this.node);
    const isPlain = fields.every(({ layers, selected }) => layers === null && !selected);
    const names = fields.map(({ field }) => field.name);
    if (isPlain && names.length > 0) {
      if (names.every(isFlowField)) return { kind: 'flow' };
      if (names.every(isResetField)) return { kind: 'reset' };
      const plan = names.length === 1 ? this.#planOfColumn(names[0]) : undefined;
      if (plan !== undefined) return plan;
      if (names.every(isTold)) return { kind: 'told' };
    }
    const needed = fieldsOf(this.node, true).map(({ field }) => field.name);
    return {
      kind: 'bytes',
      may: needed
        .filter((name) => !isFlowField(name) && !isResetField(name))
        .map((name) => packetColumn(name)?.presence ?? mayHave(name)),
      inPayload: needed.some(isInPayload),
    };
  }

  #planOfColumn(name: string): Plan | undefined {
    const column = packetColumn(name);
    if (column === undefined) return undefined;
    const { node } = this;
    if (node.kind === 'exists') return { kind: 'there', column };
    if (!isPointwise(node)) return undefined;
    const isAll = 'quantifier' in node && node.quantifier === 'all';
    const { stores, packets } = this.#from;
    if (column.kind === 'end') {
      const tests = new EndTests(stores, column.what, node, (value) => this.#passes(value));
      return { kind: 'end', column, tests, isAll };
    }
    if (column.kind !== 'number') return undefined;
    const test =
      numberTest(node, (value) => column.toNumber(value, packets)) ??
      ((value: number) => this.#passes(column.fromNumber(value, packets)));
    return { kind: 'number', column, test };
  }

  /** Whether one value of the only field passes; each different one is asked once. */
  #passes(value: FieldValue): boolean {
    const isKept = !(value instanceof Uint8Array);
    const known = isKept ? this.#remembered.get(value) : undefined;
    if (known !== undefined) return known;
    const passes = this.test({ values: () => [value] });
    if (!isKept) return passes;
    if (this.#remembered.size >= MAX_REMEMBERED) this.#remembered = new Map();
    this.#remembered.set(value, passes);
    return passes;
  }

  /** Whether a list of values of the only field passes. */
  #allPass(values: readonly FieldValue[]): boolean {
    const { node } = this;
    if (node.kind === 'exists') return values.length > 0;
    if (values.length === 0) return false;
    const isAll = 'quantifier' in node && node.quantifier === 'all';
    if (isAll) return values.every((value) => this.#passes(value));
    return values.some((value) => this.#passes(value));
  }

  /** Does what is to be done once for all packets: answers flows, or resets. */
  async prepare(breathe: Breathe): Promise<void> {
    const { toldRevision: revision } = this.#from.stores;
    if (!this.isVolatile || this.#revision === revision) return;
    if (this.#plan.kind === 'flow') await this.#answerFlows(breathe);
    else if (this.#plan.kind === 'reset') await this.#answerResets(breathe);
    this.#answered.length = 0;
    this.#revision = revision;
  }

  async #answerFlows(breathe: Breathe): Promise<void> {
    const { stores, joined } = this.#from;
    const { flows } = stores;
    const names = fieldsOf(this.node).map(({ field }) => field.name);
    const isOne = names.length === 1 && (this.node.kind === 'exists' || isPointwise(this.node));
    const valuesOf = (name: string, flow: FlowRecord) =>
      flowFieldValues(stores, joined.failureOf, name, flow);
    const isIn =
      (isOne ? flowWordTest(stores, this.node, names[0]) : undefined) ??
      (isOne
        ? (flow: FlowRecord) => this.#allPass(valuesOf(names[0], flow))
        : (flow: FlowRecord) => this.test({ values: ({ name }) => valuesOf(name, flow) }));
    const passes = new Uint8Array(flows.records);
    for (let flow = 0 as FlowRecord; flow < passes.length; flow++) {
      if (flow % SLICE === SLICE - 1) await breathe();
      if (!flows.isLive(flow)) continue;
      if (isIn(flow)) passes[flow] = 1;
    }
    this.#flows = passes;
  }

  async #answerResets(breathe: Breathe): Promise<void> {
    const { stores } = this.#from;
    const { resets, packets, join } = stores;
    const names = fieldsOf(this.node).map(({ field }) => field.name);
    const isOne = names.length === 1 && (this.node.kind === 'exists' || isPointwise(this.node));
    const isIn =
      (isOne ? resetWordTest(stores, this.node, names[0]) : undefined) ??
      (isOne
        ? (id: number) => this.#allPass(resetFieldValues(stores, names[0], id))
        : (id: number) => this.test({ values: ({ name }) => resetFieldValues(stores, name, id) }));
    const found: number[] = [];
    const ids = stores.resetIds();
    for (let i = 0; i < ids.length; i++) {
      if (i % SLICE === SLICE - 1) await breathe();
      const id = ids[i];
      // Of those whose packets are gone the list of resets tells from their rows.
      if (id < resets.first || !stores.hasReset(id)) continue;
      if (isIn(id)) found.push(id);
    }
    for (let index = 0; index < packets.chunkCount; index++) this.yes.chunk(index)?.fill(0);
    for (const id of found.flatMap((one) => join.records(one))) {
      for (const packet of resets.packets(id)) {
        if (!packets.holds(packet as PacketNumber)) continue;
        this.yes.add(packet as PacketNumber);
      }
    }
  }

  version(index: number): number {
    return this.#versions[index] ?? 0;
  }

  /** Answers the rows of a chunk that came since. */
  update(index: number): void {
    const from = this.#answered[index] ?? 0;
    const { packets } = this.#from.stores;
    if (from === packets.usedOf(index)) return;
    const chunk = packets.chunkAt(index);
    if (from === 0 && this.#plan.kind !== 'reset') {
      this.yes.own(index).fill(0);
      this.open.own(index).fill(0);
    }
    const rows: Rows = { chunk, index, from, to: chunk.used };
    this.#answer(rows, this.yes.own(index), this.open.own(index));
    this.#answered[index] = chunk.used;
    this.#versions[index] = this.version(index) + 1;
  }

  #answer(rows: Rows, yes: ChunkBits, open: ChunkBits): void {
    const plan = this.#plan;
    switch (plan.kind) {
      case 'number':
        answerNumbers(this.#from.packets, plan.column, plan.test, rows, yes, open);
        break;
      case 'there':
        answerPresence(plan.column, rows, yes, open);
        break;
      case 'end':
        answerEnds(plan.column, plan.tests.passes(), plan.isAll, rows, yes, open);
        break;
      case 'flow':
        answerFlows(this.#flows, rows, yes);
        break;
      case 'reset':
        break;
      case 'told':
        this.#answerTold(rows, yes, open);
        break;
      case 'bytes':
        openWhereItMayBe(plan.may, plan.inPayload, rows, open);
        break;
    }
  }

  #answerTold(rows: Rows, yes: ChunkBits, open: ChunkBits): void {
    const { stores, packets, joined } = this.#from;
    for (let row = rows.from; row < rows.to; row++) {
      let isOpen = false;
      const packet = (rows.index * CHUNK_PACKETS + row) as PacketNumber;
      const valuesOf = ({ name }: FieldInfo): readonly FieldValue[] => {
        const values = toldValues(stores, packets, joined, name, packet);
        if (values === undefined) isOpen = true;
        return values ?? [];
      };
      const passes = this.test({ values: valuesOf });
      if (isOpen) open[row >>> 5] |= 1 << (row & 31);
      else if (passes) yes[row >>> 5] |= 1 << (row & 31);
    }
  }

  /** What the bytes of an open packet say. */
  resolve(packet: PacketNumber, passes: boolean): void {
    this.open.delete(packet);
    if (passes) this.yes.add(packet);
    const index = chunkOf(packet);
    this.#versions[index] = this.version(index) + 1;
  }

  dropBelow(index: number): void {
    this.yes.dropBelow(index);
    this.open.dropBelow(index);
  }
}

function answerNumbers(
  sources: PacketSources,
  column: NumberColumn,
  test: NumberTest,
  rows: Rows,
  yes: ChunkBits,
  open: ChunkBits,
): void {
  column.read(sources, rows, numbers);
  const { chunk } = rows;
  const { flow } = chunk;
  const { presence, ofFlow } = column;
  for (let row = rows.from; row < rows.to; row++) {
    const there = presence[chunk.formAt(row)];
    if (there === ABSENT) continue;
    if (there === OPEN || (ofFlow && flow[row] >>> 1 === NO_FLOW)) open[row >>> 5] |= 1 << (row & 31);
    else if (test(numbers[row])) yes[row >>> 5] |= 1 << (row & 31);
  }
}

function answerPresence(
  column: NumberColumn | MarkColumn | LayerColumn | EndColumn,
  { chunk, from, to }: Rows,
  yes: ChunkBits,
  open: ChunkBits,
): void {
  const { marks } = chunk;
  const { presence } = column;
  const wanted = column.kind === 'mark' ? column.marks : 0;
  for (let row = from; row < to; row++) {
    const there = presence[chunk.formAt(row)];
    if (there === OPEN) open[row >>> 5] |= 1 << (row & 31);
    else if (there === PRESENT && (wanted === 0 || (marks[row] & wanted) !== 0))
      yes[row >>> 5] |= 1 << (row & 31);
  }
}

function answerEnds(
  { presence, which }: EndColumn,
  passes: Uint8Array,
  isAll: boolean,
  { chunk, from, to }: Rows,
  yes: ChunkBits,
  open: ChunkBits,
): void {
  const { flow } = chunk;
  for (let row = from; row < to; row++) {
    const there = presence[chunk.formAt(row)];
    if (there === ABSENT) continue;
    const at = flow[row];
    if (there === OPEN || at >>> 1 === NO_FLOW) {
      open[row >>> 5] |= 1 << (row & 31);
      continue;
    }
    const passing = which === 'both' ? passes[at] + passes[at ^ 1] : passes[which === 'source' ? at : at ^ 1];
    if (passing === 2 || (passing === 1 && (which !== 'both' || !isAll))) yes[row >>> 5] |= 1 << (row & 31);
  }
}

function answerFlows(passes: Uint8Array, { chunk, from, to }: Rows, yes: ChunkBits): void {
  const { flow } = chunk;
  for (let row = from; row < to; row++) {
    const at = flow[row] >>> 1;
    if (at < passes.length && passes[at] === 1) yes[row >>> 5] |= 1 << (row & 31);
  }
}

function openWhereItMayBe(
  may: readonly PresenceTable[],
  inPayload: boolean,
  { chunk, from, to }: Rows,
  open: ChunkBits,
): void {
  const isPossible = Uint8Array.from({ length: 256 }, (_, one) =>
    may.every((presence) => presence[one] !== ABSENT) ? 1 : 0,
  );
  for (let row = from; row < to; row++) {
    const one = chunk.formAt(row);
    if (isPossible[one] === 0) continue;
    const isBare = (one & (FORM_KIND | FORM_DOUBTFUL)) === KIND_TCP && chunk.payloadBytesAt(row) === 0;
    if (!inPayload || !isBare) open[row >>> 5] |= 1 << (row & 31);
  }
}
