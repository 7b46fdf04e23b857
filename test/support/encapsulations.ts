/**
 * The same TCP segment in every encapsulation and link type that the decoder opens, by the formats' own documents. The inner and
 * the outer addresses differ from each other, and lengths are such that nothing fits by accident.
 */
import * as build from './packet-builder.ts';

export interface Encapsulation {
  readonly name: string;
  /** LINKTYPE_, Ethernet unless said. */
  readonly linkType?: number;
  readonly data: Uint8Array;
  /** As `decoded` names it; undefined where no IP header is around it. */
  readonly tunnel?: string;
  /** What makes tshark open it, where it does not by itself. */
  readonly tshark?: readonly string[];
  /** Why tshark does not open it at all. */
  readonly tsharkLacks?: string;
}

export const SEGMENT = { srcPort: 43_210, dstPort: 8443, seq: 77, flags: 'RA', payload: 'gone' } as const;
export const INNER_4 = { src: '10.20.30.40', dst: '10.20.30.41' } as const;
export const INNER_6 = { src: '2001:db8:77::1', dst: '2001:db8:77::2' } as const;
const OUTER_4 = { src: '172.31.0.1', dst: '172.31.0.2' } as const;
const OUTER_6 = { src: 'fd00:1::1', dst: 'fd00:1::2' } as const;

const UNREADABLE = 'It does not know the link type.';

type Family = 4 | 6;
type Named = Omit<Encapsulation, 'data'>;

function innerPacket(family: Family): build.NetworkPacket {
  return family === 4
    ? build.ipv4({ ...INNER_4, ttl: 61, id: 5 }, build.tcp(SEGMENT))
    : build.ipv6({ ...INNER_6, hopLimit: 61 }, build.tcp(SEGMENT));
}

/** With a tag of that ethertype between addresses and content. */
function tagged(etherType: number, tag: Uint8Array | readonly number[], rest: Uint8Array): Uint8Array {
  return build.ethernet({ etherType, vlan: 9 }, build.concat(tag, rest));
}

/** The ethertype of the packet, then the packet. */
function typed({ etherType, bytes }: build.NetworkPacket): Uint8Array {
  return build.concat(build.be16(etherType), bytes);
}

function tags(packet: build.NetworkPacket, frame: Uint8Array): Encapsulation[] {
  const next = packet.etherType === build.ETHERTYPE_IPV4 ? 1 : 2;
  const label = build.mpls([16, 17], packet);
  return [
    { name: 'Cisco MetaData', data: tagged(0x8909, [1, 1, 0, 1, 0, 42], typed(packet)) },
    {
      name: 'Cisco MetaData with two options',
      data: tagged(0x8909, [1, 2, 0, 1, 0, 42, 0, 9, 1, 2], typed(packet)),
      tsharkLacks: 'It knows one option only.',
    },
    { name: 'E-Tag', data: tagged(0x893f, [0x20, 1, 0, 2, 0, 0], typed(packet)) },
    { name: 'VN-Tag', data: tagged(0x8926, [0x80, 1, 0, 2], typed(packet)) },
    { name: 'HSR', data: tagged(0x892f, [0x10, 60, 0, 7], typed(packet)) },
    { name: '802.1CB redundancy tag', data: tagged(0xf1c1, [0, 0, 0, 7], typed(packet)) },
    { name: 'provider backbone bridging', data: tagged(0x88e7, [0x20, 0, 1, 0x23], frame) },
    {
      name: 'FabricPath',
      data: tagged(0x8903, [0x00, 0x60], frame),
      tsharkLacks: 'It tells FabricPath by the addresses, with a preference.',
    },
    { name: 'TRILL', data: tagged(0x22f3, [0, 0x3f, 0, 1, 0, 2], frame) },
    {
      name: 'TRILL with options',
      data: tagged(0x22f3, [0, 0xbf, 0, 1, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8], frame),
    },
    {
      name: 'MACsec without encryption',
      data: tagged(0x88e5, build.concat([0, 0, 0, 0, 0, 1], typed(packet)), new Uint8Array(16)),
    },
    {
      name: 'MACsec without encryption, with the channel',
      data: tagged(
        0x88e5,
        build.concat([0x20, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 1, 0, 1], typed(packet)),
        new Uint8Array(16),
      ),
    },
    {
      name: "a Realtek switch's tag of 4 bytes",
      data: tagged(0x8899, [0xa0, 3], typed(packet)),
      tsharkLacks: 'It opens the messages of the switches only.',
    },
    {
      name: "a Realtek switch's tag of 8 bytes",
      data: tagged(0x8899, [4, 0, 0, 0, 0, 3], typed(packet)),
      tsharkLacks: 'It opens the messages of the switches only.',
    },
    {
      name: "a Marvell switch's tag with an ethertype",
      data: build.ethernet({ etherType: 0xdada }, build.concat([0, 0, 0x40, 8, 0, 7], typed(packet))),
      tsharkLacks: 'The ethertype is registered to nobody.',
    },
    { name: 'NSH', data: tagged(0x894f, [], build.nsh(next, packet.bytes)) },
    { name: 'NSH with metadata and Ethernet', data: tagged(0x894f, [], build.nsh(3, frame, 16)) },
    { name: 'NSH with MPLS', data: tagged(0x894f, [], build.nsh(5, label.bytes)) },
    { name: 'PPPoE', data: build.ethernet({}, build.pppoe(packet)) },
    { name: 'MPLS', data: build.ethernet({ vlan: 3 }, label) },
    {
      name: 'QinQ with an old ethertype',
      data: build.ethernet(
        {
          vlan: [
            [0x9200, 3],
            [0x8100, 4],
          ],
        },
        packet,
      ),
      tsharkLacks: 'It knows 0x9100 only.',
    },
  ];
}

