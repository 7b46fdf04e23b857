/** Three million packets, as a capture of days has them: the analysis stays as small as its options say. */
import type { Milliseconds } from '../../../shared/base/units.ts';
import { describe, expect, it } from 'vitest';
import { Conversation } from '../../../test/support/conversation.ts';
import { EndlessTraffic } from '../../../test/support/endless-traffic.ts';
import { Session } from '../session.ts';
import { CHUNK_PACKETS } from '../store/packet-index.ts';
import type { RetentionOptions } from './retention-options.ts';
import { LIVE_RETENTION } from './retention-options.ts';

const FAR = {
  client: { address: '10.1.0.0', port: 40_000, hops: 3 },
  server: { address: '198.51.100.0', hops: 5, delay: 0.01 },
};

describe('a capture that goes on and on', () => {
  it('stays as small as it was', () => {
    // Ten packets each; of 64,000 flows the last 1,000 are reset.
    const polite10 = new Conversation(FAR).handshake().exchange(20, 30).clientAcks().closes('client').packets;
    const reset10 = new Conversation(FAR)
      .handshake()
      .exchange(20, 30)
      .clientSends(5)
      .serverAcks()
      .rst({ from: 'server' }).packets;
    const traffic = [new EndlessTraffic(polite10.slice(0, 10)), new EndlessTraffic(reset10.slice(0, 10))];
    const MOST_PACKETS = 1 << 18;
    const options: RetentionOptions = {
      ...LIVE_RETENTION,
      maxPackets: MOST_PACKETS,
      maxFlows: 30_000,
      maxResets: 500,
      settleSeconds: 1,
    };
    const session = new Session(options);
    session.startFile('live.pcap', 'none', false);
    session.feed(traffic[0].header);
    const FLOWS = 300_000;
    let now = 0;
    for (let from = 0; from < FLOWS; from += 1000) {
      const kind = (from / 1000) % 64 === 63 ? 1 : 0;
      for (const chunk of traffic[kind].chunks(from, 1000, 50_000)) session.feed(chunk);
      session.reconsider(true);
      // Bounded steps, as a host judges.
      now = 0;
      session.judgeFor(50 as Milliseconds, () => now++ as Milliseconds);
      expect(session.packets.chunksHeld).toBeLessThanOrEqual(MOST_PACKETS / CHUNK_PACKETS);
      expect(session.flows.live).toBeLessThanOrEqual(30_000);
      expect(session.resets.blocksHeld).toBeLessThanOrEqual(8);
    }
    session.endFile(true);
    session.judgeFor(Number.POSITIVE_INFINITY as Milliseconds, () => 0 as Milliseconds);
    const summary = session.summary();
    const resets = 1000 * Math.floor(FLOWS / 64_000);
    expect(summary).toMatchObject({ packets: 10 * FLOWS, flows: FLOWS, resets });
    expect(session.flows.records).toBeLessThan(30_000 + 512 + 1);
    expect(session.addresses.count).toBeLessThan(100);
    expect(session.packets.bytes).toBeLessThan(16 * 1024 * 1024);
    const { list } = session.findings(session.resetIds(), 1000);
    expect(list.reduce((sum, { count }) => sum + count, 0)).toBe(resets);
    expect(session.resetIds().length).toBeLessThan(30_000);
  });
});
