/**
 * Every packet of a folder of real captures, against tshark: kind, addresses, ports and all of the TCP header. Skipped
 * where the folder (RESETSCOPE_CORPUS, or ../shared/corpus/zeek beside the project) or tshark is absent.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decoded } from '../../../test/support/decoded.ts';
import { LimitCounter } from '../limits.ts';
import { CaptureReader } from '../read/capture-reader.ts';
import { CaptureClock, type InterfaceInfo, type PacketSink } from '../read/sink.ts';
import { Decoder } from './decoder.ts';
import { TCP_RESERVED } from './facts.ts';

const ROOT = new URL('../../..', import.meta.url).pathname;
const CORPUS = process.env['RESETSCOPE_CORPUS'] ?? path.join(ROOT, '../shared/corpus/zeek');
const files = existsSync(CORPUS)
  ? readdirSync(CORPUS).filter((name) => /\.pcap(ng)?(\.gz)?$/.test(name))
  : [];
const hasTshark = ['tshark', 'mergecap'].every((tool) => spawnSync(tool, ['--version']).status === 0);

const FIELDS = [
  ...['frame.protocols', 'ip.src', 'ip.dst', 'ipv6.src', 'ipv6.dst', 'ip.ttl', 'ipv6.hlim', 'ip.id'],
  ...[
    'tcp.srcport',
    'tcp.dstport',
    'tcp.seq_raw',
    'tcp.ack_raw',
    'tcp.flags',
    'tcp.window_size_value',
    'tcp.len',
  ],
  ...['tcp.options.timestamp.tsval', 'tcp.options.timestamp.tsecr', 'tcp.options.mss_val'],
  ...['tcp.options.wscale.shift', 'tcp.options.sack.count', 'udp.srcport', 'udp.dstport'],
] as const;

/** One line per packet, in the same words from either side. */
class Lines implements PacketSink {
  readonly lines: string[] = [];
  readonly #decoder = new Decoder(new LimitCounter());
  readonly #linkTypes = new Map<number, number>();

  onInterface(info: InterfaceInfo): void {
    this.#linkTypes.set(info.id, info.linkType);
  }

  onPacket(
    data: Uint8Array,
    start: number,
    captured: number,
    wire: number,
    timeNs: number,
    id: number,
  ): void {
    this.#decoder.decode(data, start, captured, wire, this.#linkTypes.get(id) ?? -1, timeNs);
    const packet = decoded(this.#decoder);
    const { ip, tcp, ports, kind } = packet;
    const address = ip ? `${ip.src} > ${ip.dst} ttl ${ip.ttl} id ${ip.id}` : 'no IP';
    if (kind === 'udp') this.lines.push(`${address} udp ${ports?.join(' ')}`);
    else if (kind !== 'tcp' || !tcp || !ports) this.lines.push(ip ? `${address} ip` : 'no IP');
    else {
      const [value, echo] = tcp.timestamps;
      this.lines.push(
        `${address} tcp ${ports.join(' ')} seq ${tcp.seq} ack ${tcp.ack} flags ${tcp.flags & ~TCP_RESERVED} ` +
          `win ${tcp.window} len ${packet.payloadLength} ts ${value} ${echo} mss ${tcp.mss} ws ${tcp.windowScale} ` +
          `sack ${tcp.sack[0]}`,
      );
    }
  }

  onOtherFrames(): void {}
  onComment(): void {}
  onName(): void {}
  onDrops(): void {}
  onKernelEvent(): void {}
  onWarning(): void {}
}

function fromTshark(line: string): string {
  const protocols = line.slice(0, line.indexOf('\t')).split(':');
  const isError = protocols.includes('icmp') || protocols.includes('icmpv6');
  // Of a tunnel's two headers the inner one comes last; of an ICMP error's, the quoted one.
  const values = line.split('\t').map((value) => value.split(',').at(isError ? 0 : -1) ?? '');
  const field = (name: (typeof FIELDS)[number]) => values[FIELDS.indexOf(name)];
  const ipAt = Math.max(protocols.lastIndexOf('ip'), protocols.lastIndexOf('ipv6'));
  if (ipAt < 0) return 'no IP';
  const address =
    protocols[ipAt] === 'ipv6'
      ? `${field('ipv6.src')} > ${field('ipv6.dst')} ttl ${field('ipv6.hlim')} id -1`
      : `${field('ip.src')} > ${field('ip.dst')} ttl ${field('ip.ttl')} id ${Number(field('ip.id'))}`;
  if (isError) return `${address} ip`;
  if (protocols.includes('udp', ipAt))
    return `${address} udp ${field('udp.srcport')} ${field('udp.dstport')}`;
  if (!protocols.includes('tcp', ipAt)) return `${address} ip`;
  return (
    `${address} tcp ${field('tcp.srcport')} ${field('tcp.dstport')} seq ${field('tcp.seq_raw')} ` +
    `ack ${field('tcp.ack_raw')} flags ${Number(field('tcp.flags')) & ~TCP_RESERVED} ` +
    `win ${field('tcp.window_size_value')} len ${field('tcp.len')} ` +
    `ts ${field('tcp.options.timestamp.tsval') || 0} ${field('tcp.options.timestamp.tsecr') || 0} ` +
    `mss ${field('tcp.options.mss_val') || 0} ws ${field('tcp.options.wscale.shift') || -1} ` +
    `sack ${field('tcp.options.sack.count') || 0}`
  );
}

/** One run over all files, because starting tshark takes longer than reading them. */
function dissectAll(): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'resetscope-corpus-'));
  try {
    const merged = path.join(directory, 'merged.pcapng');
    execFileSync('mergecap', ['-a', '-w', merged, ...files.map((name) => path.join(CORPUS, name))]);
    const fields = FIELDS.flatMap((name) => ['-e', name]);
    // Known by its addresses, as the decoder does.
    const teredo = ['--enable-heuristic', 'teredo_udp'];
    const options = [
      '-n',
      '-r',
      merged,
      ...teredo,
      '-o',
      'tcp.desegment_tcp_streams:FALSE',
      '-T',
      'fields',
      ...fields,
    ];
    return execFileSync('tshark', options, {
      maxBuffer: 1 << 30,
      stdio: ['ignore', 'pipe', 'ignore'],
    }).toString();
  } finally {
    rmSync(directory, { recursive: true });
  }
}

describe.skipIf(files.length === 0 || !hasTshark)('decoder and tshark on real captures', () => {
  it('agree on every packet', () => {
    const sink = new Lines();
    for (const name of files) {
      const bytes = readFileSync(path.join(CORPUS, name));
      const reader = new CaptureReader(sink, new CaptureClock(), new LimitCounter());
      reader.feed(name.endsWith('.gz') ? gunzipSync(bytes) : bytes);
      reader.end();
    }
    const dissected = dissectAll();
    const expected = dissected.trimEnd().split('\n').map(fromTshark);
    expect(sink.lines.length).toBe(expected.length);
    const differences = sink.lines.flatMap((line, i) =>
      line === expected[i] ? [] : [`packet ${i + 1}: ${line} | tshark: ${expected[i]}`],
    );
    expect(differences).toEqual([]);
  });
});
