/** Packets of a known connection under another address or port, and what they are not to be taken for. */
import { describe, expect, it } from 'vitest';
import type { Judged } from '../../../../test/support/capture-fixture.ts';
import { judge } from '../../../../test/support/capture-fixture.ts';
import { Conversation } from '../../../../test/support/conversation.ts';

const FAMILIES = [
  { family: 'IPv4', client: '10.0.0.1', service: '203.0.113.2', pod: '198.51.100.23' },
  { family: 'IPv6', client: '2001:db8::1', service: '2001:db8:a::2', pod: '2001:db8:b::23' },
] as const;
type Family = Readonly<Record<'client' | 'service' | 'pod', string>>;

const PORT = 40_685;

/** The true connection: a download through the service address. */
function download({ client, service }: Family): Conversation {
  const talk = new Conversation({
    client: { address: client, port: PORT },
    server: { address: service, port: 9000, hops: 2, delay: 0.0005 },
  });
  return talk.handshake().clientSends('GET').serverAcks().serverSends(20_000).clientAcks();
}

/** A packet from the pod's own address with these numbers, and the client's answer. */
function stray(
  { client, pod }: Family,
  at: Conversation,
  numbers: { seq: number; ack: number; flags?: string },
  port = 9000,
): Conversation {
  const talk = new Conversation({
    client: { address: client, port: PORT },
    server: { address: pod, port, hops: 2 },
    startNs: at.nowNs + 300_000n,
  });
  return talk
    .segment('server', { flags: 'A', payload: numbers.flags === undefined ? 1000 : 0, ...numbers })
    .segment('client', { flags: 'R', seq: numbers.ack, ack: 0, window: 0, options: {}, after: 0.00002 });
}

/** The answers that follow when that reset has reached the server: the service address resets the next ACK. */
function broken(talk: Conversation): Conversation {
  talk.wait(0.001).segment('server', { payload: 1000 }).clientAcks();
  return talk.rst({ from: 'server', style: 'reply', after: 0.001 });
}

const code = ({ cause }: Judged): string => cause.code;

