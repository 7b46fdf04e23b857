/**
 * Leaves that compare columns of numbers with each other, or with what is calculated of them, such as `tcp.len > tcp.window_size`: by
 * whole stretches of rows, a column at a time, for an object a packet would take seconds for what takes a tenth.
 *
 * Invariant: what passes, and what is left open, is what the reference evaluator says of the same values. It asks for fields from
 * left to right and ends at the first that a packet lacks; so do the tables.
 */
import type { FieldValue } from '../../../shared/fields/field.ts';
import type { ArithmeticOperand, Comparison, Operand } from '../../../shared/filter/ast.ts';
import { orderNumbers, resultOf } from '../../../shared/filter/evaluate.ts';
import { CHUNK_PACKETS, NO_FLOW } from '../store/packet-index.ts';
import type { LeafNode } from './nodes.ts';
import { type NumberColumn, type PacketSources, type Rows, packetColumn } from './packet-fields.ts';
import type { ChunkBits } from './packet-set.ts';
import { OPEN, PRESENT, type PresenceTable } from './presence.ts';

/** Stands for what has no value though no field is absent, such as what is divided by zero. */
const NO_VALUE = Number.NaN;
const FORMS = 256;

/** Values by row of a chunk; what is calculated deeper takes another one. */
const pool: Float64Array[] = [];

/** Writes the values of an operand to the array of its depth, and gives that. */
type Fill = (sources: PacketSources, rows: Rows, depth: number) => Float64Array;

export class NumberLeaf {
  readonly #left: Fill;
  readonly #right: Fill;
  readonly #passes: Passing;
  readonly #ofNone: boolean;
  readonly #presence: PresenceTable;
  /** The same for packets of no flow. */
  readonly #presenceWithoutFlow: PresenceTable;

  private constructor(
    left: Fill,
    right: Fill,
    passes: Passing,
    ofNone: boolean,
    columns: readonly NumberColumn[],
  ) {
    this.#left = left;
    this.#right = right;
    this.#passes = passes;
    this.#ofNone = ofNone;
    this.#presence = firstThatDecides(columns, false);
    this.#presenceWithoutFlow = firstThatDecides(columns, true);
  }

  /** @returns undefined where the leaf has another shape */
  static of(leaf: LeafNode): NumberLeaf | undefined {
    const columns: NumberColumn[] = [];
    if (leaf.kind === 'test') {
      const operand = fillOf(leaf.operand, columns);
      const zero = literal(0);
      return operand && new NumberLeaf(operand, zero, PASSING.ne, false, columns);
    }
    if (leaf.kind !== 'compare') return undefined;
    const left = fillOf(leaf.left, columns);
    const right = left && fillOf(leaf.right, columns);
    // Of no values at all each is as wanted.
    return right && new NumberLeaf(left, right, PASSING[leaf.operator], leaf.quantifier === 'all', columns);
  }

  answer(sources: PacketSources, rows: Rows, yes: ChunkBits, open: ChunkBits): void {
    const left = this.#left(sources, rows, 0);
    const right = this.#right(sources, rows, 1);
    const { chunk } = rows;
    const { flow } = chunk;
    const { less, same, greater } = this.#passes;
    for (let row = rows.from; row < rows.to; row++) {
      const table = flow[row] >>> 1 === NO_FLOW ? this.#presenceWithoutFlow : this.#presence;
      const there = table[chunk.formAt(row)];
      if (there === OPEN) open[row >>> 5] |= 1 << (row & 31);
      if (there !== PRESENT) continue;
      const a = left[row];
      const b = right[row];
      let passes = this.#ofNone;
      if (!Number.isNaN(a) && !Number.isNaN(b)) {
        const difference = orderNumbers(a, b);
        passes = difference < 0 ? less : difference > 0 ? greater : same;
      }
      if (passes) yes[row >>> 5] |= 1 << (row & 31);
    }
  }
}

interface Passing {
  readonly less: boolean;
  readonly same: boolean;
  readonly greater: boolean;
}

const PASSING: Readonly<Record<Comparison, Passing>> = {
  eq: { less: false, same: true, greater: false },
  ne: { less: true, same: false, greater: true },
  gt: { less: false, same: false, greater: true },
  ge: { less: false, same: true, greater: true },
  lt: { less: true, same: false, greater: false },
  le: { less: true, same: true, greater: false },
};

/** By form: of the columns that are asked from left to right the first that is not there, or PRESENT where all are. */
function firstThatDecides(columns: readonly NumberColumn[], isWithoutFlow: boolean): PresenceTable {
  return Uint8Array.from({ length: FORMS }, (_, form) => {
    for (const { presence, ofFlow } of columns) {
      if (presence[form] !== PRESENT) return presence[form];
      if (ofFlow && isWithoutFlow) return OPEN;
    }
    return PRESENT;
  });
}

/** @param columns takes those that the operand asks, in the order in which they are asked */
function fillOf(operand: Operand, columns: NumberColumn[]): Fill | undefined {
  switch (operand.kind) {
    case 'field': {
      if (operand.layers !== null || operand.selected) return undefined;
      const column = packetColumn(operand.field.name);
      if (column?.kind !== 'number' || column.scale === null) return undefined;
      columns.push(column);
      return fieldOf(column, column.scale);
    }
    case 'literal': {
      const value = operand.prefix === null ? plainNumber(operand.value) : undefined;
      return value === undefined ? undefined : literal(value);
    }
    case 'arithmetic':
      return operand.operator === '&' ? undefined : arithmetic(operand, columns);
    default:
      return undefined;
  }
}

function plainNumber(value: FieldValue): number | undefined {
  return typeof value === 'number' || typeof value === 'boolean' ? Number(value) : undefined;
}

function bufferAt(depth: number): Float64Array {
  return (pool[depth] ??= new Float64Array(CHUNK_PACKETS));
}

function fieldOf(column: NumberColumn, scale: number): Fill {
  return (sources, rows, depth) => {
    const into = bufferAt(depth);
    column.read(sources, rows, into);
    if (scale !== 1) for (let row = rows.from; row < rows.to; row++) into[row] /= scale;
    return into;
  };
}

function literal(value: number): Fill {
  return (_, { from, to }, depth) => bufferAt(depth).fill(value, from, to);
}

function arithmetic(operand: ArithmeticOperand, columns: NumberColumn[]): Fill | undefined {
  const left = operand.left === null ? literal(0) : fillOf(operand.left, columns);
  if (left === undefined) return undefined;
  const right = fillOf(operand.right, columns);
  if (right === undefined) return undefined;
  return (sources, rows, depth) => {
    const into = left(sources, rows, depth);
    const other = right(sources, rows, depth + 1);
    for (let row = rows.from; row < rows.to; row++) {
      const hasBoth = !Number.isNaN(into[row]) && !Number.isNaN(other[row]);
      const result = hasBoth ? resultOf(operand, into[row], other[row]) : undefined;
      into[row] = typeof result === 'number' ? result : NO_VALUE;
    }
    return into;
  };
}
