/** Flows with many packets and many resets: bounded work, the same verdicts. */
import { describe, expect, it } from 'vitest';
import { analyzePackets } from '../../../test/support/analyze.ts';
import { judge } from '../../../test/support/capture-fixture.ts';
import { Conversation } from '../../../test/support/conversation.ts';
import { LIMITS } from '../limits.ts';
import { ResetJudge } from './judge.ts';

describe('long flows', () => {
  it('judges a reset in the middle of 12,000 packets by what surrounds it', () => {
    const talk = new Conversation({ server: { hops: 8, delay: 0.0001 } }).handshake();
    for (let i = 0; i < 1500; i++) talk.exchange(20, 20);
    talk.clientSends('bad').rst({ from: 'server', ttl: 60, options: {}, after: 0.00001 });
    for (let i = 0; i < 1500; i++) talk.exchange(20, 20);
    const [verdict] = judge(talk);
    expect(verdict.origin.kind).toBe('middlebox');
    expect(verdict.limitations.join()).toMatch(/connection is long/);
    expect(verdict.codes).toContain('sender-hears-on');
  });

  it('judges a storm of answers as what they are', () => {
    const verdicts = judge(storm(300));
    // The rest is one burst.
    expect(verdicts).toHaveLength(LIMITS.maxResetsOfFlow + 1);
    expect(new Set(verdicts.map((verdict) => verdict.origin.kind))).toEqual(new Set(['endpoint']));
    expect(new Set(verdicts.map((verdict) => verdict.cause.code))).toEqual(new Set(['data-after-close']));
  });

  it('reads each packet of a storm a few times, however many resets it has', () => {
    // More packets than a window holds.
    const talk = storm(0.6 * LIMITS.maxJudgedPackets);
    const view = analyzePackets(talk.packets);
    const packets = counted(view.packets, 'holds');
    const resets = counted(view.resets, 'get');
    const addresses = counted(view.addresses, 'visitFlows');
    const judgement = new ResetJudge(view);
    for (let id = 0; id < view.resets.count; id++) judgement.classify(id);
    // A counter that missed the calls would keep every bound: each packet and each reset is looked at.
    expect(packets.calls).toBeGreaterThanOrEqual(talk.packets.length);
    expect(resets.calls).toBeGreaterThanOrEqual(view.resets.count);
    expect(addresses.calls).toBeGreaterThan(0);
    // Windows overlap: a packet is read again with every new one that holds it.
    expect(packets.calls).toBeLessThan(MOST_READS * talk.packets.length);
    // Every reset is held against a bounded number of others.
    expect(resets.calls).toBeLessThan(MOST_READS_OF_RESETS * view.resets.count);
    // What is known of an address is learned once.
    expect(addresses.calls).toBeLessThanOrEqual(2);
  });
});

/** How often each packet of the storm may be read, and how many fields of resets while one is judged. */
const MOST_READS = 10;
const MOST_READS_OF_RESETS = 300;

/** Counts the calls of a method from now on. */
function counted<Name extends string>(
  target: Record<Name, (...args: never[]) => unknown>,
  name: Name,
): { calls: number } {
  const count = { calls: 0 };
  const method = target[name];
  target[name] = (...args: never[]): unknown => {
    count.calls++;
    return method.apply(target, args);
  };
  return count;
}

/** The server has closed; whatever the client still sends is answered with a reset. */
function storm(answers: number): Conversation {
  const talk = new Conversation({ server: { hops: 8, delay: 0.0001 } }).handshake().exchange(10, 10);
  talk.serverCloses().clientAcks();
  for (let i = 0; i < answers; i++) talk.clientSends(100).rst({ from: 'server', style: 'reply' });
  return talk;
}
