import { describe, expect, it } from 'vitest';
import { Conversation } from '../../../../test/support/conversation.ts';
import { judge, judgeFirst } from '../../../../test/support/capture-fixture.ts';

const far = { server: { ttl: 58 } };

describe('the story of a reset', () => {
  it('tells the handshake, what was said, the silence and the reset with the numbers of the connection', () => {
    const talk = new Conversation(far).handshake().exchange(417, 90).wait(60).clientSends(33);
    const { story } = judgeFirst(talk.rst({ from: 'server', ttl: 28, after: 0.0008 }));
    expect(story).toMatch(/ connected to .* UTC; the handshake took /);
    expect(story).toContain('The client sent 450 B in 2 packets, the server 90 B in 1 packet.');
    expect(story).toMatch(/For 60(\.\d)? s nobody sent anything; then the client sent 33 B\./);
    expect(story).toContain(
      "800 µs later a reset with the server's address came, with TTL 28 where the server's other packets have 58.",
    );
  });

  it('counts no byte of a keep-alive probe as data, and calls the probe by its name', () => {
    const talk = new Conversation(far)
      .handshake()
      .wait(7200)
      .keepAlive('client', { payload: new Uint8Array(1) });
    const { story } = judgeFirst(talk.rst({ from: 'server', ttl: 28, after: 0.003 }));
    expect(story).toContain('Neither side sent data before the reset.');
    expect(story).toContain('then the client sent a keep-alive probe.');
  });

  it('counts once what a side had to send several times, however it was cut', () => {
    const talk = new Conversation(far).handshake().exchange(40, 90).segment('server', { payload: 1400 });
    for (let again = 0; again < 3; again++) talk.retransmit('server', { after: 0.3 });
    const smaller = { seq: talk.server.next - 1400, payload: 1000, after: 0.3 };
    const { story } = judgeFirst(talk.segment('server', smaller).rst({ from: 'server', after: 1 }));
    expect(story).toContain('the server 1.49 kB in 2 packets');
  });

  it('does not tell a silence twice that the reset itself ended', () => {
    const { story } = judgeFirst(
      new Conversation(far).handshake().exchange(10, 10).rst({ from: 'server', after: 60 }),
    );
    expect(story).not.toContain('nobody sent anything');
    expect(story).toMatch(/60 s after .*a reset with the server's address/);
  });

  it('says of a refusal what asked for it', () => {
    const { story, sees } = judgeFirst(new Conversation(far).syn().rst({ from: 'server', style: 'reply' }));
    expect(story).toMatch(/ asked .* for a connection at /);
    expect(story).toContain("after the client's SYN, a reset with the server's address came");
    expect(sees).toEqual({ client: 'refused', server: 'own' });
  });

  it('says that the begin is not there where it is not', () => {
    const talk = new Conversation(far).uncaptured((t) => t.handshake()).exchange(10, 10);
    expect(judgeFirst(talk.rst({ from: 'server' })).story).toContain(
      'was open already when the capture began',
    );
  });

  it('tells that the packet of the reset was captured twice, whichever of the two is asked about', () => {
    const talk = new Conversation(far).handshake().exchange(10, 10).clientSends(10);
    const verdicts = judge(talk.rst({ from: 'server' }).capturedTwice(0.00002));
    expect(verdicts).toHaveLength(2);
    for (const { story } of verdicts)
      expect(story).toContain('The same packet was captured again 20 µs later, with TTL 58.');
  });

  it('calls a second reset no second capture of the first', () => {
    const talk = new Conversation(far).handshake().exchange(10, 10).clientSends(10);
    const { story } = judgeFirst(
      talk.rst({ from: 'server' }).rst({ from: 'server', ttl: 57, after: 0.00002 }),
    );
    expect(story).not.toContain('captured again');
  });

  it('names no maker, whoever the verdict names', () => {
    const talk = new Conversation(far).handshake().exchange(10, 10).clientSends(50);
    const { origin, story } = judgeFirst(
      talk
        .rst({ from: 'server', ttl: 40, ipId: 3, options: {}, after: 0.00001 })
        .serverSends(100, { after: 0.05 }),
    );
    expect(origin.kind).toBe('middlebox');
    expect(story).not.toMatch(/device|forged|injected/);
    expect(story).toContain('later the server still sent data');
  });
});

describe('what programs see', () => {
  it('a connection that is gone, and of the side that made it no error', () => {
    const { sees } = judgeFirst(new Conversation(far).handshake().exchange(10, 10).rst({ from: 'server' }));
    expect(sees).toEqual({ client: 'reset', server: 'own' });
  });

  it('nothing yet on the side in whose name a device reset', () => {
    const talk = new Conversation(far).handshake().exchange(10, 10).clientSends(50);
    const verdict = judgeFirst(
      talk
        .rst({ from: 'server', ttl: 40, ipId: 3, options: {}, after: 0.00001 })
        .serverSends(100, { after: 0.05 }),
    );
    expect(verdict.sees.server).toBe('unaware');
  });
});
