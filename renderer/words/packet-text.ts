/** A packet in words, and its flags that matter to them. */
import { flagNames } from '../../shared/format/flags.ts';
import type { PacketRow } from '../../shared/model/rows.ts';
import { ORIGIN } from '../../shared/texts/origin.ts';
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

/** Kinds of packets that one can step through. */
export const PACKET_KINDS = ['reset', 'retransmission', 'zero-window', 'same-flow', 'marked'] as const;
export type PacketKind = (typeof PACKET_KINDS)[number];

/** What one steps to, for people. */
export const PACKET_KIND_NAMES: Readonly<Record<PacketKind, string>> = {
  reset: 'Reset',
  retransmission: 'Retransmission',
  'zero-window': 'Zero window',
  'same-flow': 'Packet of this flow',
  marked: 'Marked packet',
};

/** A row of a list of packets as a sentence. @param before the row above it */
export function listedPacketSentence(packet: PacketRow, before: PacketRow | undefined): string {
  const parts = [
    `frame ${packet.frame}`,
    ...(packet.source === ''
      ? []
      : [`from ${packet.sourceName || packet.source} to ${packet.destinationName || packet.destination}`]),
    packet.info === '' ? packet.protocol : packet.info,
    `${packet.length} bytes`,
  ];
  if (packet.origin !== 'none') parts.push(`sent by: ${ORIGIN[packet.origin].name}`);
  if (before !== undefined) parts.push(`${nanosText(Math.max(0, packet.timeNs - before.timeNs))} later`);
  return parts.filter((part) => part !== '').join(', ');
}
