import { describe, expect, it } from 'vitest';
import { analyzePackets } from '../../../test/support/analyze.ts';
import { Conversation, DEFAULT_START_NS } from '../../../test/support/conversation.ts';
import type { ConversationPacket } from '../../../test/support/conversation.ts';
import { ethernet, icmpError, ip, udp } from '../../../test/support/packet-builder.ts';

const MACS = { src: '02:00:00:00:00:01', dst: '02:00:00:00:00:02' };

function datagram(src: string, dst: string, srcPort: number, dstPort: number) {
  return ip({ src, dst, ttl: 64 }, udp({ srcPort, dstPort, payload: 20 }));
}

function captured(packets: readonly ReturnType<typeof ip>[]): ConversationPacket[] {
  return packets.map((packet, i) => ({
    timeNs: DEFAULT_START_NS + BigInt(i) * 1_000_000n,
    data: ethernet(MACS, packet),
  }));
}

const QUERY = datagram('10.0.0.1', '192.0.2.53', 5353, 53);
const REFUSAL = ip({ src: '192.0.2.53', dst: '10.0.0.1', ttl: 60 }, icmpError({ type: 3, code: 3 }, QUERY));

describe('an ICMP error about a datagram', () => {
  it('is joined to its flow, and says what sockets see', () => {
    const { icmpErrors } = analyzePackets(captured([QUERY, REFUSAL]));
    expect(icmpErrors.count).toBe(1);
    const error = icmpErrors.error(0);
    expect(error).toMatchObject({
      frame: 2,
      flow: 0,
      protocol: 'udp',
      ipVersion: 4,
      type: 3,
      code: 3,
      client: '10.0.0.1:5353',
      server: '192.0.2.53:53',
      reporter: '192.0.2.53',
      told: 'client',
      name: 'port unreachable',
    });
    expect(error.meaning).toContain('the host itself');
    expect(error.meaning).toContain('WSAECONNRESET 10054');
  });

  it('of ICMPv6 is the same', () => {
    const query = datagram('2001:db8::1', '2001:db8::53', 5353, 53);
    const refusal = ip(
      { src: '2001:db8::53', dst: '2001:db8::1', ttl: 60 },
      icmpError({ type: 1, code: 4 }, query),
    );
    const error = analyzePackets(captured([query, refusal])).icmpErrors.error(0);
    expect(error).toMatchObject({ ipVersion: 6, type: 1, code: 4, name: 'port unreachable' });
    expect(error).toMatchObject({ client: '[2001:db8::1]:5353', server: '[2001:db8::53]:53' });
    expect(error.meaning).toContain('ECONNREFUSED');
  });

  it('tells the server whose answer came too late', () => {
    const answer = datagram('192.0.2.53', '10.0.0.1', 53, 5353);
    const refusal = ip(
      { src: '10.0.0.1', dst: '192.0.2.53', ttl: 64 },
      icmpError({ type: 3, code: 3 }, answer),
    );
    const error = analyzePackets(captured([QUERY, answer, refusal])).icmpErrors.error(0);
    expect(error).toMatchObject({ told: 'server', client: '10.0.0.1:5353', server: '192.0.2.53:53' });
    expect(error.meaning).toContain('Nothing takes UDP at 10.0.0.1:5353');
  });

  it('is kept though its flow was not captured', () => {
    const error = analyzePackets(captured([REFUSAL])).icmpErrors.error(0);
    expect(error).toMatchObject({ flow: null, client: '10.0.0.1:5353', server: '192.0.2.53:53' });
  });

  it('is grouped with those alike', () => {
    const others = [7, 8].flatMap((port) => {
      const query = datagram('10.0.0.1', '192.0.2.53', port, 53);
      return [
        query,
        ip({ src: '192.0.2.53', dst: '10.0.0.1', ttl: 60 }, icmpError({ type: 3, code: 3 }, query)),
      ];
    });
    const elsewhere = datagram('10.0.0.1', '192.0.2.54', 9, 53);
    const prohibited = ip(
      { src: '10.9.9.9', dst: '10.0.0.1', ttl: 63 },
      icmpError({ type: 3, code: 13 }, elsewhere),
    );
    const packets = captured([QUERY, REFUSAL, ...others, elsewhere, prohibited]);
    const { total, groups, moreGroups } = analyzePackets(packets).icmpErrors.summary();
    expect([total, moreGroups]).toEqual([4, 0]);
    expect(groups.map(({ count, example }) => `${count} ${example.name} ${example.reporter}`)).toEqual([
      '3 port unreachable 192.0.2.53',
      '1 communication administratively prohibited 10.9.9.9',
    ]);
    expect(groups[1].example.meaning).toContain('10.9.9.9, a device on the path');
  });
});

describe('an ICMP error about a connection', () => {
  const error = (talk: Conversation) => analyzePackets(talk.packets).icmpErrors;

  it('ends a handshake', () => {
    const talk = new Conversation().syn().icmp({ router: '10.9.9.9', about: 'client', type: 3, code: 10 });
    const { meaning, told, protocol } = error(talk).error(0);
    expect([protocol, told]).toEqual(['tcp', 'client']);
    expect(meaning).toContain('connect fails with EHOSTUNREACH');
  });

  it('does not end an open connection', () => {
    const talk = new Conversation().handshake().exchange(10, 10).clientSends(10);
    talk.icmp({ router: '10.9.9.9', about: 'client', type: 3, code: 1 });
    expect(error(talk).error(0).meaning).toContain('RFC 5461');
  });

  it('is for the stack alone where it is about the path MTU', () => {
    const talk = new Conversation().handshake().clientSends(1400);
    talk.icmp({ router: '10.9.9.9', about: 'client', type: 3, code: 4 });
    expect(error(talk).count).toBe(0);
  });
});
