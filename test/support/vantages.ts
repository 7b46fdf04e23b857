/** Packets captured at several places, through the engine: each list is one capture. */
import type { Milliseconds } from '../../shared/base/units.ts';
import { Session } from '../../main/engine/session.ts';
import { writePcap } from './capture-writer.ts';
import type { ConversationPacket } from './conversation.ts';

/** Reads each capture as a timeline of its own, and joins them. */
export function joinCaptures(...captures: readonly (readonly ConversationPacket[])[]): Session {
  return joinCut(0x4_0000, ...captures);
}

/** As `joinCaptures`, of each packet no more than the first `snapLength` bytes. */
export function joinCut(
  snapLength: number,
  ...captures: readonly (readonly ConversationPacket[])[]
): Session {
  const session = new Session();
  session.expectJoin();
  for (const [at, packets] of captures.entries()) {
    session.startFile(`${at + 1}.pcap`, 'none', false);
    session.feed(
      writePcap({ nanos: true, packets: inTime(packets).map((packet) => cut(packet, snapLength)) }),
    );
    session.endFile(true);
  }
  session.startJoining();
  session.joinFor(Number.POSITIVE_INFINITY as Milliseconds, () => 0 as Milliseconds);
  return session;
}

function inTime(packets: readonly ConversationPacket[]): ConversationPacket[] {
  return [...packets].sort((a, b) => Number(a.timeNs - b.timeNs));
}

function cut({ timeNs, data }: ConversationPacket, snapLength: number) {
  return { timeNs, data: data.subarray(0, snapLength), wireLength: data.length };
}
