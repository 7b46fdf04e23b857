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

/** What identifies a packet, in a text that is pasted into a ticket. @param isDatagram as for packetSentence */
export function packetText({ flags, rawSeq, rawAck, payload, ttl }: PacketRow, isDatagram: boolean): string {
  const numbers = isDatagram ? `UDP len ${payload}` : `${flagNames(flags)} seq ${rawSeq} ack ${rawAck}`;
  return `${numbers} ttl ${ttl}`;
}

/** For screen readers and titles. @param isDatagram it has neither flags nor numbers */
export function packetSentence(
  packet: PacketRow,
  before: PacketRow | undefined,
  isDatagram: boolean,
): string {
  const parts = [
    `frame ${packet.frame}`,
    packet.from === 'none' ? 'of another flow' : `from the ${packet.from}`,
    ...(isDatagram ? ['UDP'] : [flagNames(packet.flags), `sequence ${packet.seq}`]),
  ];
  if (packet.payload > 0) parts.push(`${packet.payload} bytes`);
  parts.push(`TTL ${packet.ttl}`);
  if (before !== undefined) parts.push(`${nanosText(Math.max(0, packet.timeNs - before.timeNs))} later`);
  if (packet.notes !== '') parts.push(packet.notes);
  return parts.join(', ');
}
