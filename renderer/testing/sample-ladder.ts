/** Packets for tests of the ladder, told in a few letters each. */
import { makeLadderColumns } from '../../shared/columns/ladder.ts';
import type { FlowPackets } from '../ladder/flow-packets.ts';
import { flowPackets } from '../ladder/flow-packets.ts';

export interface SamplePacket {
  readonly from?: 'client' | 'server';
  readonly atMs?: number;
  readonly flags?: number;
  readonly seq?: number;
  readonly ack?: number;
  readonly payload?: number;
  readonly marks?: number;
  readonly ttl?: number;
  readonly reset?: number;
}

const ACK = 0x10;

/** A packet each millisecond, from the server with an acknowledgement alone, unless it says otherwise. */
export function samplePackets(packets: readonly SamplePacket[]): FlowPackets {
  const columns = makeLadderColumns(packets.length);
  packets.forEach((packet, index) => {
    columns.timeNs[index] = (packet.atMs ?? index) * 1e6;
    columns.packet[index] = 10 + index;
    columns.frame[index] = 1 + index;
    columns.flags[index] = packet.flags ?? ACK;
    columns.seq[index] = packet.seq ?? 1;
    columns.ack[index] = packet.ack ?? 1;
    columns.payload[index] = packet.payload ?? 0;
    columns.length[index] = 54 + (packet.payload ?? 0);
    columns.marks[index] = packet.marks ?? 0;
    columns.ttl[index] = packet.ttl ?? (packet.from === 'client' ? 64 : 50);
    columns.reset[index] = packet.reset ?? -1;
    columns.from[index] = packet.from === 'client' ? 0 : 1;
  });
  return flowPackets(columns, {
    isTcp: true,
    ipVersion: 4,
    baseSeq: { client: 0, server: 0 },
    windowShift: { client: 7, server: 7 },
  });
}

/** A download: data of the server, acknowledged by the client after every second segment. */
export function sampleDownload(segments: number): SamplePacket[] {
  const packets: SamplePacket[] = [];
  for (let i = 0; i < segments; i++) {
    packets.push({ seq: 1 + i * 1000, payload: 1000 });
    if (i % 2 === 1) packets.push({ from: 'client', ack: 1 + (i + 1) * 1000 });
  }
  return packets;
}
