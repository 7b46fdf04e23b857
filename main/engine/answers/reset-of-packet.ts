/** Which reset a packet is: a list of packets shows who sent it, and leads to its verdict. */
import type { PacketNumber } from '../../../shared/base/units.ts';
import { RST_PREVIOUS_RESET } from '../store/reset-log.ts';
import type { ResetLog } from '../store/reset-log.ts';

/** Records of a flow that are looked through: a flow with more of them has them in bursts. */
const MAX_STEPS = 256;

/**
 * @param newest the newest record of the packet's flow, −1 for none
 * @returns the record that the packet is a member of; −1 where it is no reset, or its record is gone
 */
export function resetOfPacket(log: ResetLog, newest: number, packet: PacketNumber): number {
  let steps = 0;
  for (let id = newest; id >= log.first && steps < MAX_STEPS; id = log.get(id, RST_PREVIOUS_RESET), steps++) {
    if (log.packet(id) === packet) return id;
    if (log.packet(id) > packet) continue;
    if (log.members(id) > 1 && holds(log.packets(id), packet)) return id;
  }
  return -1;
}

/** @param numbers ascending */
function holds(numbers: Uint32Array, wanted: number): boolean {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (numbers[middle] < wanted) low = middle + 1;
    else high = middle;
  }
  return numbers[low] === wanted;
}
