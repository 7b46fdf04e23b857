/**
 * Tests of addresses and ports, made once for each end of each flow: packets of a flow then need a look at one byte.
 *
 * IPv4 addresses and ports are tested as numbers, IPv6 addresses by the reference evaluator: their flows are few enough.
 */
import type { FlowRecord } from '../../../shared/base/units.ts';
import type { FieldValue } from '../../../shared/fields/field.ts';
import type { Comparison, Operand } from '../../../shared/filter/ast.ts';
import { CLIENT_ADDRESS, META, PORTS, SERVER_ADDRESS, ipVersionOf } from '../flow/record.ts';
import { addressOf } from './flow-fields.ts';
import type { Breathe } from '../answers/ordering.ts';
import type { LeafNode } from './nodes.ts';
import { type NumberTest, numberTest } from './number-test.ts';
import type { EndColumn } from './packet-fields.ts';
import type { SelectStores } from './stores.ts';

/** Whether one value of the field passes the leaf, as the reference evaluator says. */
export type ValueTest = (value: FieldValue) => boolean;

/** Flows tested between two breaths. */
const SLICE = 4096;

export class EndTests {
  readonly #stores: Pick<SelectStores, 'flows' | 'isBounded'>;
  readonly #what: EndColumn['what'];
  readonly #number: NumberTest | undefined;
  readonly #value: ValueTest;
  /** By flow << 1 | side: 1 where it passes. */
  #passes = new Uint8Array(1024);
  #records = 0;

  constructor(
    stores: Pick<SelectStores, 'flows' | 'isBounded'>,
    what: EndColumn['what'],
    leaf: LeafNode,
    value: ValueTest,
  ) {
    this.#stores = stores;
    this.#what = what;
    this.#value = value;
    this.#number =
      what === 'port' ? numberTest(leaf, portNumber) : what === 'ipv4' ? ipv4Test(leaf) : undefined;
  }

  /** Tests the flows that came since, in slices. */
  async prepare(breathe: Breathe): Promise<void> {
    const { flows, isBounded } = this.#stores;
    if (isBounded) return;
    while (this.#records < flows.records) {
      this.#testBelow(Math.min(flows.records, this.#records + SLICE));
      await breathe();
    }
  }

  /** By flow << 1 | side, of all flows that there are; good until the next call. */
  passes(): Uint8Array {
    const { flows, isBounded } = this.#stores;
    // Records of an endless capture are used again for other flows.
    if (isBounded) this.#records = 0;
    this.#testBelow(flows.records);
    return this.#passes;
  }

  #testBelow(records: number): void {
    const { flows } = this.#stores;
    if (2 * flows.records > this.#passes.length) {
      const longer = new Uint8Array(Math.max(2 * flows.records, 2 * this.#passes.length));
      longer.set(this.#passes);
      this.#passes = longer;
    }
    for (; this.#records < records; this.#records++) this.#test(this.#records as FlowRecord);
  }

  #test(flow: FlowRecord): void {
    const { words } = this.#stores.flows.block(flow);
    const at = this.#stores.flows.wordsAt(flow);
    const passes = this.#passes;
    const number = this.#number;
    if (this.#what === 'port' && number !== undefined) {
      const ports = words[at + PORTS];
      passes[2 * flow] = number(ports >>> 16) ? 1 : 0;
      passes[2 * flow + 1] = number(ports & 0xffff) ? 1 : 0;
    } else if (this.#what === 'ipv4' && number !== undefined && ipVersionOf(words[at + META]) === 4) {
      passes[2 * flow] = number(words[at + CLIENT_ADDRESS] >>> 0) ? 1 : 0;
      passes[2 * flow + 1] = number(words[at + SERVER_ADDRESS] >>> 0) ? 1 : 0;
    } else {
      passes[2 * flow] = this.#slowly(flow, 0);
      passes[2 * flow + 1] = this.#slowly(flow, 1);
    }
  }

  #slowly(flow: FlowRecord, side: 0 | 1): 0 | 1 {
    const { flows } = this.#stores;
    if (this.#what === 'port') {
      const ports = flows.word(flow, PORTS);
      return this.#value(side === 0 ? ports >>> 16 : ports & 0xffff) ? 1 : 0;
    }
    const address = addressOf(this.#stores, flow, side, this.#what === 'ipv4' ? 4 : 6);
    return address !== undefined && this.#value(address) ? 1 : 0;
  }
}

function portNumber(value: FieldValue): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function ipv4Number(value: FieldValue): number | undefined {
  if (!(value instanceof Uint8Array) || value.length !== 4) return undefined;
  return new DataView(value.buffer, value.byteOffset, 4).getUint32(0);
}

/** As a number; of blocks only `==`, `!=` and `in`, which a block of addresses has an answer for. */
function ipv4Test(leaf: LeafNode): NumberTest | undefined {
  if (leaf.kind === 'in') {
    const tests: NumberTest[] = [];
    for (const { from, to } of leaf.ranges) {
      const test = to === null ? blockTest(from, 'eq') : rangeTest(from, to);
      if (test === undefined) return undefined;
      tests.push(test);
    }
    return leaf.left.kind === 'field' ? (address) => tests.some((test) => test(address)) : undefined;
  }
  if (leaf.kind !== 'compare' || leaf.left.kind !== 'field') return undefined;
  return blockTest(leaf.right, leaf.operator) ?? numberTest(leaf, ipv4Number);
}

function blockTest(operand: Operand, operator: Comparison): NumberTest | undefined {
  if (operand.kind !== 'literal' || (operator !== 'eq' && operator !== 'ne')) return undefined;
  const bits = ipv4Number(operand.value);
  if (bits === undefined) return undefined;
  const prefix = operand.prefix ?? 32;
  const mask = prefix === 0 ? 0 : (-1 << (32 - prefix)) >>> 0;
  const wanted = (bits & mask) >>> 0;
  const isEqual = operator === 'eq';
  return (address) => ((address & mask) >>> 0 === wanted) === isEqual;
}

function rangeTest(from: Operand, to: Operand): NumberTest | undefined {
  if (from.kind !== 'literal' || to.kind !== 'literal') return undefined;
  if (from.prefix !== null || to.prefix !== null) return undefined;
  const low = ipv4Number(from.value);
  const high = ipv4Number(to.value);
  if (low === undefined || high === undefined) return undefined;
  return (address) => low <= address && address <= high;
}
