/** Which packet comes before another, and which is the first of a file: numbers skip the rest of a chunk that was closed early. */
import type { PacketNumber } from '../../../shared/base/units.ts';
import { CHUNK_PACKETS, type PacketIndex, chunkOf, rowOf } from '../store/packet-index.ts';

/** The packet before it in the order of the capture; undefined where it is the oldest that is kept. */
export function previousPacket(packets: PacketIndex, packet: PacketNumber): PacketNumber | undefined {
  let previous = packet - 1;
  if (rowOf(packet) === 0) {
    const chunk = chunkOf(packet) - 1;
    if (chunk < 0 || !packets.holds((chunk * CHUNK_PACKETS) as PacketNumber)) return undefined;
    previous = chunk * CHUNK_PACKETS + packets.usedOf(chunk) - 1;
  }
  return packets.holds(previous as PacketNumber) ? (previous as PacketNumber) : undefined;
}

/** The oldest packet that is kept of the same file. */
export function firstOfFile(packets: PacketIndex, packet: PacketNumber): PacketNumber {
  const file = packets.file(packet);
  let first = chunkOf(packet);
  for (let chunk = first - 1; chunk >= 0; chunk--) {
    const number = (chunk * CHUNK_PACKETS) as PacketNumber;
    if (!packets.holds(number) || packets.file(number) !== file) break;
    first = chunk;
  }
  return (first * CHUNK_PACKETS) as PacketNumber;
}
