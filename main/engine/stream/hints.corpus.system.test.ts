/**
 * The hints of real captures: Zeek's test traces. They are not part of this repository; without them (environment
 * RESETSCOPE_CORPUS, or ../shared/corpus/zeek beside it) these tests are skipped. Expected values are tshark's.
 */
import type { FlowRecord, PacketNumber } from '../../../shared/base/units.ts';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FlowHints } from '../../../shared/model/hints.ts';
import { Decoder } from '../decode/decoder.ts';
import {
  DST0,
  DST_PORT,
  KIND,
  KIND_TCP,
  KIND_UDP,
  PAYLOAD_AT,
  PAYLOAD_CAPTURED,
  PAYLOAD_LENGTH,
  SEQ,
  SRC0,
  SRC_PORT,
} from '../decode/facts.ts';
import { LimitCounter } from '../limits.ts';
import { CaptureReader } from '../read/capture-reader.ts';
import { CaptureClock, type InterfaceInfo, type PacketSink } from '../read/sink.ts';
import { HintCollector } from './hints.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const CORPUS = process.env['RESETSCOPE_CORPUS'] ?? path.join(ROOT, '../shared/corpus/zeek');
const FIRST_PAYLOADS = 4;

/** Runs a capture as the pipeline does; the sender of a connection's first captured packet is its client. */
class HintSink implements PacketSink {
  readonly limits = new LimitCounter();
  readonly collector = new HintCollector(this.limits);
  readonly flows = new Map<string, { readonly id: number; readonly seen: [number, number] }>();
  readonly #decoder = new Decoder(this.limits);
  readonly #linkTypes: number[] = [];
  #packet = 0;

  onInterface(info: InterfaceInfo): void {
    this.#linkTypes[info.id] = info.linkType;
  }

  onPacket(
    data: Uint8Array,
    start: number,
    captured: number,
    wire: number,
    timeNs: number,
    id: number,
  ): void {
    this.#decoder.decode(data, start, captured, wire, this.#linkTypes[id], timeNs);
    const packet = this.#packet++;
    const { facts, bytes } = this.#decoder;
    const at = facts[PAYLOAD_AT];
    if (facts[KIND] === KIND_UDP && (facts[SRC_PORT] === 53 || facts[SRC_PORT] === 5353)) {
      this.collector.sniffDns(bytes, at, facts[PAYLOAD_CAPTURED]);
    }
    if (facts[KIND] !== KIND_TCP) return;
    const from = `${facts.slice(SRC0, SRC0 + 4).join()}:${facts[SRC_PORT]}`;
    const to = `${facts.slice(DST0, DST0 + 4).join()}:${facts[DST_PORT]}`;
    const reverse = this.flows.get(`${to}>${from}`);
    let flow = reverse ?? this.flows.get(`${from}>${to}`);
    if (flow === undefined) {
      flow = { id: this.flows.size, seen: [0, 0] };
      this.flows.set(`${from}>${to}`, flow);
    }
    if (facts[PAYLOAD_CAPTURED] === 0) return;
    const direction = reverse === undefined ? 0 : 1;
    const length = facts[PAYLOAD_LENGTH];
    if (
      flow.seen[direction]++ < FIRST_PAYLOADS ||
      this.collector.wants(flow.id as FlowRecord, bytes[at], length)
    ) {
      this.collector.sniff(
        flow.id as FlowRecord,
        direction,
        packet as PacketNumber,
        bytes,
        at,
        facts[PAYLOAD_CAPTURED],
        length,
        facts[SEQ],
      );
    }
  }

  onOtherFrames(): void {}
  onComment(): void {}
  onName(): void {}
  onDrops(): void {}
  onKernelEvent(): void {}
  onWarning(): void {}

  get all(): FlowHints[] {
    return [...this.flows.values()].flatMap(({ id }) => this.collector.hints(id as FlowRecord) ?? []);
  }
}

function run(file: string): HintSink {
  const sink = new HintSink();
  const reader = new CaptureReader(sink, new CaptureClock(), sink.limits);
  reader.feed(readFileSync(path.join(CORPUS, file)));
  reader.end();
  return sink;
}

