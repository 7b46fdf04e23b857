/** A packet in words, and its flags that matter to them. */
import { flagNames } from '../../shared/format/flags.ts';
import type { PacketRow } from '../../shared/model/rows.ts';
import { nanosText } from './values.ts';

const RST = 0x04;
const ACK = 0x10;

export function hasRst({ flags }: PacketRow): boolean {
  return (flags & RST) !== 0;
}

/** Without it the acknowledgement number means nothing. */
export function hasAck({ flags }: PacketRow): boolean {
  return (flags & ACK) !== 0;
}

/** For screen readers and titles. */
export function packetSentence(packet: PacketRow, before: PacketRow | undefined): string {
  const parts = [
    `frame ${packet.frame}`,
    packet.from === 'none' ? 'of another flow' : `from the ${packet.from}`,
    flagNames(packet.flags),
    `sequence ${packet.seq}`,
  ];
  if (packet.payload > 0) parts.push(`${packet.payload} bytes`);
  parts.push(`TTL ${packet.ttl}`);
  if (before !== undefined) parts.push(`${nanosText(Math.max(0, packet.timeNs - before.timeNs))} later`);
  if (packet.notes !== '') parts.push(packet.notes);
  return parts.join(', ');
}
