/** Captures that record the direction of packets (Linux cooked captures): what left the machine, what came in. */
import { describe, expect, it } from 'vitest';
import { judgeOn } from '../../../test/support/capture-fixture.ts';
import { Conversation } from '../../../test/support/conversation.ts';
import type { Side } from '../../../test/support/conversation.ts';
import { sll } from '../../../test/support/packet-builder.ts';

const LINUX_SLL = 113;
const TO_US = 0;
const FROM_US = 4;

/** A conversation captured on a machine; `outbound` tells which packets leave it, by sender and number (from 0). */
function capturedOn(outbound: (from: Side, n: number) => boolean): Conversation {
  let n = 0;
  return new Conversation({
    server: { hops: 4, delay: 0.01 },
    link: (packet, from) => sll({ packetType: outbound(from, n++) ? FROM_US : TO_US }, packet),
  });
}

describe('the direction of capture', () => {
  it('is certain of a reset that leaves the host it claims', () => {
    const talk = capturedOn((from) => from === 'client')
      .handshake()
      .exchange(10, 10)
      .clientSends(5);
    const [verdict] = judgeOn(LINUX_SLL, talk.rst({ from: 'client' }));
    expect(verdict.origin).toMatchObject({ kind: 'endpoint', side: 'client' });
    expect(verdict.codes).toContain('sent-from-here');
    expect(verdict.path.capturePoint).toBe('client');
  });

  it('is certain that a reset with the own address from outside is forged', () => {
    const talk = capturedOn((from, n) => from === 'client' && n < 8)
      .handshake()
      .exchange(10, 10)
      .serverSends(5);
    const [verdict] = judgeOn(LINUX_SLL, talk.rst({ from: 'client' }));
    expect(verdict.origin.kind).toBe('middlebox');
    expect(verdict.codes).toContain('own-address-from-outside');
  });

  it('does not take a machine that forwards for the host whose packets it was late to capture', () => {
    const answer = capturedOn((_, n) => n !== 1 && n !== 3)
      .uncaptured((talk) => talk.handshake().exchange(10, 10))
      .clientSends(10)
      .serverSends(5)
      .serverSends(5);
    const [verdict] = judgeOn(LINUX_SLL, answer.rst({ from: 'client', style: 'reply' }));
    expect(verdict.codes).not.toContain('own-address-from-outside');
  });

  it('sees what the capturing machine makes in the name of another', () => {
    const talk = capturedOn((from, n) => from === 'client' || n >= 8)
      .handshake()
      .exchange(10, 10)
      .clientSends(5);
    const [verdict] = judgeOn(LINUX_SLL, talk.rst({ from: 'server', ttl: 64, options: {}, ipId: 0 }));
    expect(verdict.origin.kind).toBe('middlebox');
    expect(verdict.origin.label).toMatch(/^the capturing machine/);
  });
});
