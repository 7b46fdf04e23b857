/** The constants by which a device of a topology moves sequence numbers, and numbers put back to what they are on the client's side. */
import type { Segment } from './frames.ts';
import { RST, ACK } from './frames.ts';
import type { TopologyPlan } from './plan.ts';

/** As programs/renumber.c computes it. */
export function shiftOf(
  { secret, moves }: NonNullable<TopologyPlan['renumber']>,
  side: 'client' | 'server',
  clientPort: number,
  serverPort: number,
): number {
  if (!moves.includes(side)) return 0;
  const bytes = Buffer.alloc(9);
  bytes.writeUInt32BE(secret, 0);
  bytes[4] = side === 'client' ? 0 : 1;
  bytes.writeUInt16BE(clientPort, 5);
  bytes.writeUInt16BE(serverPort, 7);
  let hash = 2_166_136_261;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 16_777_619);
  return hash >>> 0;
}

/**
 * A segment with the numbers that it has on the client's side of the device.
 * @param nodes of the path, from the client on, and who speaks with which address
 * @param position where on the path the segment was seen
 */
export function onClientSide<T extends Segment>(
  plan: TopologyPlan,
  nodes: readonly string[],
  owners: ReadonlyMap<string, string>,
  position: number,
  segment: T,
): T {
  const { renumber } = plan;
  // Whatever else sits on its link lies before it.
  if (renumber === null || segment.flags < 0 || position <= renumber.link + 0.5) return segment;
  const isBefore = (address: string): boolean => {
    const at = nodes.indexOf(owners.get(address) ?? '');
    return at >= 0 && at <= renumber.link;
  };
  const fromClient = isBefore(segment.source);
  // Both ends lie behind it.
  if (!fromClient && !isBefore(segment.target)) return segment;
  const ports: [number, number] = fromClient
    ? [segment.sourcePort, segment.targetPort]
    : [segment.targetPort, segment.sourcePort];
  const client = shiftOf(renumber, 'client', ...ports);
  const server = shiftOf(renumber, 'server', ...ports);
  const hasNoNumber = (segment.flags & RST) !== 0 && segment.seq === 0;
  const seq = fromClient ? segment.seq - client : segment.seq + server;
  const ack = fromClient ? segment.ack + server : segment.ack - client;
  return {
    ...segment,
    seq: hasNoNumber ? segment.seq : seq >>> 0,
    ack: (segment.flags & ACK) === 0 ? segment.ack : ack >>> 0,
  };
}
