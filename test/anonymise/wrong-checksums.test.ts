/**
 * Sums that are right, wrong, left to the network card or not there, in every pair of layers that has sums: tshark says the same of
 * them when the packets are anonymised.
 */
import { expect, it } from 'vitest';
import { writePcap } from '../support/capture-writer.ts';
import * as build from '../support/packet-builder.ts';
import { checksumStates } from './checksum-states.ts';

const PATIENCE_MS = 120_000;
const WRONG = 0x0f0f;

type Family = 4 | 6;
interface Named<Value> {
  readonly name: string;
  readonly value: Value;
}

const HOSTS = {
  4: { src: '10.20.30.40', dst: '93.184.216.34' },
  6: { src: 'fd00:7::1', dst: '2a02:26f0::9' },
};
const OUTER = { src: '198.51.100.7', dst: '203.0.113.9' };

function changed(
  packet: build.NetworkPacket,
  at: number,
  change: (sum: number) => number,
): build.NetworkPacket {
  const bytes = packet.bytes.slice();
  build.setBe16(bytes, at, change((bytes[at] << 8) | bytes[at + 1]));
  return { ...packet, bytes };
}

const wrong = (sum: number): number => sum ^ WRONG;

/** What the sender's network card would finish: the sum of the pseudo header alone (Linux' CHECKSUM_PARTIAL). */
function unfinished(
  packet: build.NetworkPacket,
  family: Family,
  { protocol, bytes }: build.IpPayload,
): number {
  const addresses = family === 4 ? packet.bytes.subarray(12, 20) : packet.bytes.subarray(8, 40);
  return ~build.internetChecksum(addresses, [0, protocol], build.be16(bytes.length)) & 0xffff;
}

function packetsOf(family: Family): Named<build.NetworkPacket>[] {
  const headerLength = family === 4 ? 20 : 40;
  const quoted = build.ip(
    HOSTS[family],
    build.udp({ srcPort: 5000, dstPort: 53, payload: 'whole datagram' }),
  );
  const badlyQuoted = changed(quoted, headerLength + 6, wrong);
  const payloads: Named<build.IpPayload>[] = [
    { name: 'TCP', value: build.tcp({ srcPort: 4000, dstPort: 443, flags: 'PA', payload: 'some payload' }) },
    { name: 'UDP', value: build.udp({ srcPort: 4000, dstPort: 4001, payload: 'odd' }) },
    { name: 'an echo', value: build.icmp({ type: family === 4 ? 8 : 128, protocol: family === 4 ? 1 : 58 }) },
    { name: 'an error', value: build.icmpError({ type: family === 4 ? 3 : 1 }, quoted) },
    {
      name: 'an error about a wrong sum',
      value: build.icmpError({ type: family === 4 ? 3 : 1 }, badlyQuoted),
    },
  ];
  return payloads.flatMap(({ name, value }) => {
    const packet = build.ip(HOSTS[family], value);
    const sumAt = headerLength + (value.checksumAt ?? 0);
    const made = [
      { name, value: packet },
      { name: `${name} with a wrong sum`, value: changed(packet, sumAt, wrong) },
    ];
    if (family === 4) made.push({ name: `${name} in a wrong header`, value: changed(packet, 10, wrong) });
    if (value.protocol !== 1)
      made.push({
        name: `${name} with an unfinished sum`,
        value: changed(packet, sumAt, () => unfinished(packet, family, value)),
      });
    if (value.protocol === 17)
      made.push({ name: `${name} without a sum`, value: changed(packet, sumAt, () => 0) });
    return made;
  });
}

function greWith(packet: build.NetworkPacket, change: (sum: number) => number): build.IpPayload {
  const payload = build.gre({ checksum: true, key: 7 }, packet);
  build.setBe16(payload.bytes, 4, change(build.internetChecksum(payload.bytes)));
  return payload;
}

const WRAPPED: readonly Named<(packet: build.NetworkPacket) => Uint8Array>[] = [
  { name: 'alone', value: (packet) => build.ethernet({}, packet) },
  { name: 'in a VLAN', value: (packet) => build.ethernet({ vlan: [7, 8] }, packet) },
  { name: 'in IP', value: (packet) => build.ethernet({}, build.ipv4(OUTER, packet)) },
  {
    name: 'in IP with a wrong header',
    value: (packet) => build.ethernet({}, changed(build.ipv4(OUTER, packet), 10, wrong)),
  },
  {
    name: 'in GRE',
    value: (packet) =>
      build.ethernet(
        {},
        build.ipv4(
          OUTER,
          greWith(packet, (sum) => sum),
        ),
      ),
  },
  {
    name: 'in GRE with a wrong sum',
    value: (packet) => build.ethernet({}, build.ipv4(OUTER, greWith(packet, wrong))),
  },
  {
    name: 'in VXLAN',
    value: (packet) => build.ethernet({}, build.ipv4(OUTER, build.vxlan(42, build.ethernet({}, packet)))),
  },
  {
    name: 'in VXLAN with a wrong sum',
    value: (packet) =>
      build.ethernet(
        {},
        changed(build.ipv4(OUTER, build.vxlan(42, build.ethernet({}, packet))), 20 + 6, wrong),
      ),
  },
];

it(
  'checksums keep their state, whatever it is',
  () => {
    const frames = ([4, 6] as const).flatMap((family) =>
      packetsOf(family).flatMap((packet) =>
        WRAPPED.map((wrap) => ({
          name: `IPv${family}, ${packet.name}, ${wrap.name}`,
          data: wrap.value(packet.value),
        })),
      ),
    );
    const whole = frames.map(({ data }, i) => ({ timeNs: BigInt(i), data }));
    const cut = whole.map(({ timeNs, data }) => ({
      timeNs,
      data: data.subarray(0, data.length - 1),
      wireLength: data.length,
    }));
    const states = checksumStates([writePcap({ packets: whole }), writePcap({ packets: cut })]);
    expect(
      states.filter(({ before, after }) => before !== after).map(({ frame }) => frames[frame - 1].name),
    ).toEqual([]);
    // Each sum of each protocol was found to be right and to be wrong, and those of UDP to be not there.
    const columns = states.map(({ before }) => before.split('\t').map((cell) => cell.split(',')));
    const seen = [0, 1, 2, 3, 4, 5].map((i) => new Set(columns.flatMap((cells) => cells[i])));
    for (const one of seen) expect([...one]).toEqual(expect.arrayContaining(['0', '1']));
    expect(seen[2]).toContain('3');
  },
  PATIENCE_MS,
);
