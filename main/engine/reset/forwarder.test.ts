/** Captures made on a machine that forwards: what leaves it is mostly not its own. */
import { describe, expect, it } from 'vitest';
import { analyzeBytes, analyzePackets } from '../../../test/support/analyze.ts';
import type { Judged } from '../../../test/support/capture-fixture.ts';
import { judgeOn } from '../../../test/support/capture-fixture.ts';
import { writePcapng } from '../../../test/support/capture-writer.ts';
import type { ConversationPacket, Side } from '../../../test/support/conversation.ts';
import { Conversation } from '../../../test/support/conversation.ts';
import { kernelEvent, kernelStarted } from '../../../test/support/kernel-blocks.ts';
import { SLL_FROM_US, SLL_TO_US, sll } from '../../../test/support/packet-builder.ts';
import type { Session } from '../session.ts';

const LINUX_SLL = 113;
const SLL_HEADER = 16;
const THROUGH_NS = 20_000n;
const INBOUND = 1;
const OUTBOUND = 2;

const V4 = { client: { address: '10.9.1.2' }, server: { address: '10.9.2.2', hops: 0 } };
const V6 = { client: { address: 'fd00:9:1::2' }, server: { address: 'fd00:9:2::2', hops: 0 } };

/** On all interfaces of a router: each packet as it comes in, and as it leaves with a hop less. */
function throughRouter(talk: Conversation, madeHere: readonly number[] = []): ConversationPacket[] {
  return talk.packets.flatMap(({ timeNs, data }, i) => {
    if (madeHere.includes(i + 1)) return [{ timeNs, data: left(data, 0) }];
    return [
      { timeNs, data },
      { timeNs: timeNs + THROUGH_NS, data: left(data, 1) },
    ];
  });
}

/** The cooked frame as it leaves the machine, `hops` less in its TTL. */
function left(data: Uint8Array, hops: number): Uint8Array {
  const copy = Uint8Array.from(data);
  copy[1] = SLL_FROM_US;
  copy[SLL_HEADER + ((copy[SLL_HEADER] ?? 0) >> 4 === 4 ? 8 : 7)] -= hops;
  return copy;
}

function onRouter(family: typeof V4): Conversation {
  return new Conversation({
    ...family,
    server: { ...family.server, delay: 0.002 },
    link: (packet) => sll({ packetType: SLL_TO_US }, packet),
  });
}

function verdictsOf(session: Session): Judged[] {
  return Array.from({ length: session.resets.count }, (_, id) => {
    const { row, verdict } = session.resetDetail(id);
    return { ...verdict, frame: row.frame, codes: verdict.evidence.map(({ code }) => code) };
  });
}

const asked = (talk: Conversation): Conversation => talk.handshake().exchange(10, 10).wait(7).clientSends(5);

describe.each([
  ['IPv4', V4],
  ['IPv6', V6],
])('on all interfaces of a router, %s', (_, family) => {
  it('a reset that only leaves was made here', () => {
    const talk = asked(onRouter(family)).rst({ from: 'server', style: 'reply', ttl: 64 });
    const [verdict] = verdictsOf(analyzePackets(throughRouter(talk, [talk.packets.length]), LINUX_SLL));
    expect(verdict.origin).toMatchObject({ kind: 'middlebox', label: 'the capturing machine' });
    expect(verdict.codes).toContain('made-here-for-another');
    expect(verdict.path.capturePoint).toBe('between');
    expect(verdict.next).toContain('The machine that captured made it');
  });

  it('a reset that comes in and leaves is the host’s that sent it, and counts once', () => {
    const talk = asked(onRouter(family)).rst({ from: 'server', style: 'reply' });
    const session = analyzePackets(throughRouter(talk), LINUX_SLL);
    const verdicts = verdictsOf(session);
    expect(verdicts).toHaveLength(2);
    for (const verdict of verdicts) {
      expect(verdict.origin).toMatchObject({ kind: 'endpoint', side: 'server' });
      expect(verdict.codes).toContain('passed-through-here');
      expect(verdict.codes).not.toContain('sent-from-here');
    }
    expect(session.findings(Uint32Array.of(0, 1), 9).list.map(({ count }) => count)).toEqual([1]);
  });
});

/** On one interface, the client's: the server's packets leave by it. */
function onClientSide(talk: Conversation, own: readonly string[] | null): Session {
  const blocks = talk.packets.map(({ timeNs, data }) => ({
    kind: 'packet' as const,
    timeNs,
    data,
    direction: data[26 + 3] === 2 && data[26 + 2] === 1 ? INBOUND : OUTBOUND,
  }));
  const begin = talk.packets[0].timeNs - 1_000_000_000n;
  const kernel = own === null ? [] : [kernelStarted(begin, own)];
  return analyzeBytes(
    writePcapng({ sections: [{ interfaces: [{ tsresol: 9 }], blocks: [...kernel, ...blocks] }] }),
    'test.pcapng',
  );
}

