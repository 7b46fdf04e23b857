/**
 * Tests of numbers out of leaves that ask one field for numbers that stand in the filter: what a column is searched with. Leaves
 * of other shapes have none, and are answered by the reference evaluator.
 */
import type { FieldValue } from '../../../shared/fields/field.ts';
import type { Comparison, FieldOperand, LiteralOperand, Operand } from '../../../shared/filter/ast.ts';
import type { LeafNode } from './nodes.ts';

export type NumberTest = (value: number) => boolean;
/** A value of the filter as the column has it. */
export type ToNumber = (value: FieldValue) => number | undefined;

/** A field, or a field of which some bits are asked. */
interface Asked {
  readonly field: FieldOperand;
  readonly mask: number | undefined;
}

const LARGEST_MASK = 0xffff_ffff;

/** @returns undefined where the leaf has another shape */
export function numberTest(leaf: LeafNode, toNumber: ToNumber): NumberTest | undefined {
  switch (leaf.kind) {
    case 'test': {
      const asked = askedOf(leaf.operand);
      return asked && masked(asked, (value) => value !== 0);
    }
    case 'compare': {
      const forward = askedOf(leaf.left);
      if (forward !== undefined && leaf.right.kind === 'literal') {
        return against(forward, leaf.operator, leaf.right, toNumber);
      }
      const backward = askedOf(leaf.right);
      if (backward === undefined || leaf.left.kind !== 'literal') return undefined;
      return against(backward, TURNED[leaf.operator], leaf.left, toNumber);
    }
    case 'in': {
      const asked = askedOf(leaf.left);
      if (asked === undefined) return undefined;
      const ranges: (readonly [number, number])[] = [];
      for (const { from, to } of leaf.ranges) {
        const low = numberOf(from, asked, toNumber);
        const high = to === null ? low : numberOf(to, asked, toNumber);
        if (low === undefined || high === undefined) return undefined;
        ranges.push([low, high]);
      }
      return masked(asked, (value) => ranges.some(([low, high]) => low <= value && value <= high));
    }
    default:
      return undefined;
  }
}

/** `5 < x` asks the same as `x > 5`. */
const TURNED: Readonly<Record<Comparison, Comparison>> = {
  eq: 'eq',
  ne: 'ne',
  gt: 'lt',
  ge: 'le',
  lt: 'gt',
  le: 'ge',
};

function askedOf(operand: Operand): Asked | undefined {
  if (operand.kind === 'field') return { field: operand, mask: undefined };
  if (operand.kind !== 'arithmetic' || operand.operator !== '&') return undefined;
  const { left, right } = operand;
  if (left?.kind !== 'field' || right.kind !== 'literal' || typeof right.value !== 'number') return undefined;
  const isWhole = Number.isInteger(right.value) && right.value >= 0 && right.value <= LARGEST_MASK;
  return isWhole && left.field.type === 'unsigned' ? { field: left, mask: right.value } : undefined;
}

function masked({ mask }: Asked, test: NumberTest): NumberTest {
  return mask === undefined ? test : (value) => test((value & mask) >>> 0);
}

function numberOf(operand: Operand, { mask }: Asked, toNumber: ToNumber): number | undefined {
  if (operand.kind !== 'literal' || operand.prefix !== null) return undefined;
  // What is left of a masked number is a number in any case.
  if (mask !== undefined) return typeof operand.value === 'number' ? operand.value : undefined;
  return toNumber(operand.value);
}

function against(
  asked: Asked,
  operator: Comparison,
  literal: LiteralOperand,
  toNumber: ToNumber,
): NumberTest | undefined {
  const bound = numberOf(literal, asked, toNumber);
  return bound === undefined ? undefined : masked(asked, comparison(operator, bound));
}

function comparison(operator: Comparison, bound: number): NumberTest {
  switch (operator) {
    case 'eq':
      return (value) => value === bound;
    case 'ne':
      return (value) => value !== bound;
    case 'gt':
      return (value) => value > bound;
    case 'ge':
      return (value) => value >= bound;
    case 'lt':
      return (value) => value < bound;
    case 'le':
      return (value) => value <= bound;
  }
}
