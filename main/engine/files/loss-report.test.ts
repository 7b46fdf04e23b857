/** Nothing vanishes in silence: what was not analysed is told, with its number, its place and what cures it. */
import { describe, expect, it } from 'vitest';
import { analyzeBytes } from '../../../test/support/analyze.ts';
import { writePcap, writePcapng } from '../../../test/support/capture-writer.ts';
import { floodOf } from '../../../test/support/floods.ts';
import * as build from '../../../test/support/packet-builder.ts';
import type { ReadWarning } from '../../../shared/model/warning.ts';
import { LIMITS, LimitCounter } from '../limits.ts';
import { limitWarnings } from './loss-report.ts';

const outer = { src: '10.0.0.1', dst: '10.0.0.2' };
const packet = build.ipv4({ src: '10.1.0.1', dst: '10.1.0.2' }, build.tcp({ srcPort: 40_000, dstPort: 80 }));
const plain = build.ethernet({}, packet);
const unknown = (etherType: number): Uint8Array =>
  build.ethernet({ etherType }, new Uint8Array(60).fill(0x45));

/** What is warned of after reading these packets as one file. */
function warningsOf(
  packets: readonly Uint8Array[],
  linkType = 1,
  wireLength?: number,
): readonly ReadWarning[] {
  const timed = packets.map((data, i) => ({ data, timeNs: BigInt(i) * 1_000_000n, wireLength }));
  return analyzeBytes(writePcap({ linkType, packets: timed })).files[0].warnings;
}