const viaRouter = (hops = 1): Conversation =>
  new Conversation({ ...V4, server: { ...V4.server, hops, delay: 0.002 } });

describe('on the one interface of a router that the client is at', () => {
  it.each([null, ['10.9.1.1', '10.9.2.1']])('its own reject is not the server’s (addresses: %s)', (own) => {
    const talk = asked(viaRouter()).rst({ from: 'server', style: 'reply', ttl: 64 });
    const [verdict] = verdictsOf(onClientSide(talk, own));
    expect(verdict.origin).toMatchObject({ kind: 'middlebox', hops: 0 });
    expect(verdict.codes).toContain('made-by-forwarder');
    expect(verdict.codes).not.toContain('sent-from-here');
    expect(['firewall-reject', 'stateful-device-lost-flow']).toContain(verdict.cause.code);
    expect(verdict.path.capturePoint).toBe('between');
  });

  it('the server’s reset, handed on, is the server’s', () => {
    for (const hops of [1, 6]) {
      const talk = asked(viaRouter(hops)).rst({ from: 'server', style: 'reply' });
      const [verdict] = verdictsOf(onClientSide(talk, null));
      expect(verdict.origin.kind).toBe('endpoint');
      expect(verdict.codes).not.toContain('sent-from-here');
      expect(verdict.codes).not.toContain('made-by-forwarder');
    }
  });

  it('a host with the address is no router, whatever TTL its program sets', () => {
    const talk = asked(viaRouter()).rst({ from: 'server', style: 'reply', ttl: 64 });
    const [verdict] = verdictsOf(onClientSide(talk, [V4.server.address]));
    expect(verdict.codes).not.toContain('made-by-forwarder');
  });

  it('a program that sets the TTL of its data alone stays the sender of its kernel’s replies', () => {
    const talk = viaRouter(0)
      .handshake()
      .clientSends(10)
      .serverSends(10, { ttl: 60 })
      .clientAcks()
      .clientSends(5)
      .rst({ from: 'server', style: 'reply', ttl: 64 });
    const [verdict] = verdictsOf(onClientSide(talk, null));
    expect(verdict.codes).not.toContain('made-by-forwarder');
    expect(verdict.origin.kind).toBe('endpoint');
  });
});

it('a scanner’s hand-made SYN is no sign of routers', () => {
  const link = (packet: Parameters<typeof sll>[1], from: Side): Uint8Array =>
    sll({ packetType: from === 'client' ? SLL_FROM_US : SLL_TO_US }, packet);
  const talk = new Conversation({ ...V4, server: { ...V4.server, hops: 3 }, link })
    .syn({ ttl: 47, options: {} })
    .synAck()
    .rst({ from: 'client', style: 'reply', ttl: 64 });
  const [verdict] = judgeOn(LINUX_SLL, talk);
  expect(verdict.origin).toMatchObject({ kind: 'endpoint', side: 'client' });
});

it('a host’s own packets on its loopback leave before they come in: its reset is its own', () => {
  const both = (packet: ConversationPacket): ConversationPacket[] => [
    { ...packet, data: left(packet.data, 0) },
    { timeNs: packet.timeNs + 1000n, data: packet.data },
  ];
  const talk = new Conversation({
    client: { address: '127.0.0.1' },
    server: { address: '127.0.0.1', hops: 0 },
    link: (packet) => sll({ packetType: SLL_TO_US, hardwareType: 772 }, packet),
  })
    .handshake()
    .exchange(10, 10)
    .rst({ from: 'server' });
  for (const verdict of verdictsOf(analyzePackets(talk.packets.flatMap(both), LINUX_SLL))) {
    expect(verdict.origin.kind).toBe('endpoint');
    expect(verdict.codes).not.toContain('made-here-for-another');
  }
});

