/** The builder against an independent reader of its output: tshark, where it is installed. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { writePcap } from './capture-writer.ts';
import * as build from './packet-builder.ts';

const hasTshark = spawnSync('tshark', ['--version']).status === 0;

/** One line per packet: frame.protocols, then whatever the expert system or a checksum finds wrong. */
function dissect(packets: readonly Uint8Array[], linkType: number): string[] {
  const dir = mkdtempSync(join(tmpdir(), 'resetscope-builder-'));
  try {
    const file = join(dir, 'built.pcap');
    writeFileSync(file, writePcap({ packets: packets.map((data) => ({ timeNs: 0n, data })), linkType }));
    const checks = ['ip.check_checksum', 'tcp.check_checksum', 'udp.check_checksum'];
    const fields = ['frame.protocols', '_ws.malformed', 'ip.checksum.status', 'tcp.checksum.status'];
    return execFileSync('tshark', [
      ...['-n', '-r', file, '-T', 'fields'],
      ...checks.flatMap((name) => ['-o', `${name}:TRUE`]),
      ...[...fields, 'udp.checksum.status', 'icmp.checksum.status', 'icmpv6.checksum.status'].flatMap(
        (name) => ['-e', name],
      ),
    ])
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => line.replaceAll(/[\t ]+/g, ' ').trim());
  } finally {
    rmSync(dir, { recursive: true });
  }
}

const v4 = { src: '192.0.2.1', dst: '198.51.100.2' };
const v6 = { src: '2001:db8::1', dst: '2001:db8::2' };
const ports = { srcPort: 40_000, dstPort: 4242 };
const options = { mss: 1460, sackPermitted: true, ts: [1, 2], ws: 7 } as const;
const segment = build.tcp({ ...ports, flags: 'PA', payload: 33, options });
const packet4 = build.ipv4(v4, segment);
const packet6 = build.ipv6(v6, segment);
const frame = build.ethernet({}, packet4);

