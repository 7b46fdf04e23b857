/** What a filter's tree is made of, as far as answering it wants to know: its leaves, their fields, and what tells leaves apart. */
import { assertUnreachable } from '../../../shared/base/assert.ts';
import type {
  AndNode,
  EverythingNode,
  FieldOperand,
  FilterNode,
  NotNode,
  Operand,
  OrNode,
} from '../../../shared/filter/ast.ts';

/** What asks something of fields, and has no other test below it. */
export type LeafNode = Exclude<FilterNode, AndNode | OrNode | NotNode | EverythingNode>;

/** All leaves, from left to right. */
export function leavesOf(node: FilterNode): LeafNode[] {
  switch (node.kind) {
    case 'everything':
      return [];
    case 'and':
    case 'or':
      return node.parts.flatMap(leavesOf);
    case 'not':
      return leavesOf(node.part);
    default:
      return [node];
  }
}

export function operandsOf(leaf: LeafNode): readonly Operand[] {
  switch (leaf.kind) {
    case 'exists':
      return [leaf.field];
    case 'test':
      return [leaf.operand];
    case 'compare':
    case 'contains':
      return [leaf.left, leaf.right];
    case 'matches':
      return [leaf.left];
    case 'in':
      return [leaf.left, ...leaf.ranges.flatMap(({ from, to }) => (to === null ? [from] : [from, to]))];
    default:
      return assertUnreachable(leaf);
  }
}

/** Functions that have a value though one of their arguments has none. */
const FORGIVING = new Set(['count', 'max', 'min']);

/**
 * The fields that a leaf asks for.
 * @param isNeeded only those without which the leaf fails
 */
export function fieldsOf(leaf: LeafNode, isNeeded = false): FieldOperand[] {
  return operandsOf(leaf).flatMap((operand) => fieldsOfOperand(operand, isNeeded));
}

function fieldsOfOperand(operand: Operand, isNeeded: boolean): FieldOperand[] {
  switch (operand.kind) {
    case 'literal':
      return [];
    case 'field':
      return [operand];
    case 'slice':
      return fieldsOfOperand(operand.of, isNeeded);
    case 'call':
      if (isNeeded && FORGIVING.has(operand.name)) return [];
      return operand.args.flatMap((one) => fieldsOfOperand(one, isNeeded));
    case 'arithmetic':
      return [operand.left, operand.right].flatMap((one) =>
        one === null ? [] : fieldsOfOperand(one, isNeeded),
      );
    default:
      return assertUnreachable(operand);
  }
}

/** The same for two leaves that ask the same, wherever they stand and however they are written. */
export function leafKey(leaf: LeafNode): string {
  return JSON.stringify(leaf, (name, value: unknown) => {
    if (name === 'span' || name === 'text') return undefined;
    if (name === 'field' && isNamed(value)) return value.name;
    if (typeof value === 'bigint') return `${value}n`;
    if (value instanceof Uint8Array) return ['bytes', ...value];
    return value;
  });
}

function isNamed(value: unknown): value is { readonly name: string } {
  return typeof value === 'object' && value !== null && 'name' in value && !('kind' in value);
}
