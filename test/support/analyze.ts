/** Runs packets through the engine as a capture file would. */
import type { Milliseconds } from '../../shared/base/units.ts';
import { Session } from '../../main/engine/session.ts';
import { LINKTYPE_ETHERNET, writePcap } from './capture-writer.ts';
import type { ConversationPacket } from './conversation.ts';

/** Reads the bytes of one capture file and judges its resets. */
export function analyzeBytes(bytes: Uint8Array, path = 'test.pcap'): Session {
  const session = new Session();
  session.startFile(path, 'none', false);
  session.feed(bytes);
  session.endFile(true);
  session.judgeFor(Number.POSITIVE_INFINITY as Milliseconds, () => 0 as Milliseconds);
  return session;
}

/** Packets of conversations, in nanosecond pcap. */
export function analyzePackets(
  packets: readonly ConversationPacket[],
  linkType: number = LINKTYPE_ETHERNET,
): Session {
  return analyzeBytes(writePcap({ nanos: true, linkType, packets }));
}
