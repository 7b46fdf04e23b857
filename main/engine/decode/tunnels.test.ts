import { describe, expect, it } from 'vitest';
import { decode, type DecodedPacket } from '../../../test/support/decoded.ts';
import * as build from '../../../test/support/packet-builder.ts';
import { DEFECT_CUT, DEFECT_INNER, DEFECT_LENGTH, DEFECT_TOO_DEEP } from './facts.ts';

const outer4 = { src: '203.0.113.1', dst: '203.0.113.2', ttl: 9, id: 77 };
const outer6 = { src: '2001:db8:ffff::1', dst: '2001:db8:ffff::2' };
const segment = build.tcp({ srcPort: 40_000, dstPort: 443, seq: 7, payload: 'hello' });
const packet4 = build.ipv4({ src: '10.0.0.1', dst: '10.0.0.2', ttl: 61, id: 5 }, segment);
const packet6 = build.ipv6({ src: '2001:db8::1', dst: '2001:db8::2', hopLimit: 61 }, segment);
const INNER_MAC = '02:aa:aa:aa:aa:aa';
const frame = build.ethernet({ src: INNER_MAC, padTo: 120 }, packet4);
const frame6 = build.ethernet({ src: INNER_MAC, vlan: 33 }, packet6);

function inside(payload: build.IpPayload | build.NetworkPacket): DecodedPacket {
  return decode(build.ethernet({}, build.ipv4(outer4, payload)));
}

function expectInner(result: DecodedPacket, version: 4 | 6, tunnel: string): void {
  expect(result).toMatchObject({
    kind: 'tcp',
    defects: 0,
    ip: version === 4 ? { src: '10.0.0.1', ttl: 61, id: 5 } : { src: '2001:db8::1', ttl: 61, id: -1 },
    tunnel: { kind: tunnel, src: outer4.src, dst: outer4.dst },
    ports: [40_000, 443],
    payloadLength: 5,
  });
}

describe('tunnels over IP', () => {
  it.each<[string, build.IpPayload | build.NetworkPacket, 4 | 6, string]>([
    ['IP in IP', packet4, 4, 'ipip'],
    ['6in4', packet6, 6, 'ipip'],
    ['GRE', build.gre({}, packet4), 4, 'gre'],
    [
      'GRE with key, sequence and checksum',
      build.gre({ key: 1, sequence: 2, checksum: true }, packet6),
      6,
      'gre',
    ],
    ['GRE with Ethernet', build.gre({ key: 0x100 }, frame), 4, 'gre'],
    ['GRE with MPLS', build.gre({}, build.mpls([16], packet4)), 4, 'gre'],
    ['ERSPAN type I', build.erspan(1, frame), 4, 'erspan'],
    ['ERSPAN type II', build.erspan(2, frame6), 6, 'erspan'],
    ['ERSPAN type III', build.erspan(3, frame), 4, 'erspan'],
    ['ERSPAN type III with a platform header', build.erspan(3, frame, true), 4, 'erspan'],
    ['VXLAN', build.vxlan(0xffffff, frame), 4, 'vxlan'],
    ['VXLAN with group policy', build.vxlan(1, frame6, 0x88), 6, 'vxlan'],
    ['Geneve with Ethernet', build.geneve(1, frame), 4, 'geneve'],
    ['Geneve with IP and options', build.geneve(1, packet6, [1, 2, 0x80, 1, 9, 9, 9, 9]), 6, 'geneve'],
  ])('%s', (_name, payload, version, tunnel) => {
    expectInner(inside(payload), version, tunnel);
  });

  it('PPTP', () => {
    const inner = build.ppp(packet4, true);
    const flags = 0x3081; // key, sequence, acknowledgment, version 1
    const header = [
      ...build.be16(flags),
      0x88,
      0x0b,
      ...build.be16(inner.length),
      0,
      1,
      ...build.be32(1),
      ...build.be32(2),
    ];
    expectInner(inside({ protocol: 47, bytes: build.concat(header, inner) }), 4, 'gre');
  });

  it('keep IPv6 outer addresses', () => {
    const result = decode(build.ethernet({}, build.ipv6(outer6, packet4)));
    expect(result).toMatchObject({
      ip: { src: '10.0.0.1' },
      tunnel: { kind: 'ipip', src: outer6.src, dst: outer6.dst },
    });
  });

  it('in tunnels name the innermost', () => {
    const result = inside(build.gre({}, build.ipv4({ src: '10.9.9.1', dst: '10.9.9.2' }, packet6)));
    expect(result.tunnel).toEqual({ kind: 'ipip', src: '10.9.9.1', dst: '10.9.9.2' });
    const vlan = decode(build.ethernet({ vlan: 5 }, build.ipv4(outer4, build.vxlan(1, frame6))));
    expect(vlan).toMatchObject({ vlan: 5, mac: INNER_MAC });
    expect(inside(build.vxlan(1, frame6)).vlan).toBe(33);
  });

  it('end where they are too deep, at the last one opened', () => {
    let packet = packet4;
    for (let i = 0; i < 16; i++) packet = build.ipv4(outer4, packet);
    expect(decode(packet.bytes, { linkType: 101 })).toMatchObject({ kind: 'tcp', defects: 0 });
    packet = build.ipv4(outer4, packet);
    expect(decode(packet.bytes, { linkType: 101 })).toMatchObject({ kind: 'ip', defects: DEFECT_TOO_DEEP });
  });
});

