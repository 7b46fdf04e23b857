/** Flows of the same two hosts, by their addresses. */
import type { FlowRecord } from '../../../shared/base/units.ts';
import type { FlowTable } from '../flow/flow-table.ts';
import { CLIENT_ADDRESS, META, SERVER_ADDRESS } from '../flow/record.ts';

/** Whether the other side of one flow has the address of the other side of the second one. */
export function hasPeer(
  flows: FlowTable,
  flow: FlowRecord,
  side: 0 | 1,
  other: FlowRecord,
  otherSide: 0 | 1,
): boolean {
  if (flows.word(flow, META) !== flows.word(other, META)) return false;
  const peer = side === 0 ? SERVER_ADDRESS : CLIENT_ADDRESS;
  const otherPeer = otherSide === 0 ? SERVER_ADDRESS : CLIENT_ADDRESS;
  for (let word = 0; word < 4; word++)
    if (flows.word(flow, peer + word) !== flows.word(other, otherPeer + word)) return false;
  return true;
}
