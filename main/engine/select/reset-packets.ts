/** The packets of a reset: of all of its members, at whichever capture point. */
import type { PacketNumber } from '../../../shared/base/units.ts';
import type { SelectStores } from './stores.ts';

type Stores = Pick<SelectStores, 'resets' | 'join'>;

/** Calls for each; nearly all resets have one, which makes no list. */
export function packetsOfReset(
  { resets, join }: Stores,
  id: number,
  visit: (packet: PacketNumber) => void,
): void {
  if (!join.isJoined) packetsOfRecord(resets, id, visit);
  else for (const record of join.records(id)) packetsOfRecord(resets, record, visit);
}

function packetsOfRecord(
  resets: Stores['resets'],
  record: number,
  visit: (packet: PacketNumber) => void,
): void {
  if (resets.members(record) === 1) visit(resets.packet(record));
  else for (const packet of resets.packets(record)) visit(packet as PacketNumber);
}
