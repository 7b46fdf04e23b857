/** Flows with many packets and many resets: bounded work, the same verdicts. */
import { describe, expect, it } from 'vitest';
import { judge } from '../../../test/support/capture-fixture.ts';
import { Conversation } from '../../../test/support/conversation.ts';

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

  it('judges a storm of answers in time that grows with it, and all of them as what they are', () => {
    const small = storm(300);
    const large = storm(1200);
    // Others run on this machine, too: of two measurements the one that was disturbed less.
    const smallMs = Math.min(small.ms, storm(300).ms);
    const largeMs = Math.min(large.ms, storm(1200).ms);
    expect(large.verdicts).toHaveLength(1200);
    expect(new Set(large.verdicts.map((verdict) => verdict.origin.kind))).toEqual(new Set(['endpoint']));
    expect(new Set(large.verdicts.map((verdict) => verdict.cause.code))).toEqual(
      new Set(['data-after-close']),
    );
    // Four times as many: work over all pairs would take sixteen times as long.
    expect(largeMs / smallMs).toBeLessThan(12);
  }, 120_000);
});

function storm(answers: number): { readonly verdicts: ReturnType<typeof judge>; readonly ms: number } {
  const talk = new Conversation({ server: { hops: 8, delay: 0.0001 } }).handshake().exchange(10, 10);
  talk.serverCloses().clientAcks();
  for (let i = 0; i < answers; i++) talk.clientSends(100).rst({ from: 'server', style: 'reply' });
  const started = performance.now();
  const verdicts = judge(talk);
  return { verdicts, ms: performance.now() - started };
}
