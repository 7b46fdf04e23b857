/** Finds a packet by the number that people know it by. */
import type { PacketIndex } from '../engine/store/packet-index.ts';

/** The number of a frame; −1 where that file has no such frame, or it was let go. */
export function frameAt(packets: PacketIndex, file: number, frame: number): number {
  for (let index = 0; index < packets.chunkCount; index++) {
    if (!packets.holdsChunk(index) || packets.fileOfChunk(index) !== file) continue;
    const frameOf = (row: number): number => packets.frame(packets.numberAt(index, row));
    let low = 0;
    let high = packets.usedOf(index) - 1;
    if (high < 0 || frame < frameOf(low) || frame > frameOf(high)) continue;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (frameOf(middle) < frame) low = middle + 1;
      else high = middle;
    }
    return frameOf(low) === frame ? packets.numberAt(index, low) : -1;
  }
  return -1;
}