describe('tunnels with nothing usable inside', () => {
  const arp = build.ethernet({ etherType: 0x0806 }, new Uint8Array(28));

  it.each<[string, build.IpPayload, string]>([
    ['GRE with ARP', build.gre({}, arp), 'ip'],
    ['GRE keep-alive', build.gre({ protocolType: 0 }, new Uint8Array(0)), 'ip'],
    ['VXLAN with ARP', build.vxlan(1, arp), 'udp'],
    ['Geneve with ARP', build.geneve(1, arp), 'udp'],
  ])('%s keeps the outer packet', (_name, payload, kind) => {
    const result = inside(payload);
    expect(result).toMatchObject({ kind, defects: 0, ip: { src: outer4.src, ttl: 9, id: 77 } });
    expect(result.tunnel).toBeUndefined();
    if (kind === 'udp')
      expect(result.ports).toEqual(payload.protocol === 17 ? [50_000, expect.any(Number)] : []);
  });

  it('GRE that is not opened is told', () => {
    const result = inside(build.gre({ version: 2 }, packet4));
    expect(result).toMatchObject({ kind: 'ip', notOpened: 'with GRE protocol 0x0800' });
    expect(inside(build.gre({ protocolType: 0x4305 }, packet4)).notOpened).toMatch('GRE protocol 0x4305');
    // A route that does not end in the packet.
    const endless = { protocol: 47, bytes: Uint8Array.of(0x40, 0, 8, 0, 0, 0, 0, 0, 8, 0, 0, 200) };
    expect(inside(endless)).toMatchObject({ kind: 'ip', defects: DEFECT_LENGTH | DEFECT_INNER });
  });

  it('broken inner headers keep the outer packet, with the defect', () => {
    const broken = packet4.bytes.slice();
    broken[0] = 0x43;
    const result = inside(build.gre({}, { etherType: 0x0800, bytes: broken }));
    expect(result).toMatchObject({
      ...{ kind: 'ip', defects: DEFECT_LENGTH | DEFECT_INNER },
      ip: { src: outer4.src },
    });
    expect(result.tunnel).toBeUndefined();
  });

  it('cut inner headers keep the outer packet, with the defect', () => {
    const data = build.ethernet({}, build.ipv4(outer4, build.vxlan(1, frame)));
    const at = 14 + 20 + 8 + 8;
    for (const snap of [at + 14 + 19, at + 14]) {
      expect(decode(data, { snap })).toMatchObject({
        kind: 'udp',
        defects: DEFECT_CUT | DEFECT_INNER,
        ip: { src: outer4.src },
      });
    }
    expect(
      decode(build.ethernet({}, build.ipv4(outer4, build.gre({}, packet4))), { snap: 37 }),
    ).toMatchObject({
      ...{ kind: 'ip', defects: DEFECT_CUT | DEFECT_INNER },
    });
  });
});