function tunnels(
  packet: build.NetworkPacket,
  frame: Uint8Array,
): [Named, build.IpPayload | build.NetworkPacket][] {
  const isIpv4 = packet.etherType === build.ETHERTYPE_IPV4;
  const next = isIpv4 ? 1 : 2;
  const ppp = build.ppp(packet);
  const hdlc = build.ppp(packet, true);
  const { bytes } = packet;
  const raw = (protocol: number, payload: Uint8Array): build.IpPayload => ({ protocol, bytes: payload });
  const isIn = (name: string, tunnel: string, more: Partial<Encapsulation> = {}) => ({
    name,
    tunnel,
    ...more,
  });
  const wlan = build.wlan({ toDs: true }, packet);
  return [
    [isIn('IP in IP', 'ipip'), packet],
    [isIn('GRE', 'gre'), build.gre({}, packet)],
    [isIn('GRE with all fields', 'gre'), build.gre({ checksum: true, key: 7, sequence: 8 }, packet)],
    [
      isIn('GRE with routing', 'gre'),
      build.gre({ routing: [8, 0, 4, 8, 10, 0, 0, 1, 10, 0, 0, 2], key: 1 }, packet),
    ],
    [isIn('GRE with checksum and routing', 'gre'), build.gre({ checksum: true, routing: [] }, packet)],
    [isIn('GRE with Ethernet', 'gre'), build.gre({ key: 7 }, frame)],
    [isIn('GRE with PPP', 'gre'), build.gre({ protocolType: 0x880b }, hdlc)],
    [isIn('GRE with NSH', 'gre'), build.gre({ protocolType: 0x894f }, build.nsh(next, bytes))],
    [
      isIn('GRE with Cisco MetaData', 'gre'),
      build.gre(
        { protocolType: 0x8909 },
        build.concat(build.be16(packet.etherType), [1, 1, 0, 1, 0, 2], bytes),
      ),
    ],
    [
      isIn('GRE with frame relay', 'gre'),
      build.gre({ protocolType: 0x6559 }, build.concat([0x18, 0x41, 3, isIpv4 ? 0xcc : 0x8e], bytes)),
    ],
    [
      isIn('Ethernet over IP of MikroTik', 'gre'),
      raw(47, build.concat([0x20, 1, 0x64, 0], build.be16(frame.length), [7, 0], frame)),
    ],
    [isIn('GRE of an Aruba access point', 'gre'), build.gre({ protocolType: 0x8230 }, wlan)],
    [isIn('WCCP', 'wccp'), build.gre({ protocolType: 0x883e }, build.concat([0x80, 1, 2, 3], bytes))],
    [
      isIn('WCCP of version 1', 'wccp', isIpv4 ? {} : { tsharkLacks: 'It knows IPv4 only.' }),
      build.gre({ protocolType: 0x883e }, bytes),
    ],
    [isIn('ERSPAN I', 'erspan'), build.erspan(1, frame)],
    [isIn('ERSPAN II', 'erspan'), build.erspan(2, frame)],
    [isIn('ERSPAN III', 'erspan'), build.erspan(3, frame)],
    [isIn('ERSPAN III with a platform header', 'erspan'), build.erspan(3, frame, true)],
    [
      isIn('ERSPAN III with IP', 'erspan', { tsharkLacks: 'It takes each for a frame.' }),
      build.gre(
        { protocolType: 0x22eb, sequence: 1 },
        build.concat([0x20, 1, 0, 1], [0, 0, 0, 0, 0, 0], build.be16(2 << 10), bytes),
      ),
    ],
    [isIn('EtherIP', 'ethernet'), raw(97, build.concat([0x30, 0], frame))],
    [isIn('Ethernet directly in IP', 'ethernet'), raw(143, frame)],
    [isIn('MPLS in IP', 'mpls'), raw(137, build.mpls([16], packet).bytes)],
    [
      isIn('NSH directly in IP', 'nsh', { tsharkLacks: 'It does not know the protocol number.' }),
      raw(145, build.nsh(next, bytes)),
    ],
    [
      isIn('L2TPv3 over IP, with cookie and sublayer', 'l2tp', {
        tsharkLacks: 'It must be told the pseudowire.',
      }),
      raw(115, build.concat(build.be32(9), build.be32(0x7777_7777), build.be32(0), frame)),
    ],
    [
      isIn('L2TPv3 over IP, bare', 'l2tp', { tsharkLacks: 'It must be told the pseudowire.' }),
      raw(115, build.concat(build.be32(9), frame)),
    ],
    [
      isIn('L2TPv3 over UDP', 'l2tp', { tsharkLacks: 'It must be told the pseudowire.' }),
      build.l2tp(frame, 0x0003, [0, 0, ...build.be32(9), ...build.be32(0x0102_0304)]),
    ],
    [isIn('L2TP', 'l2tp'), build.l2tp(hdlc)],
    [isIn('L2TP without address and control', 'l2tp'), build.l2tp(ppp)],
    [
      isIn('L2TP with all fields', 'l2tp'),
      build.l2tp(hdlc, 0x4a02, [...build.be16(hdlc.length + 18), 0, 1, 0, 2, 0, 5, 0, 6, 0, 4, 0, 0, 0, 0]),
    ],
    [isIn('VXLAN', 'vxlan'), build.vxlan(42, frame)],
    [isIn('VXLAN with reserved bits', 'vxlan'), build.vxlan(42, frame, 0x0a)],
    [
      isIn('VXLAN of Linux', 'vxlan', { tshark: ['-d', 'udp.port==8472,vxlan'] }),
      build.vxlan(42, frame, 8, 8472),
    ],
    [
      isIn('VXLAN of Cisco ACI', 'vxlan', { tshark: ['-d', 'udp.port==48879,vxlan'] }),
      build.vxlan(42, frame, 0xc8, 48_879),
    ],
    [isIn('VXLAN-GPE with IP', 'vxlan-gpe'), build.vxlanGpe(next, bytes)],
    [isIn('VXLAN-GPE with Ethernet', 'vxlan-gpe'), build.vxlanGpe(3, frame)],
    [isIn('VXLAN-GPE with NSH', 'vxlan-gpe'), build.vxlanGpe(4, build.nsh(next, bytes))],
    [isIn('VXLAN-GPE with MPLS', 'vxlan-gpe'), build.vxlanGpe(5, build.mpls([16], packet).bytes)],
    [isIn('Geneve with Ethernet', 'geneve'), build.geneve(42, frame)],
    [isIn('Geneve with options', 'geneve'), build.geneve(42, packet, [1, 2, 0x80, 1, 9, 9, 9, 9])],
    [isIn('GTP-U', 'gtp'), build.gtp(bytes)],
    [isIn('GTP-U with a sequence number', 'gtp'), build.gtp(bytes, [0, 7, 0, 0], 0x32)],
    [
      isIn('GTP-U with extension headers', 'gtp'),
      // A PDU session container, then a UDP port.
      build.gtp(bytes, [0, 0, 0, 0x85, 1, 0x10, 9, 0x40, 1, 8, 0x68, 0], 0x34),
    ],
    [
      isIn('GTP-U with Ethernet', 'gtp', { tsharkLacks: 'It must be told that sessions are Ethernet.' }),
      build.gtp(frame),
    ],
    [isIn('GTP-U with PPP', 'gtp', { tsharkLacks: 'It must be told what sessions carry.' }), build.gtp(hdlc)],
    [
      isIn('GRE in UDP', 'gre'),
      build.udp({ srcPort: 50_001, dstPort: 4754, payload: build.gre({ key: 3 }, packet).bytes }),
    ],
    [
      isIn('MPLS in UDP', 'mpls'),
      build.udp({ srcPort: 50_001, dstPort: 6635, payload: build.mpls([16, 17], packet).bytes }),
    ],
    [isIn('TZSP', 'tzsp'), build.tzsp(1, frame, [0, 10, 1, 0xb0, 40, 4, 0, 0, 0, 1])],
    [isIn('TZSP with 802.11', 'tzsp'), build.tzsp(18, wlan)],
    [isIn('AYIYA', 'ayiya'), build.ayiya(packet)],
    [isIn('CAPWAP with 802.3', 'capwap'), build.capwap(frame)],
    [
      isIn('CAPWAP with 802.11', 'capwap', { tshark: ['-o', 'capwap.swap_fc:FALSE'] }),
      build.capwap(wlan, true),
    ],
    [
      isIn('CAPWAP with 802.11 as Cisco sends it', 'capwap', { tshark: ['-o', 'capwap.swap_fc:TRUE'] }),
      build.capwap(build.concat([wlan[1], wlan[0]], wlan.subarray(2)), true),
    ],
    [isIn('LISP', 'lisp'), build.lisp(packet)],
  ];
}

