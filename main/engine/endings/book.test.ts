/** Endings of an endless capture: what was let go stays counted, once, and what is kept stays bounded. */
import { describe, expect, it } from 'vitest';
import type { Milliseconds } from '../../../shared/base/units.ts';
import { Conversation } from '../../../test/support/conversation.ts';
import { EndlessTraffic } from '../../../test/support/endless-traffic.ts';
import { LIMITS } from '../limits.ts';
import type { RetentionOptions } from '../retention/retention-options.ts';
import { LIVE_RETENTION } from '../retention/retention-options.ts';
import { Session } from '../session.ts';

const FAR = {
  client: { address: '10.1.0.0', port: 40_000, hops: 3 },
  server: { address: '198.51.100.0', hops: 5, delay: 0.01 },
};
const FOREVER = Number.POSITIVE_INFINITY as Milliseconds;

describe('the book of endings', () => {
  it('counts each flow of an endless capture once, whether it is kept or not', () => {
    const polite = new Conversation(FAR).handshake().exchange(20, 30).clientAcks().closes('client').packets;
    const early = new Conversation(FAR)
      .handshake()
      .clientSends('GET / HTTP/1.1\r\n\r\n')
      .serverAcks()
      .closes('server');
    const traffic = [
      { of: new EndlessTraffic(polite.slice(0, 10)), size: 10 },
      { of: new EndlessTraffic(early.packets), size: early.packets.length },
    ];
    const options: RetentionOptions = { ...LIVE_RETENTION, maxPackets: 1 << 17, settleSeconds: 1 };
    const session = new Session(options);
    session.startFile('live.pcap', 'none', false);
    session.feed(traffic[0].of.header);
    const FLOWS = 60_000;
    let failed = 0;
    for (let from = 0; from < FLOWS; from += 1000) {
      const isFailing = (from / 1000) % 4 === 3;
      if (isFailing) failed += 1000;
      for (const chunk of traffic[isFailing ? 1 : 0].of.chunks(from, 1000, 50_000)) session.feed(chunk);
      session.reconsider(true);
      let now = 0;
      session.judgeFor(50 as Milliseconds, () => now++ as Milliseconds);
    }
    expect(session.packets.gone).toBeGreaterThan(0);
    session.endFile(true);
    session.judgeFor(FOREVER, () => 0 as Milliseconds);
    const report = session.failures.report();
    expect(report.connections).toBe(FLOWS);
    expect(report.counts).toMatchObject({ clean: FLOWS - failed, 'closed-early': failed });
    expect(report).toMatchObject({ failures: failed, failuresThatMatter: failed });
    expect(session.failures.count).toBeLessThanOrEqual(2 * LIMITS.maxFailures);
    expect(session.failures.rows(0, 3)).toHaveLength(3);
  });

  it('shows what the sweep before found until a new one is through', () => {
    const talk = new Conversation(FAR)
      .syn()
      .retransmit('client', { after: 1 })
      .retransmit('client', { after: 2 });
    const traffic = new EndlessTraffic(talk.packets);
    const session = new Session();
    session.startFile('a.pcap', 'none', false);
    session.feed(traffic.header);
    for (const chunk of traffic.chunks(0, 600, 10)) session.feed(chunk);
    session.endFile(true);
    expect(session.failures.report().connections).toBe(0);
    let now = 0;
    expect(session.judgeFor(1 as Milliseconds, () => now++ as Milliseconds)).toBe(false);
    expect(session.failures.report().connections).toBe(0);
    session.judgeFor(FOREVER, () => 0 as Milliseconds);
    expect(session.failures.report().connections).toBe(600);
    const [row] = session.failures.rows(0, 1);
    expect(session.failures.detail(row.id as never)?.packets.length).toBeGreaterThan(0);
    expect(session.failures.detail(99_999 as never)).toBeUndefined();
  });
});
