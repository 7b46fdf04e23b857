/**
 * What is known of a reset without its packet's bytes, for rules that decide on it the moment that it is told of: its verdict, its flow,
 * and its row. A flow that was let go says what the row kept of it.
 */
import type { FlowId } from '../../../shared/base/units.ts';
import type { FilterNode } from '../../../shared/filter/ast.ts';
import type { ValueSource } from '../../../shared/filter/evaluate.ts';
import { isFieldOfResetRow, resetValues } from '../../../shared/filter/rows.ts';
import { flowFieldValues, isFlowField } from './flow-fields.ts';
import { fieldsOf, leavesOf } from './nodes.ts';
import { isSpoken } from './of-rows.ts';
import { isResetField, resetFieldValues } from './reset-fields.ts';
import type { SelectStores } from './stores.ts';

/** Whether the field can be asked so. */
function isTold(name: string): boolean {
  return isFlowField(name) || isResetField(name) || isFieldOfResetRow(name);
}

/** The first part of a filter that can be asked of packets alone; undefined where there is none. */
export function untoldField(node: FilterNode): { name: string; from: number; to: number } | undefined {
  for (const leaf of leavesOf(node)) {
    if (isSpoken(leaf)) continue;
    const untold = fieldsOf(leaf).find(({ field, layers }) => !isTold(field.name) || layers !== null);
    if (untold !== undefined) return { name: untold.field.name, ...untold.span };
  }
  return undefined;
}

/** @param id of a reset that is judged and still known */
export function toldOfReset(stores: SelectStores, id: number): ValueSource {
  const row = stores.resetRow(id);
  const ofRow = resetValues(row);
  const flow = stores.flows.flowOf(row.flow as FlowId);
  return {
    values: (field) => {
      if (isResetField(field.name)) return resetFieldValues(stores, field.name, id);
      if (!isFlowField(field.name) || flow < 0) return ofRow.values(field);
      return flowFieldValues(stores, () => undefined, field.name, flow);
    },
  };
}