function links(packet: build.NetworkPacket, frame: Uint8Array): Encapsulation[] {
  const isIpv4 = packet.etherType === build.ETHERTYPE_IPV4;
  const { bytes } = packet;
  const addresses = frame.subarray(0, 12);
  const content = frame.subarray(12);
  const zeros = (count: number) => new Uint8Array(count);
  const nlpid = isIpv4 ? 0xcc : 0x8e;
  const family = isIpv4 ? 2 : 24;
  const pktap = (dlt: number, flags: number, inner: Uint8Array) =>
    build.concat(
      ...[build.le32(108), build.le32(1), build.le32(dlt), zeros(24), build.le32(flags)],
      ...[build.le32(2), build.le32(14), build.le32(0), build.le32(501), zeros(52), inner],
    );
  const pflog = (length: number, padded: number) => {
    const header = build.concat([length, family, 1, 0], new TextEncoder().encode('em0'), zeros(padded - 7));
    header[60] = 1;
    return build.concat(header, bytes);
  };
  const attribute = (
    order: (value: number) => number[],
    type: number,
    content: Uint8Array | readonly number[],
  ) => build.concat(order(4 + content.length), order(type), content, zeros((4 - (content.length % 4)) % 4));
  const nflog = (order: (value: number) => number[]) =>
    build.concat(
      [isIpv4 ? 2 : 10, 0, 0, 5],
      attribute(order, 1, [...build.be16(packet.etherType), 1, 0]),
      attribute(order, 10, [...new TextEncoder().encode('prefix'), 0]),
      attribute(order, 9, bytes),
    );
  const erf = (type: number, extensions: readonly number[], rest: Uint8Array) =>
    build.concat(
      ...[zeros(8), [type, 4], build.be16(16 + extensions.length + rest.length), zeros(2)],
      ...[build.be16(rest.length), extensions, rest],
    );
  const snap = build.snap(packet);
  const cisco = build.concat([0x0f, 0], typed(packet));
  const relay = build.concat([0x18, 0x41, 3, nlpid], bytes);
  const juniper = (flags: number, inner: Uint8Array) =>
    build.concat([0x4d, 0x47, 0x43, flags | 0x80, 0, 6, 1, 1, 3, 2, 1, 7], inner);
  return [
    { name: 'PKTAP with Ethernet', linkType: 258, data: pktap(1, 1, frame) },
    { name: 'PKTAP with RAW', linkType: 258, data: pktap(12, 2, bytes) },
    {
      name: 'PPI',
      linkType: 192,
      data: build.concat([0, 0, 16, 0], build.le32(1), [1, 0, 4, 0, 9, 9, 9, 9], frame),
    },
    {
      name: 'PPI with 802.11',
      linkType: 192,
      data: build.concat([0, 0, 8, 0], build.le32(105), build.wlan({ toDs: true }, packet)),
    },
    { name: 'PFLOG', linkType: 117, data: pflog(61, 64) },
    {
      name: 'PFLOG of FreeBSD 14',
      linkType: 117,
      data: pflog(69, 72),
    },
    { name: 'PFLOG of OpenBSD', linkType: 117, data: pflog(100, 100) },
    {
      name: 'PFLOG padded to 8 bytes',
      linkType: 117,
      data: pflog(65, 72),
      tsharkLacks: 'It pads to 4 bytes.',
    },
    {
      name: 'PFLOG as it once was',
      linkType: 17,
      data: build.concat(build.be32(family), zeros(22), [0, 1], bytes),
      tsharkLacks: UNREADABLE,
    },
    { name: 'NFLOG', linkType: 239, data: nflog(build.le16) },
    {
      name: 'NFLOG of a big-endian machine',
      linkType: 239,
      data: nflog(build.be16),
      tsharkLacks: 'It takes the byte order of the machine that it runs on.',
    },
    {
      name: 'IP over InfiniBand',
      linkType: 242,
      data: build.concat(zeros(40), build.be16(packet.etherType), [0, 0], bytes),
    },
    { name: 'ERF with Ethernet', linkType: 197, data: erf(2, [], build.concat([0, 0], frame)) },
    {
      name: 'ERF with extensions',
      linkType: 197,
      data: erf(0x82, [0x84, 0, 0, 0, 0, 0, 0, 1, 4, 0, 0, 0, 0, 0, 0, 2], build.concat([0, 0], frame)),
    },
    { name: 'ERF with a colour', linkType: 197, data: erf(11, [], build.concat([0, 0], frame)) },
    {
      name: 'ERF with HDLC',
      linkType: 197,
      data: erf(1, [], build.ppp(packet, true)),
      tshark: ['-o', 'erf.hdlc_type:PPP serial'],
    },
    { name: 'ERF with IP', linkType: 197, data: erf(isIpv4 ? 22 : 23, [], bytes) },
    { name: 'frame relay', linkType: 107, data: relay },
    {
      name: 'frame relay with padding and SNAP',
      linkType: 107,
      data: build.concat([0x18, 0x41, 3, 0, 0x80, 0, 0, 0], typed(packet)),
    },
    {
      name: 'frame relay with Ethernet',
      linkType: 107,
      data: build.concat([0x18, 0x41, 3, 0, 0x80, 0, 0x80, 0xc2, 0, 7], frame),
    },
    {
      name: 'frame relay of Cisco',
      linkType: 107,
      data: build.concat([0x18, 0x41], typed(packet)),
      tshark: ['-o', 'fr.encap:FRF 3.2/Cisco HDLC'],
    },
    { name: 'Cisco HDLC', linkType: 104, data: cisco },
    { name: 'Cisco HDLC as PPP', linkType: 9, data: cisco },
    { name: 'PPP with a byte of direction', linkType: 204, data: build.concat([1], build.ppp(packet, true)) },
    {
      name: 'Cisco HDLC with a byte of direction',
      linkType: 205,
      tsharkLacks: UNREADABLE,
      data: build.concat([0], cisco),
    },
    {
      name: 'frame relay with a byte of direction',
      linkType: 206,
      tsharkLacks: UNREADABLE,
      data: build.concat([0], relay),
    },
    {
      name: 'PPP of pppd',
      linkType: 166,
      tsharkLacks: UNREADABLE,
      data: build.concat([0, 3], build.ppp(packet)),
    },
    {
      name: 'cooked frames of frame relay',
      linkType: 113,
      data: build.sll({ hardwareType: 770, etherType: 0 }, relay),
    },
    {
      name: 'cooked frames of 802.11',
      linkType: 113,
      data: build.sll(
        { hardwareType: 803, etherType: 4 },
        build.radiotap(build.wlan({ toDs: true }, packet)),
      ),
    },
    { name: 'FDDI', linkType: 10, data: build.concat([0x50], addresses, snap) },
    { name: 'token ring', linkType: 6, data: build.concat([0x10, 0x40], addresses, snap) },
    {
      name: 'token ring with a route',
      linkType: 6,
      data: build.concat(
        [0x10, 0x40],
        addresses.subarray(0, 6),
        [0x82],
        addresses.subarray(7),
        [6, 0x30, 0, 1, 0, 2],
        snap,
      ),
    },
    { name: 'IP over Fibre Channel', linkType: 122, data: build.concat(zeros(16), snap) },
    { name: 'ATM with LLC', linkType: 100, data: snap },
    {
      name: 'ATM with a bridged frame',
      linkType: 100,
      data: build.concat([0xaa, 0xaa, 3, 0, 0x80, 0xc2, 0, 7, 0, 0], frame),
    },
    { name: 'MPLS', linkType: 219, data: build.mpls([16, 17], packet).bytes, tsharkLacks: UNREADABLE },
    { name: 'ENC', linkType: 109, data: build.concat(build.le32(family), zeros(8), bytes) },
    {
      name: 'IPNET',
      linkType: 226,
      data: build.concat([1, isIpv4 ? 2 : 26, 0, 0], build.be32(bytes.length), zeros(16), bytes),
    },
    { name: 'Juniper with Ethernet', linkType: 178, data: juniper(1, frame) },
    { name: 'Juniper with PPP', linkType: 179, data: juniper(0, build.ppp(packet, true)) },
    { name: 'Juniper with frame relay', linkType: 180, data: juniper(0, relay) },
    { name: 'Juniper with Cisco HDLC', linkType: 181, data: juniper(0, cisco) },
    {
      name: 'a Broadcom switch',
      linkType: 281,
      data: build.concat(addresses, [0x20, 0, 0, 3], content),
      tsharkLacks: UNREADABLE,
    },
    {
      name: 'a Broadcom switch, tag in front',
      linkType: 282,
      data: build.concat([0x20, 0, 0, 3], frame),
      tsharkLacks: UNREADABLE,
    },
    {
      name: 'a Marvell switch',
      linkType: 284,
      data: build.concat(addresses, [0x60, 8, 0, 7], content),
      tsharkLacks: UNREADABLE,
    },
    {
      name: 'a Marvell switch, with an ethertype',
      linkType: 285,
      data: build.concat(addresses, [0xda, 0xda, 0, 0, 0x40, 8, 0, 7], content),
      tsharkLacks: UNREADABLE,
    },
  ];
}

/** Every encapsulation around a segment over that IP version. */
export function encapsulations(family: Family): Encapsulation[] {
  const packet = innerPacket(family);
  const frame = build.ethernet({ src: '02:aa:bb:cc:dd:01', dst: '02:aa:bb:cc:dd:02', vlan: 33 }, packet);
  const over = tunnels(packet, frame).flatMap(([rest, payload]) => [
    { ...rest, data: build.ethernet({ vlan: 5 }, build.ipv4(OUTER_4, payload)) },
    { ...rest, name: `${rest.name}, over IPv6`, data: build.ethernet({}, build.ipv6(OUTER_6, payload)) },
  ]);
  return [...tags(packet, frame), ...over, ...links(packet, frame)];
}
