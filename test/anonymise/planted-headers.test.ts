/** What headers of links, tunnels, IP and TCP say of anybody is gone: addresses in unusual places, names, sums of what was there. */
import { describe, expect, it } from 'vitest';
import * as build from '../support/packet-builder.ts';
import { newAnonymiser } from './anonymise-file.ts';
import { ascii, leaked, type Planted } from './planted.ts';

const ENDS_4 = { src: '198.51.100.7', dst: '93.184.216.34' };
const ENDS_6 = { src: '2a02:26f0:1b::7', dst: '2a02:26f0:2c::9' };
const MAC = [0x3c, 0x22, 0xfb, 0x12, 0x34, 0x56];
const SERVER = build.addressBytes(ENDS_4.dst);
const SERVER_6 = build.addressBytes(ENDS_6.dst);
const GROUP = '224.0.0.251';

const frame = (etherType: number, ...bytes: number[]): Uint8Array =>
  build.ethernet({ etherType }, Uint8Array.from(bytes));
const over4 = (payload: build.IpPayload | build.NetworkPacket | Uint8Array): Uint8Array =>
  build.ethernet({}, build.ipv4(ENDS_4, payload));
const over6 = (payload: build.IpPayload, fields: Partial<build.Ipv6Fields> = {}): Uint8Array =>
  build.ethernet({}, build.ipv6({ ...ENDS_6, ...fields }, payload));
const withOptions = (raw: number[]): Uint8Array =>
  over4(build.tcp({ srcPort: 4000, dstPort: 443, options: { raw } }));
const segment = build.tcp({ srcPort: 4000, dstPort: 443 });

const cut = (data: Uint8Array, length: number): Pick<Planted, 'data' | 'wireLength'> => ({
  data: data.slice(0, length),
  wireLength: data.length,
});