const CASES: readonly (readonly [name: string, linkType: number, data: Uint8Array, expected: RegExp])[] = [
  ['Ethernet', 1, frame, /^eth:ethertype:ip:tcp(:data)? 1 1$/],
  ['IPv6', 1, build.ethernet({}, packet6), /^eth:ethertype:ipv6:tcp(:data)? 1$/],
  [
    'QinQ',
    1,
    build.ethernet({ vlan: [[0x88a8, 5], 6] }, packet4),
    /^eth:ethertype:ieee8021ad:ethertype:vlan:ethertype:ip:tcp(:data)? 1 1$/,
  ],
  ['SNAP', 1, build.ethernetSnap({}, packet4), /^eth:llc:ip:tcp(:data)? 1 1$/],
  ['SLL', 113, build.sll({}, packet4), /^sll:ethertype:ip:tcp(:data)? 1 1$/],
  ['SLL2', 276, build.sll2({}, packet6), /^sll:ethertype:ipv6:tcp(:data)? 1$/],
  ['NULL', 0, build.nullLink(packet4), /^null:ip:tcp(:data)? 1 1$/],
  ['LOOP', 108, build.nullLink(packet6, true, 30), /^null:ipv6:tcp(:data)? 1$/],
  ['PPP', 9, build.ppp(packet4), /^ppp:ip:tcp(:data)? 1 1$/],
  ['PPP HDLC', 50, build.ppp(packet6, true), /^ppp:ipv6:tcp(:data)? 1$/],
  ['PPPoE', 1, build.ethernet({}, build.pppoe(packet4)), /^eth:ethertype:pppoes:ppp:ip:tcp(:data)? 1 1$/],
  ['MPLS', 1, build.ethernet({}, build.mpls([16, 17], packet4)), /^eth:ethertype:mpls:ip:tcp(:data)? 1 1$/],
  ['802.11', 105, build.wlan({ toDs: true, qos: true }, packet4), /^wlan:llc:ip:tcp(:data)? 1 1$/],
  [
    'radiotap',
    127,
    build.radiotap(build.wlan({ fromDs: true }, packet4)),
    /^radiotap:wlan_radio:wlan:llc:ip:tcp(:data)? 1 1$/,
  ],
  ['A-MSDU', 105, build.wlan({ qos: true, amsdu: true }, packet4), /^wlan:llc:ip:tcp(:data)? 1 1$/],
  [
    'UDP',
    1,
    build.ethernet({}, build.ipv6(v6, build.udp({ ...ports, payload: 5 }))),
    /^eth:ethertype:ipv6:udp:data 1$/,
  ],
  [
    'ICMP error',
    1,
    build.ethernet({}, build.ipv4(v4, build.icmpError({ type: 3, code: 1 }, packet4))),
    /^eth:ethertype:ip:icmp:ip:tcp(:data)? 1,1/,
  ],
  [
    'ICMPv6 error',
    1,
    build.ethernet({}, build.ipv6(v6, build.icmpError({ type: 3 }, packet6))),
    /^eth:ethertype:ipv6:icmpv6:ipv6:tcp:data/,
  ],
  ['IPIP', 1, build.ethernet({}, build.ipv4(v4, packet6)), /^eth:ethertype:ip:ipv6:tcp(:data)? 1 1$/],
  [
    'GRE',
    1,
    build.ethernet({}, build.ipv4(v4, build.gre({ key: 1, sequence: 2 }, packet4))),
    /^eth:ethertype:ip:gre:ip:tcp(:data)? 1,1 1$/,
  ],
  [
    'GRE TEB',
    1,
    build.ethernet({}, build.ipv4(v4, build.gre({}, frame))),
    /^eth:ethertype:ip:gre:eth:ethertype:ip:tcp(:data)? 1,1 1$/,
  ],
  [
    'ERSPAN II',
    1,
    build.ethernet({}, build.ipv4(v4, build.erspan(2, frame))),
    /^eth:ethertype:ip:gre:erspan:eth:ethertype:ip:tcp(:data)? 1,1 1$/,
  ],
  [
    'ERSPAN III',
    1,
    build.ethernet({}, build.ipv4(v4, build.erspan(3, frame, true))),
    /^eth:ethertype:ip:gre:erspan:eth:ethertype:ip:tcp(:data)? 1,1 1$/,
  ],
  [
    'VXLAN',
    1,
    build.ethernet({}, build.ipv4(v4, build.vxlan(9, frame))),
    /^eth:ethertype:ip:udp:vxlan:eth:ethertype:ip:tcp(:data)? 1,1 1 1$/,
  ],
  [
    'Geneve',
    1,
    build.ethernet({}, build.ipv4(v4, build.geneve(9, frame))),
    /^eth:ethertype:ip:udp:geneve:eth:ethertype:ip:tcp(:data)? 1,1 1 1$/,
  ],
  [
    'Teredo',
    1,
    build.ethernet({}, build.ipv4(v4, build.teredo(packet6))),
    /^eth:ethertype:ip:udp:teredo:ipv6:tcp(:data)? 1 1 1$/,
  ],
  [
    'extensions',
    1,
    build.ethernet(
      {},
      build.ipv6(
        {
          ...v6,
          extensions: [
            { protocol: 0, rest: build.PADDED_OPTIONS },
            { protocol: 60, rest: build.PADDED_OPTIONS },
          ],
        },
        segment,
      ),
    ),
    /^eth:ethertype:ipv6:ipv6.hopopts:ipv6.dstopts:tcp(:data)? 1$/,
  ],
];

describe.skipIf(!hasTshark)('packet builder, read by tshark', () => {
  /**
   * What tshark says of each case; one run per link type, because starting it takes long. The segment is the same all
   * over, so only its first copy has ":data": the others are retransmissions.
   */
  const said = new Map<string, string>();

  beforeAll(() => {
    for (const linkType of new Set(CASES.map((item) => item[1]))) {
      const group = CASES.filter((item) => item[1] === linkType);
      const lines = dissect(
        group.map((item) => item[2]),
        linkType,
      );
      group.forEach(([name], i) => said.set(name, lines[i]));
    }
  });

  it.each(CASES)('%s', (name, _linkType, _data, expected) => {
    expect(said.get(name)).toMatch(expected);
  });

  it.each([packet4, packet6])('fragments that tshark puts together again', (packet) => {
    const big =
      packet === packet4
        ? build.ipv4(v4, build.tcp({ ...ports, payload: 3000 }))
        : build.ipv6(v6, build.tcp({ ...ports, payload: 3000 }));
    const lines = dissect(
      build.fragments(big, 1480).map((piece) => build.ethernet({}, piece)),
      1,
    );
    expect(lines).toHaveLength(3);
    expect(lines[2]).toMatch(/:tcp(:data)? 1/);
  });
});
