/** Hints read payloads that anyone may have written: whatever they hold, nothing may throw, hang or look beyond. */
import type { FlowRecord, PacketNumber } from '../../shared/base/units.ts';
import assert from 'node:assert/strict';
import { HintCollector } from '../../main/engine/stream/hints.ts';
import { LIMITS, LimitCounter } from '../../main/engine/limits.ts';
import { alert, ascii, clientHello, concat, record, serverHello } from '../support/tls-messages.ts';
import type { FuzzTarget } from './fuzz-loop.ts';
import type { Random } from './mutate.ts';

const DNS_RESPONSE = concat(
  Uint8Array.of(0, 1, 0x81, 0x80, 0, 1, 0, 3, 0, 0, 0, 0),
  ascii('\x03www\x07example\x00\x00\x01\x00\x01'),
  ascii('\xc0\x0c\x00\x05\x00\x01\x00\x00\x00\x3c\x00\x06\x03cdn\xc0\x10'),
  ascii('\x03cdn\xc0\x10\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04\x0a\x00\x00\x01'),
  ascii('\xc0\x0c\x00\x1c\x00\x01\x00\x00\x00\x3c\x00\x10'),
  new Uint8Array(16).fill(0x20),
);

const CORPUS: readonly Uint8Array[] = [
  record(
    22,
    clientHello({ serverName: 'www.example', alpn: ['h2', 'http/1.1'], encryptedClientHello: true }),
  ),
  record(22, clientHello({ padding: 1700, serverName: 'pq.example', version: 0x0304 })),
  concat(
    record(22, serverHello({ version: 0x0304, alpn: ['h2'] })),
    record(20, Uint8Array.of(1)),
    alert(2, 40),
  ),
  concat(record(23, new Uint8Array(60)), record(21, new Uint8Array(26)), record(23, new Uint8Array(19))),
  ascii(
    'POST /a/b?c=d HTTP/1.1\r\nHost: www.example:80\r\nContent-Length: 12\r\nConnection: close\r\n\r\nbody',
  ),
  ascii('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'),
  ascii('SSH-2.0-OpenSSH_9.6\r\n'),
  ascii('220 mx.example ESMTP\r\n554 5.7.1 no\r\n'),
  ascii('\0\0\0\x13\0\x03\0\0user\0me\0\0\0\0E\0\0\0\x20SFATAL\0C53300\0Mtoo many\0\0'),
  ascii(
    '\x2c\0\0\0\n8.0.36\0\x09\0\0\x0012345678\0\xff\xff\xff\xff\xff\xff\xff\xff\x09\0\0\0\xff\x15\x04#28000no',
  ),
  ascii('*2\r\n$3\r\nGET\r\n$1\r\nk\r\n-NOAUTH who are you\r\n'),
  DNS_RESPONSE,
  concat(Uint8Array.of(0, DNS_RESPONSE.length), DNS_RESPONSE),
];

interface Segment {
  readonly direction: 0 | 1;
  readonly from: number;
  readonly captured: number;
  readonly length: number;
  readonly seq: number | undefined;
}

/** Cuts the input into segments of one flow: sometimes swapped, repeated or cut by a snaplen. */
function segmentsOf(input: Uint8Array, random: Random): Segment[] {
  const segments: Segment[] = [];
  const withSeq = random.below(2) === 0;
  for (let from = 0; from < input.length;) {
    const length = Math.min(input.length - from, 1 + random.below(random.below(2) === 0 ? 40 : 2000));
    const captured = random.below(8) === 0 ? random.below(length + 1) : length;
    const direction = random.below(6) === 0 ? 1 : 0;
    segments.push({ direction, from, captured, length, seq: withSeq ? from - 1000 : undefined });
    if (random.below(8) !== 0) from += length;
    if (segments.length > 200) break;
  }
  return segments;
}

/** All that a collector knows after the segments; `filler` stands around every payload. */
function outcome(input: Uint8Array, segments: readonly Segment[], filler: number): unknown {
  const limits = new LimitCounter();
  const collector = new HintCollector(limits);
  const wanted: boolean[] = [];
  segments.forEach(({ direction, from, captured, length, seq }, packet) => {
    const bytes = new Uint8Array(captured + 64).fill(filler);
    bytes.set(input.subarray(from, from + captured), 32);
    if (captured > 0) wanted.push(collector.wants(1 as FlowRecord, bytes[32], length));
    collector.sniff(1 as FlowRecord, direction, packet as PacketNumber, bytes, 32, captured, length, seq);
    collector.sniffDns(bytes, 32, captured);
  });
  return {
    hints: collector.hints(1 as FlowRecord),
    names: [...collector.dnsNames()],
    limits: limits.entries(),
    wanted,
  };
}

export const hintsTarget: FuzzTarget = {
  name: 'hints',
  corpus: CORPUS,
  check(input, random) {
    const segments = segmentsOf(input, random);
    const one = outcome(input, segments, 0x00);
    // What stands around a payload must not matter.
    assert.deepEqual(outcome(input, segments, 0x41), one);
    const text = JSON.stringify(one);
    assert.doesNotMatch(text, /[\p{Cc}\p{Cs}\p{Bidi_Control}]/u);
    for (const value of text.match(/"(?:[^"\\]|\\.)*"/g) ?? []) {
      assert.ok((JSON.parse(value) as string).length <= LIMITS.maxHintText + 16, 'text too long');
    }
  },
};
