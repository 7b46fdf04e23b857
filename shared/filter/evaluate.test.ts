import { describe, expect, it } from 'vitest';
import type { FieldValue } from '../fields/field.ts';
import { evaluator } from './evaluate.ts';
import type { RegexEngine } from './evaluate.ts';
import { parseFilter } from './parse.ts';

const PACKET: Readonly<Record<string, readonly FieldValue[]>> = {
  frame: [Uint8Array.of(1, 2, 3)],
  'frame.number': [7],
  'frame.time': [1_767_225_600_500_000_000n],
  'frame.time_delta': [0.25],
  tcp: [Uint8Array.of(0x1f, 0x90, 0x00, 0x50, 0xff)],
  'tcp.port': [8080, 80],
  'tcp.srcport': [8080],
  'tcp.dstport': [80],
  'tcp.flags': [0x12],
  'tcp.flags.syn': [true],
  'tcp.len': [0],
  'tcp.seq': [4_294_967_295],
  'tcp.payload': [new TextEncoder().encode('GET /Index')],
  'ip.addr': [Uint8Array.of(10, 1, 2, 3), Uint8Array.of(192, 0, 2, 9)],
  'ip.src': [Uint8Array.of(10, 1, 2, 3)],
  'ipv6.addr': [],
  'http.host': ['Shop.example'],
};

const regex: RegexEngine = {
  compile: (pattern) => ({ ok: true, value: (text) => new RegExp(pattern, 'isu').test(text) }),
};

function passes(text: string): boolean {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.error.message}`);
  return evaluator(parsed.value, regex)({ values: ({ name }) => PACKET[name] ?? [] });
}

describe('a packet', () => {
  it.each([
    '',
    'tcp',
    'not udp',
    'tcp.port == 80',
    'tcp.port == 8080',
    'tcp.port ~= 80',
    'not tcp.port === 80',
    'tcp.port != 443',
    'all tcp.port >= 80',
    'any tcp.port > 8000',
    'not udp.port != 53',
    'not udp.port == 53',
    'tcp.port in {443, 8000..9000}',
    'not tcp.port in {1..79}',
    'tcp.port not in {443}',
    'tcp.flags & 0x02',
    'not tcp.flags & 0x04',
    'tcp.flags & 0x12 == 0x12',
    'tcp.flags.syn',
    'tcp.flags.syn == True',
    'tcp.flags.syn > 0',
    'ip.addr == 10.0.0.0/8',
    'ip.addr == 192.0.2.9',
    'ip.addr != 10.9.9.9',
    'not ip.addr != 10.1.2.3',
    'ip.addr in {10.1.0.0..10.2.0.0}',
    'ip.src[0] == 0a',
    'ip.src[0] == 10 or ip.src[0] == 0x0a',
    'ip.src[2:2] == 02:03',
    'not ipv6.addr',
    'tcp[0:2] == 1f:90',
    'tcp[-1] == ff',
    'tcp[0-1,4] == 1f:90:ff',
    'not tcp[5]',
    'tcp.payload contains "GET"',
    'not tcp.payload contains "get"',
    'tcp.payload matches "^get /i"',
    'http.host == "Shop.example"',
    'lower(http.host) == "shop.example"',
    'upper(http.host) contains "SHOP"',
    'http.host[0:4] == "Shop"',
    'len(tcp.payload) == 10',
    'len(tcp.port) == 2',
    'count(tcp.port) == 2',
    'max(tcp.port) == 8080',
    'min(tcp.seq, tcp.len) == 0',
    'abs(tcp.len - 5) == 5',
    'tcp.len - 5 < 0',
    'string(tcp.dstport) matches "^8"',
    'string(ip.src) == "10.1.2.3"',
    'tcp.srcport == tcp.dstport * 101',
    'tcp.srcport > tcp.dstport',
    'tcp.seq > 4294967294',
    'not tcp.len > -1',
    'tcp.dstport % 7 == 3',
    'frame.time_delta == 0.25',
    'frame.time > "2026-01-01T00:00:00Z"',
    'frame.time < "2026-01-01T00:00:01Z"',
    'frame.number == 7 and (udp or tcp)',
    'ip.src#1 == 10.1.2.3',
    'not ip.src#2 == 10.1.2.3',
    'not ${ip.src} == ip.src',
    'not tcp.dstport / tcp.len == 1',
  ])('passes %j', (text) => {
    expect(passes(text)).toBe(true);
  });
});
