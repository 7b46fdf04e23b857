/** One packet with everything that is known of it: read from its file again and taken apart. */
import type { PacketNumber } from '../../shared/base/units.ts';
import { RpcError } from '../../shared/contract/errors.ts';
import type { PacketDetail } from '../../shared/model/packet-detail.ts';
import { FlowPlaces } from '../engine/answers/flow-places.ts';
import { IndexContext } from '../engine/answers/packet-context.ts';
import { previousPacket } from '../engine/answers/packet-order.ts';
import { TreeReader } from '../engine/dissect/dissect.ts';
import { PAYLOAD_ELSEWHERE } from '../engine/store/packet-columns.ts';
import type { Analysis } from './analysis.ts';
import { PacketBytes } from './packet-bytes.ts';

/** Packets before a fragment among which the others of its datagram are looked for. */
const FRAGMENT_SEARCH = 256;

/** @throws RpcError 'not-found' where the packet never was, or was let go */
export async function packetDetail(analysis: Analysis, packet: PacketNumber): Promise<PacketDetail> {
  const { session } = analysis;
  const { packets } = session;
  if (!packets.has(packet)) {
    throw new RpcError('not-found', `Packet number ${packet} is not here: it was let go, or never was.`);
  }
  const place = { packet, file: packets.file(packet), frame: packets.frame(packet) };
  const wireLength = packets.wire(packet);
  const bytes = new PacketBytes(analysis);
  const read = await bytes.read(packet);
  if (read.unreadable !== null) {
    return { ...place, layers: [], sources: [], capturedLength: 0, wireLength, unreadable: read.unreadable };
  }
  const context = new IndexContext(session, new FlowPlaces(packets, session.flows, session.flowView));
  const reader = new TreeReader();
  if (packets.payloadAt(packet) === PAYLOAD_ELSEWHERE) {
    await passFragments(analysis, bytes, packet, (before) => {
      reader.pass(before, context.bind(before.packet, before.interfaceId));
    });
  }
  const tree = reader.read(read, context.bind(packet, read.interfaceId));
  return {
    ...place,
    ...tree,
    capturedLength: read.capturedLength,
    wireLength: read.wireLength,
    unreadable: null,
  };
}

/** Shows the packets before one to whoever puts its datagram together. */
async function passFragments(
  { session }: Analysis,
  bytes: PacketBytes,
  packet: PacketNumber,
  pass: (before: Extract<Awaited<ReturnType<PacketBytes['read']>>, { unreadable: null }>) => void,
): Promise<void> {
  const numbers: PacketNumber[] = [];
  let at: PacketNumber | undefined = previousPacket(session.packets, packet);
  while (at !== undefined && numbers.length < FRAGMENT_SEARCH) {
    numbers.push(at);
    at = previousPacket(session.packets, at);
  }
  for await (const piece of bytes.inOrder(numbers.reverse(), new AbortController().signal)) {
    for (const one of piece) if (one.unreadable === null) pass(one);
  }
}