const PLANTED: Readonly<Record<string, Planted>> = {
  'LLDP with the name of a switch': {
    data: frame(0x88cc, 2, 7, 4, ...MAC, 4, 4, 5, ...ascii('Gi0'), 10, 8, ...ascii('acmecore')),
    secrets: [MAC, 'acmecore'],
  },
  'CDP with the name of a router': {
    data: build.ethernet(
      { dst: '01:00:0c:cc:cc:cc', etherType: 30 },
      Uint8Array.from([0xaa, 0xaa, 3, 0, 0, 0x0c, 0x20, 0, 2, 180, 0, 0, 0, 1, 0, 12, ...ascii('acmecore')]),
    ),
    secrets: ['acmecore'],
  },
  'ARP with the addresses of both': {
    data: frame(0x0806, 0, 1, 8, 0, 6, 4, 0, 1, ...MAC, ...SERVER, 0, 0, 0, 0, 0, 0, 198, 51, 100, 7),
    secrets: [MAC, SERVER],
  },
  'MACsec with the channel of a machine': {
    data: frame(0x88e5, 0x20, 0, 0, 0, 0, 1, ...MAC, 0, 1, 0x08, 0, ...build.ipv4(ENDS_4, segment).bytes),
    secrets: [MAC],
  },
  'bytes behind the packet, as cards left them': {
    data: build.concat(over4(segment), ascii('left in the buffer')),
    secrets: ['left in the buffer'],
  },
  'a link-local address made of a link-layer one': {
    data: build.ethernet({}, build.ipv6({ src: 'fe80::3e22:fbff:fe12:3456', dst: 'ff02::1' }, segment)),
    secrets: [
      [0x3e, 0x22, 0xfb, 0xff, 0xfe, 0x12, 0x34, 0x56],
      [0x12, 0x34, 0x56],
    ],
  },
  'an IPv6 address that holds one of IPv4': {
    data: build.ethernet({}, build.ipv6({ src: '::93.184.216.34', dst: '2002:5db8:d822::1' }, segment)),
    secrets: [SERVER],
  },
  'neighbour discovery': {
    data: over6(build.icmp({ type: 135, protocol: 58 }, Uint8Array.from([...SERVER_6, 1, 1, ...MAC]))),
    secrets: [SERVER_6, MAC],
  },
  'an advertised prefix, resolver and search domain': {
    data: over6(
      build.icmp(
        { type: 134, protocol: 58 },
        build.concat(
          new Uint8Array(8),
          [3, 4, 64, 0xc0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, ...SERVER_6],
          [25, 3, 0, 0, 0, 0, 1, 0, ...SERVER_6],
          [31, 3, 0, 0, 0, 0, 1, 0, 8, ...ascii('acmecorp'), 3, ...ascii('com'), 0, 0, 0],
        ),
      ),
    ),
    secrets: [SERVER_6, 'acmecorp'],
  },
  'a recorded route': {
    data: build.ethernet(
      {},
      build.ipv4({ ...ENDS_4, options: [7, 11, 12, 10, 7, 6, 5, ...SERVER] }, segment),
    ),
    secrets: [[10, 7, 6, 5], SERVER],
  },
  ESP: {
    data: over4({
      protocol: 50,
      bytes: Uint8Array.from([0xca, 0xfe, 0xd0, 0x0d, 0, 0, 0, 1, ...ascii('ciphertext')]),
    }),
    secrets: [[0xca, 0xfe, 0xd0, 0x0d], 'ciphertext'],
  },
  'the key of GRE': {
    data: over4(build.gre({ key: 0xcafe_d00d }, build.ipv4(ENDS_4, segment))),
    secrets: [[0xca, 0xfe, 0xd0, 0x0d], SERVER],
  },
  'a fast open cookie': {
    data: withOptions([34, 10, ...ascii('COOKIE00')]),
    secrets: ['COOKIE00'],
  },
  'an MD5 digest': {
    data: withOptions([19, 18, ...ascii('digest of a key!')]),
    secrets: ['digest of a key!'],
  },
  'keys of MPTCP': {
    data: withOptions([30, 20, 0x00, 0x81, ...ascii('KEYKEY01KEYKEY02')]),
    secrets: ['KEYKEY01', 'KEYKEY02'],
  },
  'an address that MPTCP offers': {
    data: withOptions([30, 16, 0x30, 2, ...SERVER, ...ascii('HMACHMAC')]),
    secrets: ['HMACHMAC', [0x30, 2, ...SERVER]],
  },
  'the sum over data of MPTCP': {
    data: withOptions([30, 20, 0x20, 0x05, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 40, 0xbe, 0xef]),
    secrets: [[0, 40, 0xbe, 0xef]],
  },
  'an option that nobody defined': { data: withOptions([77, 8, ...ascii('secret')]), secrets: ['secret'] },
  'a redirect that is cut in its gateway': {
    ...cut(over4(build.icmpError({ type: 5, rest: 0x5db8_d822 }, build.ipv4(ENDS_4, segment))), 14 + 20 + 7),
    secrets: [SERVER.slice(0, 3)],
  },
  'an error that quotes a header which is too short': {
    data: over4(build.icmpError({ type: 3 }, build.ipv4({ ...ENDS_4, headerLength: 12 }, segment))),
    secrets: [SERVER, build.addressBytes(ENDS_4.src)],
  },
  'a group of a protocol': {
    data: build.ethernet({ dst: '01:00:5e:38:d8:22' }, build.ipv4({ src: ENDS_4.src, dst: GROUP }, segment)),
    secrets: [[0x5e, 0x38, 0xd8, 0x22]],
  },
};

describe('nothing of a header tells anybody', () => {
  it.each(Object.entries(PLANTED))('%s', (_name, planted) => {
    expect(leaked(planted)).toEqual([]);
  });
});

describe('a checksum that cannot be made again', () => {
  const data = over4(build.tcp({ srcPort: 4000, dstPort: 443, payload: 'secret' }));

  it.each([
    ['of a header that is cut', data.slice(0, 14 + 16), 14 + 10],
    ['of a header that is too short for one', data.with(14, 0x43), 14 + 10],
    ['that is cut in half', data.slice(0, 14 + 20 + 17), 14 + 20 + 16],
  ])('%s is left out', (_name, bytes, at) => {
    expect(bytes[at]).not.toBe(0);
    expect(newAnonymiser().packet(1, bytes, data.length)[at]).toBe(0);
  });
});
