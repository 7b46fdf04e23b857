import type { FlowRecord } from '../../../shared/base/units.ts';
import type { FlowTable } from '../flow/flow-table.ts';
import { isTcp, META, SEEN, SEEN_ACK, SEEN_DATA, SEEN_FIN, SEEN_RST } from '../flow/record.ts';

/** Whether nothing can be expected of the flow: closed, reset, a handshake that nobody answered, or no connection. */
export function isOver(flows: FlowTable, flow: FlowRecord): boolean {
  if (!isTcp(flows.word(flow, META))) return true;
  const client = flows.directionWord(flow, 0, SEEN);
  const server = flows.directionWord(flow, 1, SEEN);
  if (((client | server) & SEEN_RST) !== 0 || (client & server & SEEN_FIN) !== 0) return true;
  return ((client | server) & (SEEN_ACK | SEEN_DATA)) === 0;
}
