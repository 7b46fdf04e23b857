/** A packet with its layers and bytes for unit tests: Ethernet, IPv4 and TCP, each with a field or two. */
import type { DetailNode, PacketDetail } from '../../shared/model/packet-detail.ts';
import type { PacketRow } from '../../shared/model/rows.ts';

export function samplePacketDetail({ packet, file, frame, length, ttl }: PacketRow): PacketDetail {
  const bytes = new Uint8Array(54);
  bytes[22] = ttl;
  return {
    packet,
    file,
    frame,
    layers: [
      line('eth', 'Ethernet', 0, 14),
      line('ip', 'Internet Protocol Version 4', 14, 34, [
        { ...line('ip.ttl', 'Time to Live', 22, 23), value: String(ttl), meaning: 'hops that it has left' },
      ]),
      line('tcp', 'Transmission Control Protocol', 34, 54, [line('tcp.flags', 'Flags', 46, 48)]),
    ],
    sources: [{ name: 'Frame', bytes }],
    capturedLength: bytes.length,
    wireLength: length,
    unreadable: null,
  };
}

function line(
  name: string,
  title: string,
  from: number,
  to: number,
  children: readonly DetailNode[] = [],
): DetailNode {
  return {
    ...{ name, title, from, to, children, value: '', source: 0, derived: false },
    ...{ meaning: '', definedIn: '', severity: 'plain', filter: '' },
  };
}
