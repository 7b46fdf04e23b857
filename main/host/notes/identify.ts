/**
 * By what captures are known again: computed where packets are read. Only a capture that was read whole has an identity.
 */
import { createHash } from 'node:crypto';
import type { PacketNumber } from '../../../shared/base/units.ts';
import { sampledPlaces, type CaptureIdentity } from '../../../shared/notes/identity.ts';
import type { Session } from '../../engine/session.ts';
import type { Analysis } from '../analysis.ts';
import { PacketBytes } from '../packet-bytes.ts';

const NS_PER_US = 1000n;

/**
 * Of the file with that number; undefined where it holds no packet, or its bytes cannot be read again.
 * Lengths and bytes of sampled packets go in, and times in microseconds: what converting between formats keeps.
 */
export async function identify(
  analysis: Analysis,
  file: number,
  signal: AbortSignal,
): Promise<CaptureIdentity | undefined> {
  const { session } = analysis;
  const { total, at } = placesOf(session, file);
  if (total === 0) return undefined;
  const sampled = sampledPlaces(total).map(at);
  const hash = createHash('sha256');
  const lengths = new DataView(new ArrayBuffer(8));
  for await (const piece of new PacketBytes(analysis).inOrder(sampled, signal)) {
    for (const one of piece) {
      if (one.unreadable !== null) return undefined;
      lengths.setUint32(0, one.capturedLength);
      lengths.setUint32(4, one.wireLength);
      hash.update(new Uint8Array(lengths.buffer));
      hash.update(one.data.subarray(one.start, one.start + one.capturedLength));
    }
  }
  signal.throwIfAborted();
  const firstUs = microseconds(session, at(0));
  const lastUs = microseconds(session, at(total - 1));
  hash.update(`${total} ${firstUs} ${lastUs}`);
  return { sha256: hash.digest('hex'), packets: total, firstUs, lastUs };
}

function microseconds({ epochNs, packets }: Session, packet: PacketNumber): string {
  const ns = (epochNs ?? 0n) + BigInt(Math.round(packets.time(packet)));
  // Towards the past, as stamps of microseconds are cut.
  return String(ns >= 0n ? ns / NS_PER_US : -((NS_PER_US - 1n - ns) / NS_PER_US));
}

/** The packets of a file by their place in it: numbers skip the rest of a chunk that was closed early. */
function placesOf(
  { packets }: Session,
  file: number,
): { total: number; at: (place: number) => PacketNumber } {
  const chunks: { index: number; before: number }[] = [];
  let total = 0;
  for (let index = 0; index < packets.chunkCount; index++) {
    if (packets.fileOfChunk(index) !== file) continue;
    chunks.push({ index, before: total });
    total += packets.usedOf(index);
  }
  const at = (place: number): PacketNumber => {
    let low = 0;
    let high = chunks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (chunks[middle].before <= place) low = middle;
      else high = middle - 1;
    }
    return packets.numberAt(chunks[low].index, place - chunks[low].before);
  };
  return { total, at };
}
