/**
 * The same packets at another point of the path: a conversation is told as one capture point sees it, and `atPlace` makes of it what a
 * second one holds.
 *
 *   const talk = new Conversation({ server: { hops: 6, delay: 0.02 } }).handshake().exchange(100, 200);
 *   const server = atPlace(talk.packets, { hops: 6, delay: 0.01 });
 *   const session = analyzeTogether({ 'client.pcap': talk.packets, 'server.pcap': server });
 *
 * Only IPv4 over Ethernet. Checksums of TCP are left as they are: nothing that joins looks at them.
 */
import type { Milliseconds } from '../../shared/base/units.ts';
import { Session } from '../../main/engine/session.ts';
import { writePcap } from './capture-writer.ts';
import type { ConversationPacket, Side } from './conversation.ts';

const IP = 14;
const TTL = IP + 8;
const CHECKSUM = IP + 10;
const SOURCE = IP + 12;
const DESTINATION = IP + 16;
const HEADER_BYTES = 20;

export interface PlaceOptions {
  /** Routers from the first capture point to this one, towards the server. */
  readonly hops: number;
  /** Seconds that packets take from one to the other. */
  readonly delay: number;
  /** Seconds that this point's clock is ahead. */
  readonly clock?: number;
  /** Whether a packet of the first point is not captured here. @param index its place among all */
  readonly without?: (index: number, from: Side, data: Uint8Array) => boolean;
  /** The client's address here, where it is translated. */
  readonly client?: string;
}

export function atPlace(packets: readonly ConversationPacket[], options: PlaceOptions): ConversationPacket[] {
  const clients = new Set(packets.filter(({ data }) => isSyn(data)).map(({ data }) => sourceOf(data)));
  return packets
    .flatMap(({ timeNs, data }, index): ConversationPacket[] => {
      const from: Side = clients.has(sourceOf(data)) ? 'client' : 'server';
      if (options.without?.(index, from, data) === true) return [];
      const later = seconds(from === 'client' ? options.delay : -options.delay) + seconds(options.clock ?? 0);
      return [{ timeNs: timeNs + later, data: movedTo(data, from, options) }];
    })
    .sort((a, b) => (a.timeNs < b.timeNs ? -1 : a.timeNs > b.timeNs ? 1 : 0));
}

function seconds(value: number): bigint {
  return BigInt(Math.round(value * 1e9));
}

function isSyn(data: Uint8Array): boolean {
  return (data[IP + HEADER_BYTES + 13] & 0x12) === 0x02;
}

function sourceOf(data: Uint8Array): string {
  return data.subarray(SOURCE, SOURCE + 4).join('.');
}

function movedTo(data: Uint8Array, from: Side, { hops, client }: PlaceOptions): Uint8Array {
  const moved = data.slice();
  moved[TTL] += from === 'client' ? -hops : hops;
  if (client !== undefined) {
    moved.set(client.split('.').map(Number), from === 'client' ? SOURCE : DESTINATION);
  }
  const view = new DataView(moved.buffer);
  view.setUint16(CHECKSUM, 0);
  let sum = 0;
  for (let at = IP; at < IP + HEADER_BYTES; at += 2) sum += view.getUint16(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  view.setUint16(CHECKSUM, ~sum & 0xffff);
  return moved;
}

/** All packets of one capture point in their order. */
export function together(...parts: readonly (readonly ConversationPacket[])[]): ConversationPacket[] {
  return parts.flat().sort((a, b) => (a.timeNs < b.timeNs ? -1 : a.timeNs > b.timeNs ? 1 : 0));
}

/** Reads captures by their names, each of a point of its own, joins and judges them. */
export function analyzeTogether(captures: Readonly<Record<string, readonly ConversationPacket[]>>): Session {
  const session = new Session();
  session.expectJoin();
  const now = (): Milliseconds => 0 as Milliseconds;
  const forever = Number.POSITIVE_INFINITY as Milliseconds;
  for (const [path, packets] of Object.entries(captures)) {
    session.startFile(path, 'none', false);
    session.feed(writePcap({ nanos: true, packets }));
    session.endFile(true);
  }
  session.startJoining();
  session.joinFor(forever, now);
  session.judgeFor(forever, now);
  return session;
}
