/** All packets that are kept, in capture order, and where one stands among them. Packet numbers skip what chunks leave unused. */
import type { PacketNumber } from '../../../shared/base/units.ts';
import { CHUNK_PACKETS, chunkOf, rowOf } from '../store/packet-index.ts';
import type { PacketIndex } from '../store/packet-index.ts';

/** The packets at the places [from, from + count). */
export function packetsFrom(packets: PacketIndex, from: number, count: number): PacketNumber[] {
  const found: PacketNumber[] = [];
  let before = 0;
  for (let index = chunkOf(packets.oldest); index < packets.chunks.length && found.length < count; index++) {
    const { used } = packets.chunks[index];
    const start = Math.max(0, from + found.length - before);
    for (let row = start; row < used && found.length < count; row++) {
      found.push((index * CHUNK_PACKETS + row) as PacketNumber);
    }
    before += used;
  }
  return found;
}

/** −1 where it is not kept. */
export function placeOf(packets: PacketIndex, packet: PacketNumber): number {
  if (!packets.holds(packet) || rowOf(packet) >= packets.chunk(packet).used) return -1;
  let before = 0;
  for (let index = chunkOf(packets.oldest); index < chunkOf(packet); index++)
    before += packets.chunks[index].used;
  return before + rowOf(packet);
}

/** The packet that is a frame of a file; −1 where the file has none of that number, or it was let go. */
export function packetAt(packets: PacketIndex, file: number, frame: number): number {
  for (let index = chunkOf(packets.oldest); index < packets.chunks.length; index++) {
    const chunk = packets.chunks[index];
    if (chunk.file !== file || chunk.used === 0 || chunk.frame(chunk.used - 1) < frame) continue;
    // Frames ascend with the rows; records that are no packets leave gaps.
    let low = 0;
    let high = chunk.used - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (chunk.frame(middle) < frame) low = middle + 1;
      else high = middle;
    }
    return chunk.frame(low) === frame ? index * CHUNK_PACKETS + low : -1;
  }
  return -1;
}
