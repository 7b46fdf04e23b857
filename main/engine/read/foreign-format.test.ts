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

describe('the name of what is no capture', () => {
  const known: [name: string, bytes: Uint8Array, says: RegExp][] = [
    ['snoop', head(16, { 0: 'snoop' }), /snoop/],
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