describe.skipIf(!existsSync(CORPUS))('real captures', () => {
  it.each([
    ['tls__dhe.pcap', { tlsVersion: 'TLS 1.2', serverName: null }],
    ['tls__heartbleed-encrypted.pcap', { tlsVersion: 'TLS 1.2', serverName: 'www.lilawelt.net' }],
    ['tls__heartbleed-encrypted-success.pcap', { tlsVersion: 'TLS 1.0' }],
    [
      'tls__tls13-ech.pcap',
      {
        tlsVersion: 'TLS 1.3',
        serverName: 'cloudflare-ech.com',
        alpnOffered: ['h2', 'http/1.1'],
        encryptedClientHello: true,
      },
    ],
    ['tls__tls13draft16-chrome55.0.2879.0-canary.pcap', { tlsVersion: 'TLS 1.3 draft 14' }],
    ['tls__tls13draft16-ff52.a01.pcap', { tlsVersion: 'TLS 1.3 draft 16', alpnOffered: ['h2', 'http/1.1'] }],
    [
      'tls__tls13draft23-chrome67.0.3368.0-canary.pcap',
      { tlsVersion: 'TLS 1.3 draft 23', serverName: 'tls13.crypto.mozilla.org' },
    ],
    ['tls__tls-13draft19-early-data.pcap', { tlsVersion: 'TLS 1.3 draft 19' }],
  ])('%s: handshake', (file, expected) => {
    expect(run(file).all.find((hints) => hints.clientHelloPacket !== null)).toMatchObject({
      protocol: 'tls',
      serverHelloSeen: true,
      clientDirection: 0,
      ...expected,
    });
  });

  it.each([
    // Frame numbers of the last alert, as tshark counts them, from 1.
    ['tls__dhe.pcap', 20],
    ['tls__heartbleed-encrypted.pcap', 21],
    ['tls__ocsp-stapling-digicert.pcap', 22],
    ['tls__ocsp-stapling-twimg.pcap', 17],
    ['tls__telesec.pcap', 20],
    ['tls__x509-generalizedtime.pcap', 21],
  ])('%s: the last alert is packet %i', (file, frame) => {
    const [hints] = run(file).all;
    expect(hints.lastTlsAlert).toMatchObject({ encrypted: true, packet: frame - 1 });
    expect(Object.values(hints.closeNotify)).toContain('likely');
  });

  it('tls13draft16-ff52.a01: the server’s unknown_ca in clear', () => {
    expect(run('tls__tls13draft16-ff52.a01.pcap').all.map((hints) => hints.lastTlsAlert)).toContainEqual({
      level: 'fatal',
      description: 'unknown_ca',
      direction: 0,
      packet: 7,
      encrypted: false,
    });
  });

  it.each([
    ['smtp__smtp-bdat-pipeline-8bitmime.pcap', 'smtp'],
    ['tls__smtp-starttls.pcap', 'smtp'],
    ['ssh__ssh_version_199.pcap', 'ssh'],
    ['http__get-to-ssh-server.pcap', 'http'],
    ['http__m57-long-49583-80.pcap', 'http'],
    ['mysql__caching_sha2_password.pcap', 'mysql'],
    ['postgresql__psql-aws-ssl-require.pcap', 'postgresql'],
  ])('%s is %s', (file, protocol) => {
    expect(run(file).all[0].protocol).toBe(protocol);
  });

  it('reads every capture there is without a throw', () => {
    const files = readdirSync(CORPUS).filter((file) => /\.(pcap|pcapng|trace)$/.test(file));
    const counts: Record<string, number> = {};
    for (const file of files) {
      const sink = run(file);
      for (const { protocol } of sink.all) counts[protocol] = (counts[protocol] ?? 0) + 1;
      for (const hints of sink.all) {
        expect(JSON.stringify(hints)).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
      }
    }
    expect(counts['tls']).toBeGreaterThan(20);
    expect(counts['http']).toBeGreaterThan(20);
  });
});
