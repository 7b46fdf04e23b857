import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writePcap } from './capture-writer.ts';
import { Conversation, DEFAULT_START_NS, interleave } from './conversation.ts';

const hasTshark = spawnSync('tshark', ['--version']).status === 0;

function tshark(talk: Pick<Conversation, 'packets'>, ...args: string[]): string[] {
  const dir = mkdtempSync(join(tmpdir(), 'resetscope-talk-'));
  try {
    const file = join(dir, 'talk.pcap');
    writeFileSync(file, writePcap({ packets: talk.packets, nanos: true }));
    const out = execFileSync('tshark', ['-n', '-r', file, ...args]).toString();
    return out.trimEnd().split('\n');
  } finally {
    rmSync(dir, { recursive: true });
  }
}

function fields(talk: Pick<Conversation, 'packets'>, ...names: string[]): string[] {
  return tshark(talk, '-T', 'fields', '-E', 'separator=/s', ...names.flatMap((name) => ['-e', name]));
}

describe('Conversation', () => {
  it('keeps its clock: a delay when the other side speaks, a blink when the same goes on', () => {
    const talk = new Conversation({ server: { delay: 0.02 } }).handshake().wait(1).clientSends(10);
    const times = talk.packets.map((packet) => Number(packet.timeNs - DEFAULT_START_NS));
    expect(times).toEqual([0, 20_010_000, 20_020_000, 1_020_030_000]);
  });

  it('interleaves conversations by time', () => {
    const first = new Conversation().handshake();
    const second = new Conversation({ startNs: DEFAULT_START_NS + 15_000n }).syn();
    expect(interleave(first, second).map((packet) => first.packets.includes(packet))).toEqual([
      true,
      true,
      false,
      true,
    ]);
  });

  it('leaves uncaptured packets out, yet counts them', () => {
    const talk = new Conversation().handshake().uncaptured((hidden) => hidden.clientSends(100));
    expect(talk.packets).toHaveLength(3);
    expect(talk.client.next - talk.client.initialSeq).toBe(101);
    expect(talk.server.received).toBe(talk.client.next);
  });
});

describe.skipIf(!hasTshark)('Conversation, read by tshark', () => {
  const whole = () =>
    new Conversation({ client: { hops: 1 }, server: { hops: 8, delay: 0.02 } })
      .handshake()
      .exchange('GET / HTTP/1.0\r\n\r\n', 4000)
      .closes('server');

  it('has nothing that the TCP analysis would remark', () => {
    expect(fields(whole(), 'tcp.analysis.flags', '_ws.malformed').join('').trim()).toBe('');
    expect(fields(whole(), 'tcp.seq', 'tcp.ack', 'tcp.len', 'tcp.flags.str', 'ip.ttl').at(-1)).toBe(
      '4002 20 0 ·······A···· 56',
    );
  });

  it('opens and closes completely', () => {
    expect(fields(whole(), 'tcp.completeness').at(-1)).toBe('31');
    const rtt = Number(fields(whole(), 'tcp.analysis.initial_rtt').at(-1));
    expect(rtt).toBeCloseTo(0.02002, 9);
  });

  it('echoes time stamps and counts IP-IDs', () => {
    const lines = fields(whole(), 'tcp.options.timestamp.tsval', 'tcp.options.timestamp.tsecr', 'ip.id');
    expect(lines.slice(0, 4)).toEqual([
      '100000 0 0x1001',
      '7000020 100000 0x8001',
      '100020 7000020 0x1002',
      '100020 7000020 0x1003',
    ]);
  });

  it('refuses as RFC 9293 tells', () => {
    const talk = new Conversation().refused();
    expect(fields(talk, 'tcp.flags', 'tcp.seq', 'tcp.ack', 'tcp.window_size_value', 'ip.id')).toEqual([
      '0x0002 0 0 64240 0x1001',
      '0x0014 1 1 0 0x0000',
    ]);
  });

  it('answers data with a reset at the number that was acknowledged', () => {
    const talk = new Conversation().handshake().clientSends(9).rst({ from: 'server', style: 'reply' });
    expect(fields(talk, 'tcp.flags', 'tcp.seq', 'tcp.ack_raw').at(-1)).toBe('0x0004 1 0');
  });

  it('forges one packet without moving the sides', () => {
    const talk = new Conversation({ server: { hops: 8 } })
      .handshake()
      .rst({ from: 'server', ttl: 61, ipId: 0xbeef, seq: 5, mac: '02:00:00:00:00:99' })
      .serverSends(7)
      .clientAcks();
    expect(fields(talk, 'ip.ttl', 'ip.id', 'tcp.seq_raw', 'eth.src').slice(3, 5)).toEqual([
      '61 0xbeef 5 02:00:00:00:00:99',
      '56 0x8002 2000000001 02:00:00:00:00:02',
    ]);
  });

  it('resends, probes and duplicates what tshark then names', () => {
    const talk = new Conversation()
      .handshake()
      .clientSends(100)
      .wait(0.3)
      .retransmit('client')
      .serverAcks()
      .wait(60)
      .keepAlive('client')
      .serverAcks();
    const flags = ['tcp.analysis.retransmission', 'tcp.analysis.keep_alive', 'tcp.analysis.keep_alive_ack'];
    expect(fields(talk, 'frame.number', ...flags).map((line) => line.trimEnd())).toEqual([
      ...['1', '2', '3', '4', '5 1', '6', '7  1', '8   1'],
    ]);
  });

  it('quotes the last segment in an ICMP error', () => {
    const talk = new Conversation()
      .syn()
      .icmp({ router: '198.51.100.1', about: 'client', type: 3, code: 13 });
    expect(fields(talk, 'icmp.type', 'icmp.code', 'tcp.dstport', 'tcp.stream').at(-1)).toBe('3 13 80 0');
  });

  it('speaks IPv6', () => {
    const talk = new Conversation({
      client: { address: '2001:db8::1' },
      server: { address: '2001:db8::2', hops: 3 },
    });
    expect(fields(talk.handshake(), 'ipv6.hlim', 'tcp.flags')).toEqual([
      '64 0x0002',
      '61 0x0012',
      '64 0x0010',
    ]);
  });
});
