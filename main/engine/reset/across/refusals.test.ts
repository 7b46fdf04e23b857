/** What the times of acceptances and refusals of one service say. */
import { describe, expect, it } from 'vitest';
import type { Judged } from '../../../../test/support/capture-fixture.ts';
import { judge } from '../../../../test/support/capture-fixture.ts';
import { Conversation } from '../../../../test/support/conversation.ts';
import type { PeerOptions } from '../../../../test/support/conversation.ts';

/** BSD, macOS and Windows begin with this window; Linux does not. */
const BSD = { synWindow: 65_535 } as const;
let clientPort = 0;

function connect(at: number, server: PeerOptions): Conversation {
  clientPort = (clientPort + 1) % 20_000;
  return new Conversation({
    client: { port: 40_000 + clientPort, hops: 2 },
    server: { hops: 1, delay: 0.0001, ...server },
  }).wait(at);
}

const accepted = (at: number, server: PeerOptions = BSD, served = 0.01): Conversation =>
  connect(at, server).handshake().clientSends(50).serverSends(200, { after: served }).closes('server');
const refused = (at: number, server: PeerOptions = BSD): Conversation => connect(at, server).refused();

/** 'a' accepts, 'r' refuses; one each `step` seconds. */
const story = (letters: string, step: number, server: PeerOptions = BSD, served = 0.01): Conversation[] =>
  [...letters].map((letter, n) =>
    letter === 'a' ? accepted(n * step, server, served) : refused(n * step, server),
  );

const codes = (verdicts: readonly Judged[]): string[] => [
  ...new Set(verdicts.map(({ cause }) => cause.code)),
];
const patterns = (verdicts: readonly Judged[]): string[] => [
  ...new Set(
    verdicts.flatMap((verdict) =>
      verdict.codes.filter((code) => /^(refused-|nothing-acc|accepted-)/.test(code)),
    ),
  ),
];

describe('refusals in time', () => {
  it.each([
    ['among acceptances within milliseconds', story('aaaaarararrarar', 0.001)],
    ['at the end of a burst, while the accepted ones are served', story('aaaaaaarrrrr', 0.001)],
    ['until one is served', story('aaaaaarrrrrrrrrrrrrrrrrrarrrrrrrrrrarrrrrrrrr', 0.003, BSD, 0.1)],
  ])('%s show a full queue', (_, talks) => {
    const verdicts = judge(...talks);
    expect(codes(verdicts)).toEqual(['listen-overflow']);
    expect(verdicts.every(({ matters }) => matters)).toBe(true);
    expect(verdicts[0].next).toMatch(/backlog.*somaxconn/);
  });

  it('Linux drops a SYN rather than reset it: there they show a limit or another host', () => {
    const verdicts = judge(...story('aaaaarararrarar', 0.001, {}));
    expect(codes(verdicts)).toEqual(['connection-refused']);
    expect(verdicts[0].cause.confidence).toBeLessThan(0.6);
    expect(verdicts[0].next).not.toContain('does the service listen');
  });

  it('on another port say nothing', () => {
    const verdicts = judge(...story('aaaaaaaa', 0.001), ...story('rrrr', 0.002, { ...BSD, port: 81 }));
    expect(codes(verdicts)).toEqual(['connection-refused']);
    expect(patterns(verdicts)).toEqual(['nothing-accepted']);
  });

  it.each([
    ['few connects', story('aaaarrrraaaa', 2)],
    ['many connects', story(`${'a'.repeat(60)}${'r'.repeat(300)}${'a'.repeat(60)}`, 0.005, BSD, 0.001)],
  ])('for a while are a restart (%s)', (_, talks) => {
    const verdicts = judge(...talks);
    expect(codes(verdicts)).toEqual(['connection-refused']);
    expect(patterns(verdicts)).toEqual(['refused-for-a-while']);
    expect(verdicts[0].next).toMatch(
      /^Look for a restart .* between \d\d:\d\d:\d\d\.\d UTC and .* was down in that time/,
    );
    expect(verdicts.every(({ matters }) => matters)).toBe(true);
  });

  it('after the last acceptance, and before the first', () => {
    expect(patterns(judge(...story('aaaarrrr', 2)))).toEqual(['refused-since']);
    expect(patterns(judge(...story('rrrraaaa', 2)))).toEqual(['refused-until']);
  });

  it('in turns show one of several hosts', () => {
    const near = { synWindow: 65_535, hops: 1 };
    const far = { synWindow: 65_535, hops: 3 };
    const talks = [...'nfrnfrnfrnfr'].map((letter, n) =>
      letter === 'r' ? refused(n, near) : accepted(n, letter === 'n' ? near : far),
    );
    const verdicts = judge(...talks);
    expect(patterns(verdicts)).toEqual(['refused-in-turns']);
    expect(verdicts[0].next).toMatch(/at least 2 others accept.*readiness/);
    expect(patterns(judge(...story('araarararaar', 3)))).toEqual(['refused-in-turns']);
  });
});

describe('the clocks of those that accept', () => {
  /** Connects of these clients in turn; each is answered by the clock that `base` names for the try. */
  function told(letters: string, clients: readonly string[], base: (n: number) => number): readonly Judged[] {
    return judge(
      ...[...letters].map((letter, n) => {
        const talk = new Conversation({
          client: { address: clients[n % clients.length], port: 41_000 + n, hops: 2 },
          server: { hops: 1, delay: 0.0001, timestampBase: base(n) },
        }).wait(n);
        return letter === 'r' ? talk.refused() : talk.handshake().exchange(50, 200).closes('server');
      }),
    );
  }
  const several = /at least (\d) others accept/;

  it('tell replicas of the same distance apart', () => {
    // Every third connect is refused; the others go to two hosts in turn.
    const verdicts = told('aaraaraaraar', ['10.0.0.1'], (n) => (n % 3) * 900_000_000);
    expect(patterns(verdicts)).toEqual(['refused-in-turns']);
    expect(several.exec(verdicts[0].next)?.[1]).toBe('2');
  });

  it('of Linux differ for each client, though one host has them', () => {
    const clients = ['10.0.0.1', '10.0.0.2', '10.0.0.3'];
    const verdicts = told('aarraaaraaraaaarraarr', clients, (n) => (n % clients.length) * 900_000_000);
    expect(verdicts).not.toHaveLength(0);
    for (const { next } of verdicts) expect(next).not.toMatch(several);
  });
});

describe('health checks', () => {
  it('that never acknowledge are their client’s own', () => {
    const checks = [0, 1, 2, 3, 4, 5].map((n) =>
      connect(2 * n, {})
        .syn()
        .synAck()
        .segment('client', { flags: 'RA', window: 502, ack: 2_000_000_001 }),
    );
    const verdicts = judge(...checks);
    expect(verdicts).toHaveLength(checks.length);
    for (const verdict of verdicts) {
      expect(verdict).toMatchObject({ origin: { kind: 'endpoint' }, cause: { code: 'health-check' } });
      expect(verdict.codes).not.toContain('abort-in-linux-handshake');
      expect(verdict.next).toMatch(/^Nothing to do/);
    }
  });
});
