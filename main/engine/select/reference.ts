/** Which leaves may be answered value by value, and the regular expressions that the engine gives the reference evaluator. */
import type { Operand } from '../../../shared/filter/ast.ts';
import { fieldsOf, operandsOf, type LeafNode } from './nodes.ts';

/** Whether a leaf holds for a list of values as its quantifier says of each of them alone. */
export function isPointwise(leaf: LeafNode): boolean {
  // One range has to hold all values: of each alone another one may.
  if (leaf.kind === 'in' && leaf.quantifier === 'all' && leaf.ranges.length > 1) return false;
  return leaf.kind !== 'exists' && fieldsOf(leaf).length === 1 && operandsOf(leaf).every(isOneForOne);
}

/** Whether each value of the field makes one value of the operand. */
function isOneForOne(operand: Operand): boolean {
  switch (operand.kind) {
    case 'literal':
      return true;
    case 'field':
      return operand.layers === null && !operand.selected;
    case 'slice':
      return isOneForOne(operand.of);
    case 'call':
      return !['count', 'max', 'min'].includes(operand.name) && operand.args.every(isOneForOne);
    case 'arithmetic':
      return (operand.left === null || isOneForOne(operand.left)) && isOneForOne(operand.right);
  }
}