describe('ordinary UDP on a tunnel port', () => {
  const text = new TextEncoder().encode(
    'GET / HTTP/1.0 and some more bytes than any header of a tunnel would have '.repeat(2),
  );
  const vxlanLike = (change: (bytes: Uint8Array) => void) => {
    const bytes = build.vxlan(1, frame).bytes.slice(8);
    change(bytes);
    return bytes;
  };
  const geneveLike = (change: (bytes: Uint8Array) => void) => {
    const bytes = build.geneve(1, frame).bytes.slice(8);
    change(bytes);
    return bytes;
  };

  it.each<[string, number, Uint8Array]>([
    ['text to VXLAN', 4789, text],
    ['text to Geneve', 6081, text],
    ['text to Teredo', 3544, text],
    ['nothing to VXLAN', 4789, new Uint8Array(0)],
    ['nothing to Geneve', 6081, new Uint8Array(0)],
    ['nothing to Teredo', 3544, new Uint8Array(0)],
    ['zeros to Teredo', 3544, new Uint8Array(100)],
    ['VXLAN without its flag', 4789, vxlanLike((bytes) => (bytes[0] = 0))],
    ['VXLAN with a strange ethertype', 4789, vxlanLike((bytes) => (bytes[8 + 12] = 0x77))],
    ['Geneve of version 1', 6081, geneveLike((bytes) => (bytes[0] |= 0x40))],
    ['Geneve with options beyond the packet', 6081, geneveLike((bytes) => (bytes[0] = 0x3f))],
    ['Geneve with IPv4 beyond the packet', 6081, Uint8Array.of(1, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0, 0)],
    ['Geneve with IPv6 beyond the packet', 6081, Uint8Array.of(0, 0, 0x86, 0xdd, 0, 0, 1, 0)],
    ['Geneve with another protocol', 6081, geneveLike((bytes) => (bytes[2] = 0x12))],
    ['an IPv6 packet without a Teredo address', 3544, packet6.bytes],
  ])('%s stays what it is', (_name, dstPort, payload) => {
    const result = inside(build.udp({ srcPort: 1234, dstPort, payload }));
    expect(result).toMatchObject({ kind: 'udp', ports: [1234, dstPort], payload });
    expect(result.tunnel).toBeUndefined();
    expect(result.notOpened).toEqual(
      payload.length === 0 ? undefined : expect.stringMatching(new RegExp(`^on UDP port ${dstPort} `)),
    );
  });

  it('reserved bits are ignored on receipt', () => {
    const changed = vxlanLike((bytes) => bytes.set([0x2b, 1, 2, 3], 0));
    changed[7] = 9;
    expectInner(inside(build.udp({ srcPort: 1234, dstPort: 4789, payload: changed })), 4, 'vxlan');
    const geneve = geneveLike((bytes) => (bytes[1] |= 1));
    expectInner(inside(build.udp({ srcPort: 1234, dstPort: 6081, payload: geneve })), 4, 'geneve');
  });

  it('an answer to a client that was given the port is no loss', () => {
    for (const dstPort of [4789, 2152, 1701, 4500, 1194, 5247]) {
      const result = inside(build.udp({ srcPort: 53, dstPort, payload: text }));
      expect(result).toMatchObject({ kind: 'udp', defects: 0, ports: [53, dstPort] });
    }
  });

  it('what tunnels carry beside IP is no loss', () => {
    const arp = build.ethernet({ etherType: 0x0806 }, new Uint8Array(28));
    const spanningTree = build.ethernet({ etherType: 38 }, build.concat([0x42, 0x42, 3], new Uint8Array(35)));
    for (const frame of [arp, spanningTree]) {
      for (const tunnel of [build.vxlan(1, frame), build.geneve(1, frame), build.tzsp(1, frame)]) {
        expect(inside(tunnel)).toMatchObject({ kind: 'udp', defects: 0 });
      }
    }
  });

  it.each<[string, number, readonly number[]]>([
    ['GTP-U echo', 2152, [0x32, 1, 0, 4, 0, 0, 0, 0, 0, 1, 0, 0]],
    ['L2TP control', 1701, [0xc8, 2, 0, 20, 0, 1, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 6]],
    ['IKE beside ESP', 4500, [0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]],
    ['a keep-alive of ESP', 4500, [0xff]],
    ['a handshake of WireGuard', 51_820, [1, 0, 0, 0, ...new Uint8Array(144)]],
    ['control of OpenVPN', 1194, [0x38, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0, 0]],
    ['keep-alive of CAPWAP', 5247, [0, 0x10, 0x42, 8, 0, 0, 0, 0, 0, 22, 0]],
    ['another protocol on the port of TZSP', 37_008, [1, 0, 0, 99, 1, 2, 3, 4]],
  ])('%s is no loss', (_name, port, payload) => {
    const datagram = build.udp({ srcPort: 40_000, dstPort: port, payload: Uint8Array.from(payload) });
    expect(inside(datagram)).toMatchObject({ kind: 'udp', defects: 0 });
  });

  it.each<[string, number, readonly number[], string]>([
    ['ESP', 4500, [1, 2, 3, 4, ...new Uint8Array(60)], 'ESP in UDP'],
    ['WireGuard', 51_820, [4, 0, 0, 0, ...new Uint8Array(124)], 'WireGuard'],
    ['OpenVPN', 1194, [0x48, 0, 0, 1, ...new Uint8Array(60)], 'OpenVPN'],
    ['CAPWAP in DTLS', 5247, [1, 0, 0, 0, 23, 0xfe, 0xfd, ...new Uint8Array(60)], 'CAPWAP'],
    ['a fragment of CAPWAP', 5247, [0, 0x10, 0x42, 0x80, 0, 1, 0, 0, ...new Uint8Array(60)], 'CAPWAP'],
    ['GTP-U of version 0', 2152, [0x1e, 255, 0, 40, ...new Uint8Array(60)], 'GTP-U'],
  ])('%s is told', (_name, port, payload, name) => {
    const datagram = build.udp({ srcPort: 40_000, dstPort: port, payload: Uint8Array.from(payload) });
    expect(inside(datagram)).toMatchObject({ kind: 'udp', notOpened: `on UDP port ${port} (${name})` });
  });
});

