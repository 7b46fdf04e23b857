import { describe, expect, it } from 'vitest';
import { nameForeignFormat } from './foreign-format.ts';

/** `length` zero bytes with the given ones in place; strings are Latin-1. */
function head(length: number, parts: Record<number, string | number[]>): Uint8Array {
  const bytes = new Uint8Array(length);
  for (const [at, part] of Object.entries(parts)) {
    bytes.set(typeof part === 'string' ? Buffer.from(part, 'latin1') : part, Number(at));
  }
  return bytes;
}

/** What programs print, by what of them it is. */
function printed(
  says: RegExp,
  forms: Record<string, string>,
): [name: string, bytes: Uint8Array, says: RegExp][] {
  return Object.entries(forms).map(([name, text]) => [name, new TextEncoder().encode(text), says]);
}

describe('the name of what is no capture', () => {
  const known: [name: string, bytes: Uint8Array, says: RegExp][] = [
    ['Network Monitor', head(128, { 0: 'GMBU' }), /Network Monitor/],
    ['tar', head(512, { 0: 'a.pcap', 257: 'ustar' }), /tar archive/],
    // WMI_BUFFER_HEADER of 64 KiB, then a SYSTEM_TRACE_HEADER with its marker.
    ['ETL', head(512, { 0: [0, 0, 1, 0], 72: [2, 0, 2, 0xc0] }), /etl2pcapng/],
    // 2023, type Ethernet, record of 80 bytes, wire length 60.
    ['ERF', head(80, { 4: [0x00, 0xf1, 0x53, 0x65], 8: [2, 4, 0, 80, 0, 0, 0, 62] }), /Endace/],
    ['text with a byte order mark', head(7, { 0: '\xef\xbb\xbfabc\n' }), /^text$/],
    ['a Git LFS pointer', head(50, { 0: 'version https://git-lfs.github.com/spec/v1\noid sha' }), /LFS/],
    [
      'printed packets of tshark',
      new TextEncoder().encode('    1 0.000000000    10.0.0.1 → 10.0.0.2    TCP 74'),
      /tshark -w/,
    ],
    [
      'packets of tshark -V',
      new TextEncoder().encode('Frame 1: 74 bytes on wire (592 bits), 74 bytes captured'),
      /tshark -w/,
    ],
    [
      'printed packets of tcpdump',
      new TextEncoder().encode('12:00:00.000001 IP 10.0.0.1.1 > 10.0.0.2.2: Flags [S]'),
      /tcpdump -w/,
    ],
    [
      'a hex dump',
      new TextEncoder().encode('0000  02 00 00 00 00 01 02 00 00 00 00 02 08 00 45 00'),
      /text2pcap/,
    ],
    ...printed(/tshark -w/, {
      'packets of tshark -T json':
        '[\n  {\n    "_index": "packets-2023-11-14",\n    "_type": "doc",\n    "_source": {',
      'packets of tshark -T ek': '{"index":{"_index":"packets-2023-11-14","_type":"doc"}}\n{"timestamp":"1"',
      'packets of tshark -T ek, without its first line': '{"timestamp":"1700","layers":{"frame":{"frame_fra',
      'packets of tshark -T pdml':
        '<?xml version="1.0" encoding="utf-8"?>\n<?xml-stylesheet type="text/xsl" href="pdml2html.xsl"?>\n<pdml version="0"',
      'packets of tshark -T psml': '<?xml version="1.0" encoding="utf-8"?>\n<psml version="0">\n<structure>',
      'packets of tshark -t ad':
        '    1 2023-11-14 22:13:20.000000    10.1.0.10 → 192.0.2.80   TCP 58 40000 → 443 [SYN]',
      'packets of tshark behind its warning':
        'Running as user "root" and group "root". This could be dangerous.\n    1   0.0    ::1 → ::1   TCP 58',
      'packets of tshark -x': '0000  02 00 00 00 00 0b 02 00   ........\n0010  00 2c 00 65',
    }),
    ...printed(/tcpdump -w/, {
      'packets of tcpdump -x': '\t0x0000:  4500 002c 0065 4000 4006 6e0c 0a01 000a\n\t0x0010:  c000',
      'packets of tcpdump -X':
        '22:13:20.000000 IP 10.1.0.10.40000 > 192.0.2.80.443: tcp 0\n\t0x0000:  4500 002c  E..,',
      'packets of tcpdump -e':
        '22:13:20.000000 02:00:00:00:00:0a > 02:00:00:00:00:0b, ethertype IPv4 (0x0800), length 58: 10.1.0.10',
      'packets of tcpdump -tttt':
        '2023-11-14 22:13:20.000000 IP6 2001:db8::1.4000 > 2001:db8::2.443: Flags [S]',
      'packets of tcpdump -t': 'IP 10.1.0.10.40000 > 192.0.2.80.443: Flags [S], seq 1000, win 64240',
      'packets of tcpdump -ttttt': ' 00:00:00.000000 IP 10.1.0.10.40000 > 192.0.2.80.443: Flags [S]',
      'packets of tcpdump -v': '22:13:20.000000 IP (tos 0x0, ttl 64, id 101, offset 0, flags [DF])',
      'packets of tcpdump -i any': '22:13:20.000000 eth0  Out IP 10.1.0.10.40000 > 192.0.2.80.443: Flags [S]',
      'packets of tcpdump behind what it says':
        'reading from file a.pcap, link-type EN10MB (Ethernet), snapshot length 262144\n1700.0 IP a.1 > b.2: Flags',
    }),
    ['a hex dump of a file', new TextEncoder().encode('00000000: d4c3 b2a1 0200 0400  ........'), /xxd -r/],
    [
      'a page of text about tcpdump',
      new TextEncoder().encode('Run tcpdump and see who > whom: it is easy'),
      /^text$/,
    ],
    [
      'JSON of another kind',
      new TextEncoder().encode('{"layers": ["a"], "_index": "logs-1"}'),
      /^JSON text$/,
    ],
    ['xz', head(64, { 0: '\xfd7zXZ\0' }), /xz -d/],
    ['bzip2', head(64, { 0: 'BZh91AY' }), /bunzip2/],
    ['ZIP', head(64, { 0: 'PK\x03\x04' }), /unzip/],
    ['XML', head(9, { 0: '<?xml ver' }), /XML/],
  ];
  it.each(known)('%s', (_name, bytes, says) => {
    expect(nameForeignFormat(bytes)).toMatch(says);
  });

  it('is unknown for what resembles nothing', () => {
    for (const bytes of [new Uint8Array(0), new Uint8Array(512), new Uint8Array(512).fill(0xff)]) {
      expect(nameForeignFormat(bytes)).toBeUndefined();
    }
  });
});