describe('the kernel of a machine that forwards', () => {
  const event = (talk: Conversation, own: readonly string[]): Session => {
    const last = talk.packets.at(-1)?.timeNs ?? 0n;
    const begin = talk.packets[0].timeNs - 1_000_000_000n;
    const blocks = [
      kernelStarted(begin, own),
      kernelEvent({
        kind: 'sent',
        timeNs: last - 20_000n,
        local: '10.9.2.2:80',
        remote: '10.9.1.2:40000',
        reason: 'NO_SOCKET',
      }),
      ...talk.packets.map(({ timeNs, data }) => ({
        kind: 'packet' as const,
        timeNs,
        data,
        direction: data[26 + 3] === 2 && data[26 + 2] === 1 ? INBOUND : OUTBOUND,
      })),
    ];
    return analyzeBytes(writePcapng({ sections: [{ interfaces: [{ tsresol: 9 }], blocks }] }), 'test.pcapng');
  };

  it('names a socket of the machine whose address is another’s: its TTL says the rest', () => {
    const talk = asked(viaRouter()).rst({ from: 'server', style: 'reply', ttl: 64 });
    const [verdict] = verdictsOf(event(talk, ['10.9.1.1']));
    expect(verdict.codes).toContain('kernel-sent-for-another');
    expect(verdict.codes).toContain('made-by-forwarder');
    expect(verdict.origin.kind).toBe('middlebox');
  });

  it('made it for a container whose packets pass the router as the reset does', () => {
    const talk = asked(viaRouter()).rst({ from: 'server', style: 'reply' });
    const [verdict] = verdictsOf(event(talk, ['10.9.1.1']));
    expect(verdict.codes).toContain('kernel-sent-for-another');
    expect(verdict.origin.kind).toBe('endpoint');
  });

  it('made it for a container of its own where nothing passed', () => {
    const talk = asked(viaRouter(0)).rst({ from: 'server', style: 'reply', ttl: 64 });
    const [verdict] = verdictsOf(event(talk, ['10.9.1.1']));
    expect(verdict.codes).toContain('kernel-sent-for-another');
    expect(verdict.origin.kind).toBe('endpoint');
  });
});

it('a container behind the machine’s own address is the machine’s, and what begins on the machine is not settled', () => {
  const own = [V4.server.address];
  const asContainer = asked(viaRouter()).rst({ from: 'server', style: 'reply' });
  expect(verdictsOf(onClientSide(asContainer, own))[0].codes).toContain('sent-from-here');
  const asTranslator = asked(viaRouter()).rst({ from: 'server', style: 'reply', ttl: 64 });
  expect(verdictsOf(onClientSide(asTranslator, own))[0].codes).not.toContain('sent-from-here');
});

it('keeps the kernel’s word of a reset that it sent to itself, on both captures of it', () => {
  const talk = new Conversation({
    client: { address: '127.0.0.1' },
    server: { address: '127.0.0.1', hops: 0 },
    link: (packet) => sll({ packetType: SLL_TO_US, hardwareType: 772 }, packet),
  })
    .handshake()
    .exchange(10, 10)
    .rst({ from: 'server' });
  const last = talk.packets.at(-1)?.timeNs ?? 0n;
  const event = (kind: 'sent' | 'received', timeNs: bigint): ReturnType<typeof kernelEvent> =>
    kernelEvent({
      kind,
      timeNs,
      local: kind === 'sent' ? '127.0.0.1:80' : '127.0.0.1:40000',
      remote: kind === 'sent' ? '127.0.0.1:40000' : '127.0.0.1:80',
      reason: 'TCP_ABORT_ON_CLOSE',
    });
  const blocks = [
    kernelStarted(talk.packets[0].timeNs - 1_000_000_000n, ['127.0.0.1']),
    event('sent', last - 5000n),
    event('received', last + 5000n),
    ...talk.packets.flatMap(({ timeNs, data }) => [
      { kind: 'packet' as const, timeNs, data: left(data, 0) },
      { kind: 'packet' as const, timeNs: timeNs + 1000n, data },
    ]),
  ];
  const interfaces = [{ tsresol: 9, linkType: LINUX_SLL }];
  const session = analyzeBytes(writePcapng({ sections: [{ interfaces, blocks }] }), 'test.pcapng');
  const verdicts = verdictsOf(session);
  expect(verdicts).toHaveLength(2);
  for (const verdict of verdicts) expect(verdict.codes).toContain('kernel-sent');
});

it('a host that captures on its own interface still knows what it sent', () => {
  const link = (packet: Parameters<typeof sll>[1], from: Side): Uint8Array =>
    sll({ packetType: from === 'server' ? SLL_FROM_US : SLL_TO_US }, packet);
  const talk = new Conversation({ ...V4, client: { ...V4.client, hops: 3 }, link });
  const [verdict] = judgeOn(LINUX_SLL, asked(talk).rst({ from: 'server', style: 'reply' }));
  expect(verdict.codes).toContain('sent-from-here');
  expect(verdict.origin).toMatchObject({ kind: 'endpoint', side: 'server' });
  expect(verdict.path.capturePoint).toBe('server');
});