describe('what is not opened', () => {
  it('is told by ethertype, with the number of packets and the first frame, as a loss', () => {
    const warnings = warningsOf([plain, unknown(0x4305), plain, unknown(0x1234), unknown(0x1234)]);
    expect(warnings).toEqual([
      {
        code: 'undecodable-tunnel',
        message:
          '2 packets with ethertype 0x1234 were not opened; TCP inside them is missing here; the first is frame 4',
        offset: undefined,
        packet: 4,
        lossy: true,
      },
      {
        code: 'undecodable-tunnel',
        message:
          '1 packet with ethertype 0x4305 (B.A.T.M.A.N. mesh) was not opened; TCP inside it is missing here; the first is frame 2',
        offset: undefined,
        packet: 2,
        lossy: true,
      },
    ]);
  });

  it.each<[string, build.IpPayload, RegExp]>([
    [
      'an IP protocol',
      { protocol: 55, bytes: new Uint8Array(40) },
      /^1 packet with IP protocol 55 \(minimal/,
    ],
    [
      'a GRE protocol',
      build.gre({ protocolType: 0x4305 }, packet),
      /^1 packet with GRE protocol 0x4305 \(B\.A/,
    ],
    [
      'a port',
      build.udp({ srcPort: 40_000, dstPort: 4789, payload: 60 }),
      /^1 packet on UDP port 4789 \(VXLAN\) was not opened/,
    ],
    [
      'a PPP protocol',
      build.l2tp(build.concat([0xff, 3, 0, 0xfd], new Uint8Array(60))),
      /^1 packet with PPP protocol 0x00fd \(compressed or encrypted\) was not opened/,
    ],
    [
      'its encryption',
      { protocol: 50, bytes: new Uint8Array(60) },
      /^1 packet with IP protocol 50 \(ESP\) could not be opened because it is encrypted; capture where it is decrypted, as on the tunnel's inner interface; the first is frame 1$/,
    ],
  ])('is told by %s', (_name, payload, message) => {
    const warnings = warningsOf([build.ethernet({}, build.ipv4(outer, payload))]);
    expect(warnings).toMatchObject([
      { code: 'undecodable-tunnel', message: expect.stringMatching(message), lossy: true },
    ]);
  });

  it('counts what is beyond the limit of kinds together', () => {
    const kinds = LIMITS.maxNotOpenedKinds + 3;
    const warnings = warningsOf(Array.from({ length: kinds }, (_, i) => unknown(0x1000 + i)));
    expect(warnings.length).toBe(LIMITS.maxNotOpenedKinds + 1);
    expect(warnings.at(-1)?.message).toBe(
      `3 packets of further kinds were not opened; the first is frame ${LIMITS.maxNotOpenedKinds + 1}`,
    );
  });

  it('names of the link types only those that are not decoded', () => {
    const blocks = [0, 1, 2, 2].map((interfaceId) => ({
      ...{ kind: 'packet' as const, timeNs: 0n, data: plain, interfaceId },
    }));
    const interfaces = [{ linkType: 1 }, { linkType: 249 }, { linkType: 189 }];
    const session = analyzeBytes(writePcapng({ sections: [{ interfaces, blocks }] }), 'test.pcapng');
    expect(session.files[0].warnings.map(({ message }) => message)).toEqual([
      '2 packets of a link type that is not decoded (USB_LINUX); the first is frame 3',
      '1 packet of a link type that is not decoded (USBPCAP); the first is frame 2',
    ]);
  });
});

describe('what holds no TCP', () => {
  const udp = (srcPort: number, dstPort: number): Uint8Array =>
    build.ethernet({}, build.ipv4(outer, build.udp({ srcPort, dstPort, payload: 60 })));
  const ip = (protocol: number): Uint8Array =>
    build.ethernet({}, build.ipv4({ ...outer, protocol }, new Uint8Array(40)));

  it('is passed over in silence', () => {
    const quiet = [
      ...[0x0806, 0x8035, 0x8863, 0x8808, 0x8809, 0x888e, 0x88cc, 0x88f7, 0x9000, 0x8902].map(unknown),
      build.ethernet({ etherType: 38 }, build.concat([0x42, 0x42, 3], new Uint8Array(35))),
      build.ethernet(
        { etherType: 40 },
        build.concat([0xaa, 0xaa, 3, 0, 0, 0x0c, 0x20, 0], new Uint8Array(32)),
      ),
      ...[2, 46, 88, 89, 103, 112, 132].map(ip),
      // DNS, NTP, QUIC, a call, a game.
      ...[udp(40_000, 53), udp(123, 123), udp(40_000, 443), udp(5060, 5060), udp(27_015, 50_000)],
      build.ethernet(
        {},
        build.ipv6({ src: 'fe80::1', dst: 'ff02::1' }, build.icmp({ type: 135, protocol: 58 })),
      ),
    ];
    expect(warningsOf([plain, ...quiet])).toEqual([]);
  });

  it('is nothing: empty payloads', () => {
    const empty = [
      build.ethernet({}, build.ipv4({ ...outer, protocol: 55 }, new Uint8Array(0))),
      build.ethernet({}, build.ipv4(outer, build.udp({ srcPort: 40_000, dstPort: 4789 }))),
    ];
    expect(warningsOf(empty)).toEqual([]);
  });
});

describe('what a tunnel holds only in part', () => {
  const tunnel = build.ethernet({}, build.ipv4(outer, build.vxlan(1, plain)));

  it('is told as cut where the snap length cut it', () => {
    const warnings = warningsOf([tunnel.subarray(0, 60)], 1, tunnel.length);
    expect(warnings).toMatchObject([
      { code: 'packets-cut-by-snaplen', message: expect.stringMatching(/^1 packet was cut so short/) },
    ]);
  });

  it('is told as malformed where its headers are', () => {
    const broken = packet.bytes.slice();
    broken[0] = 0x43;
    const gre = build.ipv4(outer, build.gre({}, { etherType: 0x0800, bytes: broken }));
    expect(warningsOf([build.ethernet({}, gre), build.ethernet({}, gre)])).toMatchObject([
      {
        code: 'malformed-packets',
        message: '2 packets whose headers contradict themselves were not analysed',
        lossy: false,
      },
    ]);
  });

  it('is told as incomplete where fragments are missing', () => {
    const pieces = (id: number) =>
      build.fragments(build.ipv4(outer, build.gre({}, packet)), 24, id).map((one) => build.ethernet({}, one));
    expect(warningsOf([...pieces(1), ...pieces(2), ...pieces(3)])).toEqual([]);
    const [first, ...rest] = pieces(4);
    expect(warningsOf([...pieces(1), first, ...rest.slice(1), ...pieces(2)])).toMatchObject([
      {
        code: 'incomplete-fragments',
        message: expect.stringMatching(/^1 datagram came in IP fragments that are not all here and was not/),
      },
    ]);
    // A copy of the first fragment is no second datagram.
    expect(warningsOf([first, first, ...rest])).toEqual([]);
  });
});

it('says what a flood cost and how often', () => {
  const surplus = 36;
  const bytes = floodOf(
    'first fragments of datagrams that never come whole',
    LIMITS.maxFragmentedDatagrams + surplus,
  );
  const [file] = analyzeBytes(bytes).files;
  expect(file.warnings).toContainEqual(
    expect.objectContaining({
      code: 'limit-reached',
      message: expect.stringMatching(/^36 datagrams were given up before all fragments came/u) as string,
    }),
  );
});

it('tells each hit once, those of other limits by their names', () => {
  const limits = new LimitCounter();
  limits.hit('maxEncapsulation', 3);
  expect(limitWarnings(limits).map(({ message }) => message)).toEqual([
    'limit maxEncapsulation (16) was reached 3 times',
  ]);
  expect(limitWarnings(limits)).toEqual([]);
  limits.hit('maxWaitingResets', 2);
  expect(limitWarnings(limits)).toEqual([expect.objectContaining({ lossy: true })]);
});
