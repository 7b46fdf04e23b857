/** What applications say of anybody is gone, also where a message only looks like one of the protocol, or begins in the middle. */
import { describe, expect, it } from 'vitest';
import * as build from '../support/packet-builder.ts';
import { ascii, leaked, type Planted } from './planted.ts';

const ENDS = { src: '198.51.100.7', dst: '93.184.216.34' };
const MAC = [0x3c, 0x22, 0xfb, 0x12, 0x34, 0x56];

const overUdp = (dstPort: number, ...payload: number[]): Uint8Array =>
  build.ethernet(
    {},
    build.ipv4(ENDS, build.udp({ srcPort: 40_000, dstPort, payload: Uint8Array.from(payload) })),
  );
const overTcp = (dstPort: number, payload: number[] | string, flags = 'PA'): Uint8Array => {
  const bytes = Uint8Array.from(typeof payload === 'string' ? ascii(payload) : payload);
  return build.ethernet({}, build.ipv4(ENDS, build.tcp({ srcPort: 40_000, dstPort, flags, payload: bytes })));
};
const said = (dstPort: number, text: string, ...secrets: string[]): Planted => ({
  data: overTcp(dstPort, text),
  secrets,
});
const label = (text: string): number[] => [text.length, ...ascii(text)];
const der = (tag: number, ...content: number[]): number[] => [tag, content.length, ...content];
const header = (answers: number): number[] => [0x12, 0x34, 0x81, 0x80, 0, 0, 0, answers, 0, 0, 0, 0];
const record = (type: number, ...data: number[]): number[] => [
  ...[...header(1), ...label('acmehost'), 0, 0, type, 0, 1, 0, 0, 0, 60, 0, data.length, ...data],
];
const certificate = (...content: number[]): number[] => {
  const one = der(0x30, ...content);
  const body = [0, 0, one.length + 3, 0, 0, one.length, ...one];
  return [22, 3, 3, 0, body.length + 4, 11, 0, 0, body.length, ...body];
};

