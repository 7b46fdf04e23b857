/**
 * Streams of real captures (Zeek's test traces) against tshark's own reassembly. Skipped where either is absent;
 * RESETSCOPE_CORPUS names the folder of the traces.
 */
import type { PacketNumber } from '../../../shared/base/units.ts';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { RecordingSink } from '../../../test/support/recording-sink.ts';
import { Decoder } from '../decode/decoder.ts';
import {
  DST_PORT,
  FLAGS,
  KIND,
  KIND_TCP,
  PAYLOAD_AT,
  PAYLOAD_CAPTURED,
  PAYLOAD_LENGTH,
  SEQ,
  SRC_PORT,
  TCP_SYN,
} from '../decode/facts.ts';
import { LIMITS, LimitCounter } from '../limits.ts';
import { CaptureReader } from '../read/capture-reader.ts';
import { CaptureClock } from '../read/sink.ts';
import type { AssembledStream } from './assembled.ts';
import { StreamAssembler } from './reassembly.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const CORPUS = process.env['RESETSCOPE_CORPUS'] ?? path.join(ROOT, '../shared/corpus/zeek');
const hasTshark = spawnSync('tshark', ['--version']).status === 0;

/** Both directions of the capture's first connection with its SYN, the client's first. */
function assemble(file: string): AssembledStream[] {
  const limits = new LimitCounter();
  const sink = new RecordingSink();
  const reader = new CaptureReader(sink, new CaptureClock(), limits);
  reader.feed(readFileSync(file));
  reader.end();
  const decoder = new Decoder(limits);
  const assemblers: StreamAssembler[] = [];
  let ports: readonly number[] = [];
  sink.packets.forEach(({ data, wireLength, interfaceId }, packet) => {
    decoder.decode(data, 0, data.length, wireLength, sink.interfaces[interfaceId].linkType, 0);
    const { facts, bytes } = decoder;
    if (facts[KIND] !== KIND_TCP) return;
    const isSyn = (facts[FLAGS] & TCP_SYN) !== 0;
    if (ports.length === 0 && isSyn) ports = [facts[SRC_PORT], facts[DST_PORT]];
    const side = ports.indexOf(facts[SRC_PORT]);
    if (side < 0 || facts[DST_PORT] !== ports[1 - side]) return;
    const first = facts[SEQ] + (isSyn ? 1 : 0);
    assemblers[side] ??= new StreamAssembler(first, {
      maxBytes: LIMITS.maxReassemblyBytes,
      maxSegments: LIMITS.maxReassemblySegments,
      policy: 'first',
    });
    const at = facts[PAYLOAD_AT];
    const payload = bytes.subarray(at, at + facts[PAYLOAD_CAPTURED]);
    assemblers[side].add(first, payload, facts[PAYLOAD_LENGTH], packet as PacketNumber);
  });
  return assemblers.map((assembler) => assembler.finish());
}

/** tshark indents what the other side than the first speaker said by a tab. */
function followed(file: string): [string, string] {
  const { stdout } = spawnSync('tshark', ['-r', file, '-q', '-z', 'follow,tcp,raw,0'], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const lines = stdout.split('\n').filter((line) => /^\t?[0-9a-f]+$/.test(line));
  return [
    lines.filter((line) => !line.startsWith('\t')).join(''),
    lines
      .filter((line) => line.startsWith('\t'))
      .map((line) => line.slice(1))
      .join(''),
  ];
}

describe.skipIf(!existsSync(CORPUS) || !hasTshark)('streams of real captures', () => {
  it.each([
    'http__ctu-62604-80.pcap',
    'http__m57-long-49583-80.pcap',
    'postgresql__psql-aws-ssl-require.pcap',
    'tcp__ctu-64702-888.pcap',
    'tls__heartbleed-encrypted-success.pcap',
    'rdp__rdp-no-cookie-mstshash.pcap',
    'http__putty-upload.pcap',
    'http__byteranges.pcap',
    'tls__tls13draft23-chrome67.0.3368.0-canary.pcap',
    'smtp__smtp-bdat-pipeline-8bitmime.pcap',
    'tls__dhe.pcap',
  ])('%s: the same bytes as tshark', (name) => {
    const file = path.join(CORPUS, name);
    const ours = assemble(file).map((stream) => {
      expect(stream.parts.length).toBeLessThanOrEqual(1);
      expect(stream.overlapDifferent.segments).toBe(0);
      const [part] = stream.parts;
      return part?.kind === 'data' ? Buffer.from(part.bytes).toString('hex') : '';
    });
    expect(ours.join('').length).toBeGreaterThan(0);
    expect(new Set(ours)).toEqual(new Set(followed(file)));
  });
});