describe.each(FAMILIES)('twins, $family', (family) => {
  it('finds the connection of a stray packet, and what its reset did', () => {
    const talk = download(family);
    const old = stray(family, talk, { seq: talk.server.next - 15_000, ack: talk.client.next });
    const [first, second] = judge(broken(talk), old);
    expect([code(first), code(second)]).toEqual(['translation-missing', 'translation-missing']);
    expect([first.matters, second.matters]).toEqual([true, true]);
    expect(first.codes).toContain('stray-of-connection');
    expect(second.codes).toContain('follows-stray-reset');
    expect(second.next).toContain(`frame ${first.frame}`);
    expect(first.next).toContain('INVALID');
  });

  it('takes a late packet of a connection that went on, or had ended, for noise', () => {
    const goesOn = download(family);
    const old = stray(family, goesOn, { seq: goesOn.server.next - 15_000, ack: goesOn.client.next });
    goesOn.wait(1).exchange(10, 10).closes('client');
    expect(judge(goesOn, old)[0]).toMatchObject({ cause: { code: 'translation-missing' }, matters: false });
    const ended = download(family).closes('client');
    const late = stray(family, ended, { seq: ended.server.next - 1, ack: ended.client.next });
    const [verdict] = judge(ended, late);
    expect(verdict).toMatchObject({ cause: { code: 'translation-missing' }, matters: false });
    expect(verdict.next).toMatch(/^Nothing to do/);
  });

  it('sees a connection broken in which the host only repeats itself, and lets the first of its resets matter', () => {
    const talk = download(family).clientSends('more');
    const { server, client } = talk;
    const old = stray(family, talk, { seq: server.next, ack: client.next });
    old.segment('server', { seq: server.next + 1000, ack: client.next, payload: 500, after: 0.00001 });
    old.segment('client', { flags: 'R', seq: client.next, ack: 0, window: 0, options: {}, after: 0.00002 });
    for (const after of [0.3, 0.6, 1.2]) talk.retransmit('client', { after });
    const verdicts = judge(talk, old);
    expect(verdicts.map(code)).toEqual(['translation-missing', 'translation-missing']);
    expect(verdicts.map(({ matters }) => matters)).toEqual([true, false]);
    expect(verdicts[0].next).not.toMatch(/^Nothing to do/);
  });

  const begun = (): Conversation =>
    new Conversation({
      client: { address: family.client, port: PORT },
      server: { address: family.service, port: 9000, hops: 2, delay: 0.0005 },
    });

  it.each([
    [
      'only the host’s side of it',
      begun()
        .syn()
        .uncaptured((t) => t.synAck())
        .clientAcks()
        .clientSends('GET')
        .uncaptured((t) => t.serverAcks().serverSends(3000))
        .clientAcks(),
    ],
    [
      'only its later part',
      begun()
        .uncaptured((t) => t.handshake().exchange(10, 3000))
        .serverSends(3000)
        .clientAcks(),
    ],
  ])('finds the true connection where the capture has %s', (_, talk) => {
    talk.clientSends('more');
    const old = stray(family, talk, { seq: talk.server.next, ack: talk.client.next });
    for (const after of [0.3, 0.6, 1.2]) talk.retransmit('client', { after });
    const [verdict] = judge(talk, old);
    expect(code(verdict)).toBe('translation-missing');
    expect(verdict.matters).toBe(true);
  });

  it('does not take an older connection on the same two ends for the true one', () => {
    const talk = new Conversation({
      client: { address: family.client, port: PORT, hops: 2 },
      server: { address: family.pod, port: 443, hops: 3 },
    }).syn();
    const reset = (): Conversation =>
      talk.segment('client', { flags: 'R', seq: talk.client.next, ack: 0, window: 0, options: {} });
    talk.segment('server', { flags: 'SA', seq: 800_000_000, ack: talk.client.next });
    reset().segment('client', { flags: 'S', seq: talk.client.initialSeq, window: 64_240, after: 1 });
    talk.segment('server', { flags: 'SA', seq: 900_000_000, ack: talk.client.next });
    const verdicts = judge(reset());
    expect(verdicts).toHaveLength(2);
    for (const { codes } of verdicts) expect(codes).not.toContain('stray-of-connection');
  });

  it('does not take a packet whose numbers are others for one', () => {
    const talk = download(family);
    const other = stray(family, talk, { seq: 4_000_000_000, ack: talk.client.next + 900_000_000 });
    expect(judge(talk, other).map(code)).not.toContain('translation-missing');
    const halfFits = stray(family, talk, { seq: talk.server.next, ack: talk.client.next + 900_000_000 });
    expect(judge(talk, halfFits).map(code)).not.toContain('translation-missing');
  });

  it('finds a SYN-ACK from another address and port', () => {
    const talk = new Conversation({
      client: { address: family.client, port: PORT },
      server: { address: family.service, port: 443 },
    });
    const answers: Conversation[] = [];
    for (const [n, after] of [0, 1, 2].entries()) {
      if (n === 0) talk.syn();
      else talk.retransmit('client', { after });
      const ack = talk.client.next;
      answers.push(stray(family, talk, { seq: 1_910_000_000 + n * 1_000_000, ack, flags: 'SA' }, 6443));
    }
    const verdicts = judge(talk, ...answers);
    expect(verdicts.map(code)).toEqual(Array(3).fill('translation-missing'));
    expect(verdicts.map(({ matters }) => matters)).toEqual([false, false, true]);
    expect(verdicts[2].next).toMatch(/6443/);
    const foreign = stray(family, talk, { seq: 5, ack: talk.client.next + 77, flags: 'SA' }, 6443);
    expect(code(judge(talk, foreign)[0])).toBe('backscatter');
  });

  it('finds the client’s own address beside its translated one, at the server', () => {
    const server = { address: family.pod, port: 443 };
    const talk = new Conversation({ client: { address: family.service, port: 61_000, hops: 1 }, server });
    talk.handshake().exchange(100, 9000);
    const { client } = talk;
    // The same client with its own address and port: one packet escapes the translation.
    const own = new Conversation({
      client: { address: family.client, port: 33_000, hops: 1 },
      server,
      startNs: talk.nowNs + 1_000_000n,
    });
    own.segment('client', { seq: client.next, ack: talk.server.next, payload: 50 });
    own.segment('server', { flags: 'R', seq: talk.server.next, ack: 0, window: 0, options: {} });
    const [verdict] = judge(talk, own);
    expect(code(verdict)).toBe('translation-missing');
    expect(verdict.evidence.find((e) => e.code === 'stray-of-connection')?.text).toContain('61000');
  });

  it('finds a reset that left untranslated', () => {
    const talk = download(family).closes('server');
    const leak = new Conversation({
      client: { address: family.client, port: PORT },
      server: { address: family.pod, port: 8443, hops: 1 },
      startNs: talk.nowNs + 90_000n,
    }).segment('server', { flags: 'R', seq: talk.server.next, ack: 0, window: 0, options: {} });
    const [verdict] = judge(talk, leak);
    expect(verdict).toMatchObject({ cause: { code: 'translation-missing' }, matters: false });
    expect(verdict.next).toMatch(/^Nothing to do.*INVALID/);
  });

  it('finds a refusal that left untranslated, so that the client waits', () => {
    const talk = new Conversation({
      client: { address: family.client, port: PORT },
      server: { address: family.service, port: 443 },
    }).syn();
    const refusal = new Conversation({
      client: { address: family.client, port: PORT },
      server: { address: family.pod, port: 8443, hops: 1 },
      startNs: talk.nowNs + 90_000n,
    }).segment('server', { flags: 'RA', seq: 0, ack: talk.client.next, window: 0, options: {} });
    talk.retransmit('client', { after: 1 }).retransmit('client', { after: 2 });
    expect(judge(talk, refusal)[0]).toMatchObject({ cause: { code: 'translation-missing' }, matters: false });
    // The answer to the last try decides.
    const last = new Conversation({
      client: { address: family.client, port: PORT },
      server: { address: family.pod, port: 8443, hops: 1 },
      startNs: talk.nowNs + 90_000n,
    }).segment('server', { flags: 'RA', seq: 0, ack: talk.client.next, window: 0, options: {} });
    expect(judge(talk, last)[0]).toMatchObject({ cause: { code: 'translation-missing' }, matters: true });
  });

  it('does not take a connection for a twin that was captured before and after its translation', () => {
    const translated = { ...family, service: family.pod };
    const verdicts = judge(broken(download(family)), broken(download(translated)));
    expect(verdicts).toHaveLength(2);
    expect(verdicts.map(code)).not.toContain('translation-missing');
  });
});
