/** Flows of the same two hosts, by their addresses. */
import type { FlowRecord } from '../../../shared/base/units.ts';
import type { FlowTable } from '../flow/flow-table.ts';
import { META } from '../flow/record.ts';

/** Whether the other side of one flow has the address of the other side of the second one. */
export function hasPeer(
  flows: FlowTable,
  flow: FlowRecord,
  side: 0 | 1,
  other: FlowRecord,
  otherSide: 0 | 1,
): boolean {
  if (flows.word(flow, META) !== flows.word(other, META)) return false;
  return flows.isSameAddress(flow, side === 0 ? 1 : 0, other, otherSide === 0 ? 1 : 0);
}