const PLANTED: Readonly<Record<string, Planted>> = {
  mDNS: {
    data: overUdp(5353, ...record(33, 0, 0, 0, 0, 2, 0x77, ...label('bobslaptop'), 0)),
    secrets: ['acmehost', 'bobslaptop'],
  },
  LLMNR: {
    data: overUdp(5355, ...header(0).with(5, 1), ...label('bobslaptop'), 0, 0, 1, 0, 1),
    secrets: ['bobslaptop'],
  },
  'NetBIOS names': {
    data: overUdp(
      137,
      ...header(0).with(5, 1),
      ...label('ECEPECFDEMEBFAFEEPFACACACACACAAA'),
      0,
      0,
      0x20,
      0,
      1,
    ),
    secrets: ['ECEPECFD'],
  },
  'a text record': { data: overUdp(53, ...record(16, ...label('owner=bob'))), secrets: ['owner=bob'] },
  'a number that looks like lengths': {
    data: overUdp(53, ...record(104, 0, 0, 0, 0, 0, 2, 4, 4)),
    secrets: [[0, 0, 0, 0, 0, 2]],
  },
  'a subnet of the client': {
    data: overUdp(
      53,
      ...header(1),
      0,
      0,
      41,
      16,
      0,
      0,
      0,
      0,
      0,
      0,
      11,
      0,
      8,
      0,
      7,
      0,
      1,
      24,
      0,
      93,
      184,
      216,
    ),
    secrets: [[93, 184, 216]],
  },
  'the middle of an answer of DNS over TCP': {
    data: overTcp(53, `acmecorp${'\x04mail'}acmecorp and more`),
    secrets: ['acmecorp', 'mail', 'and more'],
  },
  "what is none on DNS' port": {
    data: overUdp(53, ...ascii('a tunnel through the port')),
    secrets: ['a tunnel', 'through'],
  },
  "what is none on DHCP's port": {
    data: overUdp(67, ...ascii('a tunnel through the port')),
    secrets: ['a tunnel'],
  },
  'the identity of a DHCPv6 client': {
    data: overUdp(547, 1, 0, 0, 7, 0, 1, 0, 14, 0, 1, 0, 1, 0x2a, 0x2a, 0x2a, 0x2a, ...MAC),
    secrets: [MAC, [0x2a, 0x2a, 0x2a, 0x2a]],
  },
  SIP: {
    data: overUdp(
      5060,
      ...ascii('INVITE sip:bob@acmecorp.example SIP/2.0\r\nFrom: <sip:alice@acmecorp.example>\r\n'),
    ),
    secrets: ['bob@', 'alice', 'acmecorp'],
  },
  syslog: {
    data: overUdp(514, ...ascii('<34>Oct 11 22:14:15 acmehost su: bob failed')),
    secrets: ['acmehost', 'bob'],
  },
  'a QUIC initial': {
    data: overUdp(443, 0xc3, 0, 0, 0, 1, 8, ...ascii('CONNID01'), 0, 0, 4, ...ascii('cryptographic')),
    secrets: ['CONNID01', 'crypto'],
  },
  'a greeting of SMTP': said(
    25,
    '220 mail.acmecorp.com ESMTP Acme 4.7 (for bob)\r\n',
    'acmecorp',
    'Acme',
    'bob',
    '4.7',
  ),
  'a login to FTP': said(21, 'USER bobsmith\r\nPASS hunter22\r\n', 'bobsmith', 'hunter22'),
  'a login to IMAP': said(143, 'a1 LOGIN bobsmith hunter22\r\n', 'bobsmith', 'hunter22'),
  NTLM: {
    data: overTcp(445, [0, 0, 0, 40, ...ascii('NTLMSSP\0'), 3, 0, 0, 0, ...ascii('A\0C\0M\0E\0b\0o\0b\0')]),
    secrets: ['NTLMSSP', 'A\0C\0M\0E', 'b\0o\0b'],
  },
  Kerberos: {
    data: overTcp(88, [
      0,
      0,
      0,
      30,
      0x6a,
      28,
      0xa1,
      3,
      2,
      1,
      5,
      0x1b,
      8,
      ...ascii('bobsmith'),
      0x1b,
      8,
      ...ascii('ACMECORP'),
    ]),
    secrets: ['bobsmith', 'ACMECORP'],
  },
  'compressed fields of HTTP/2': {
    data: overTcp(80, [0, 0, 12, 1, 4, 0, 0, 0, 1, 0x82, 0x41, 9, ...ascii('acmecorp!')]),
    secrets: ['acmecorp'],
  },
  'a target of HTTP whose end is not there': said(
    80,
    `GET /${'x'.repeat(220)} named bobsmith`,
    'named',
    'bobsmith',
  ),
  'a body that begins as a chunk would': said(
    80,
    'POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\n47114711\r\n',
    '47114711',
  ),
  'numbers where words of HTTP stand': said(
    80,
    'GET / HTTP/1.1\r\nPragma: 4111111111111111\r\nVary: 10.11.12.13\r\n\r\n',
    '41111111',
    '10.11.12.13',
  ),
  'what follows more blanks than a value has': said(
    80,
    `GET / HTTP/1.1\r\nVary:${' '.repeat(1100)}bobsmith\r\n\r\n`,
    'bobsmith',
  ),
  'a word behind a dash': said(7000, '-BOBSMITH\r\n', 'BOBSMITH'),
  'the build of a database': {
    data: overTcp(3306, [
      37,
      0,
      0,
      0,
      10,
      ...ascii('8.0.4-site4711'),
      0,
      ...ascii('thrd12345678'),
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
    ]),
    secrets: ['site', '4711', '12345678'],
  },
  'the serial number of a small authority': {
    data: overTcp(443, certificate(...der(2, 0x12, 0x34, 0x56))),
    secrets: [[0x12, 0x34, 0x56]],
  },
  "the object identifier of an enterprise's template": {
    data: overTcp(443, certificate(...der(6, 0x2b, 6, 1, 4, 1, 0x82, 0x37, 0x15, 8, 0x87, 0xd1, 0x5b))),
    secrets: [[0x15, 8, 0x87, 0xd1, 0x5b]],
  },
  'names that a certificate is for': {
    data: overTcp(
      443,
      certificate(
        ...der(0x82, ...ascii('shop.acmecorp.com')),
        ...der(0x87, 93, 184, 216, 34),
        ...der(0x81, ...ascii('bob@acmecorp.com')),
      ),
    ),
    secrets: ['shop', 'acmecorp', 'bob@', [0x87, 4, 93, 184, 216, 34]],
  },
};

describe('nothing of a message tells anybody', () => {
  it.each(Object.entries(PLANTED))('%s', (_name, planted) => {
    expect(leaked(planted)).toEqual([]);
  });
});