describe('Teredo', () => {
  const packet = build.ipv6({ src: '2001:0:5ef5:79fd::1', dst: '2001:db8::2', hopLimit: 21 }, segment);
  const origin = [0, 0, 1, 2, 3, 4, 5, 6];
  const authentication = [0, 1, 2, 3, 9, 9, 8, 8, 8, 1, 2, 3, 4, 5, 6, 7, 8, 0];

  it.each([
    ['plain', []],
    ['with an origin indication', origin],
    ['with authentication', authentication],
    ['with both', [...authentication, ...origin]],
  ])('%s', (_name, indications) => {
    expect(inside(build.teredo(packet, indications))).toMatchObject({
      ...{ kind: 'tcp', defects: 0, payloadLength: 5 },
      ip: { src: '2001:0:5ef5:79fd::1', ttl: 21 },
      tunnel: { kind: 'teredo', src: outer4.src },
    });
  });

  it('may have trailers, but not be longer than its datagram', () => {
    const trailed = { etherType: 0x86dd, bytes: build.concat(packet.bytes, [1, 2, 3, 4]) };
    expect(inside(build.teredo(trailed))).toMatchObject({ kind: 'tcp', payloadLength: 5 });
    const cut = { etherType: 0x86dd, bytes: packet.bytes.subarray(0, packet.bytes.length - 1) };
    expect(inside(build.teredo(cut))).toMatchObject({ kind: 'udp', notOpened: 'on UDP port 3544 (Teredo)' });
  });

  it('is known by its addresses on other ports, and by nothing else', () => {
    const between = (payload: Uint8Array) => inside(build.udp({ srcPort: 3797, dstPort: 32_900, payload }));
    expect(between(packet.bytes)).toMatchObject({ kind: 'tcp', tunnel: { kind: 'teredo' } });
    expect(between(build.concat(origin, packet.bytes))).toMatchObject({ kind: 'tcp' });
    // No Teredo address, or a length that does not fit.
    expect(between(packet6.bytes)).toMatchObject({ kind: 'udp', defects: 0 });
    expect(between(packet.bytes.subarray(0, 60))).toMatchObject({ kind: 'udp', defects: 0 });
  });
});
