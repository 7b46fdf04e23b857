/** The decoder on damaged packets of every link type, tunnel and transport. */
import assert from 'node:assert/strict';
import { Decoder, isSupportedLinkType } from '../../main/engine/decode/decoder.ts';
import * as f from '../../main/engine/decode/facts.ts';
import { LIMITS, LimitCounter } from '../../main/engine/limits.ts';
import { decoded, type DecodedPacket } from '../support/decoded.ts';
import { encapsulations } from '../support/encapsulations.ts';
import * as build from '../support/packet-builder.ts';
import type { FuzzTarget } from './fuzz-loop.ts';
import type { Random } from './mutate.ts';

const ports = { srcPort: 40_000, dstPort: 443 };
const v4 = { src: '192.0.2.1', dst: '198.51.100.2' };
const v6 = { src: '2001:0:5ef5:79fd::1', dst: '2001:db8::2' };
const options = { mss: 1460, sackPermitted: true, ts: [1, 2], ws: 7, sack: [[1, 2]], mptcpReset: 1 } as const;
const segment = build.tcp({ ...ports, flags: 'RA', payload: 30, options: { ts: [1, 2] } });
const packet4 = build.ipv4(v4, segment);
const packet6 = build.ipv6(v6, segment);
const frame = build.ethernet({ vlan: 7 }, packet4);
const extensions = [
  { protocol: 0, rest: build.PADDED_OPTIONS },
  { protocol: 60, rest: build.PADDED_OPTIONS },
];

const quotedExtensions = [...extensions, build.fragmentHeader(0, true, 7)];

/** An input is the link type in two bytes, then the packet. */
function input(linkType: number, packet: Uint8Array): Uint8Array {
  return build.concat(build.be16(linkType), packet);
}

const ETHERNET_PAYLOADS: readonly build.NetworkPacket[] = [
  packet4,
  packet6,
  build.ipv4({ ...v4, options: [1, 1, 1, 0] }, build.tcp({ ...ports, flags: 'S', options })),
  build.ipv6({ ...v6, extensions }, build.tcp({ ...ports, options })),
  build.ipv4(v4, build.udp({ ...ports, payload: 20 })),
  build.ipv4(v4, build.icmpError({ type: 3, code: 1 }, packet4)),
  build.ipv6(v6, build.icmpError({ type: 1 }, build.ipv6({ ...v6, extensions: quotedExtensions }, segment))),
  build.ipv4(v4, packet6),
  build.ipv4(v4, build.gre({ key: 1, sequence: 2, checksum: true }, frame)),
  build.ipv4(v4, build.erspan(2, frame)),
  build.ipv4(v4, build.erspan(3, frame, true)),
  build.ipv4(v4, build.vxlan(1, frame)),
  build.ipv6(v6, build.geneve(1, frame, [1, 2, 3, 1, 0, 0, 0, 0])),
  build.ipv4(v4, build.geneve(1, packet4, [1, 2, 3, 0])),
  build.ipv4(v4, build.teredo(packet6, [0, 0, 1, 2, 3, 4, 5, 6])),
  build.mpls([16, 17], packet4),
  build.pppoe(packet6),
];

/** No fragments: what they mean depends on what came before. */
const WHOLE: readonly Uint8Array[] = [
  ...ETHERNET_PAYLOADS.map((payload) => input(1, build.ethernet({}, payload))),
  input(1, build.ethernetSnap({}, packet4)),
  input(1, build.ethernet({ vlan: [[0x88a8, 1], 2] }, packet6)),
  input(0, build.nullLink(packet4)),
  input(9, build.ppp(packet6)),
  input(50, build.ppp(packet4, true)),
  input(101, packet6.bytes),
  input(105, build.wlan({ toDs: true, qos: true, amsdu: true }, packet4)),
  input(113, build.sll({}, packet4)),
  input(119, build.concat(build.le32(0x44), build.le32(16), new Uint8Array(8), build.wlan({}, packet4))),
  input(127, build.radiotap(build.wlan({ toDs: true, fromDs: true }, packet6), 0x10)),
  input(276, build.sll2({}, packet6)),
  ...[...encapsulations(4), ...encapsulations(6)].map(({ linkType = 1, data }) => input(linkType, data)),
];

const FRAGMENTS = [packet4, packet6].flatMap((packet) =>
  build.fragments(packet, 24).map((piece) => input(101, piece.bytes)),
);

/** Bytes around the packet. */
const FENCE = 100;

/** Decodes what stands between two fences of `filler`. */
function run(
  decoder: Decoder,
  bytes: Uint8Array,
  snap: number,
  filler: number,
  fence = FENCE,
): DecodedPacket {
  const linkType = bytes.length >= 2 ? (bytes[0] << 8) | bytes[1] : 1;
  const packet = bytes.subarray(2, 2 + snap);
  const buffer = new Uint8Array(packet.length + 2 * fence).fill(filler);
  buffer.set(packet, fence);
  const wireLength = Math.max(0, bytes.length - 2);
  const known = isSupportedLinkType(linkType) ? linkType : 1;
  decoder.decode(buffer, fence, packet.length, wireLength, known, 0);
  checkRanges(decoder, buffer, fence, packet.length);
  return decoded(decoder);
}

function checkRanges(decoder: Decoder, buffer: Uint8Array, start: number, length: number): void {
  const { facts } = decoder;
  const kind = facts[f.KIND];
  assert.ok(kind >= f.KIND_OTHER && kind <= f.KIND_MALFORMED, 'kind');
  assert.ok([0, 4, 6].includes(facts[f.FAMILY]), 'family');
  if (kind === f.KIND_MALFORMED) assert.notEqual(facts[f.DEFECTS], 0, 'malformed for a reason');
  if ((facts[f.DEFECTS] & f.DEFECT_NOT_OPENED) !== 0) assert.notEqual(facts[f.NOT_OPENED], 0, 'what');
  if (kind !== f.KIND_TCP && kind !== f.KIND_UDP) return;
  assert.notEqual(facts[f.FAMILY], 0, 'a transport has addresses');
  const captured = facts[f.PAYLOAD_CAPTURED];
  const [at, payload] = [facts[f.PAYLOAD_AT], facts[f.PAYLOAD_LENGTH]];
  assert.ok(captured >= 0 && captured <= payload && payload <= LIMITS.maxRecordBytes, 'payload length');
  const isWhole = decoder.bytes === buffer;
  const [from, to] = isWhole ? [start, start + length] : [0, LIMITS.maxDatagramBytes];
  if (captured > 0) assert.ok(at >= from && at + captured <= to, 'payload within the packet');
}

export const decodeTarget: FuzzTarget = {
  name: 'decode',
  corpus: [...WHOLE, ...FRAGMENTS],
  check(bytes: Uint8Array, random: Random) {
    const snap = random.below(3) === 0 ? random.below(bytes.length + 1) : bytes.length;
    const fresh = run(new Decoder(new LimitCounter()), bytes, snap, 0x00);
    // What stands around the packet must not matter, nor whether anything does …
    assert.deepEqual(run(new Decoder(new LimitCounter()), bytes, snap, 0x45), fresh);
    assert.deepEqual(run(new Decoder(new LimitCounter()), bytes, snap, 0x00, 0), fresh);
    // … nor what was decoded before.
    const used = new Decoder(new LimitCounter());
    for (let n = random.below(3); n >= 0; n--) run(used, random.pick(WHOLE), 1 << 16, 0xff);
    assert.deepEqual(run(used, bytes, snap, 0xff), fresh);
    // Damaged fragments in one table.
    for (const piece of FRAGMENTS) run(used, piece, 1 << 16, 0xff);
    run(used, bytes, snap, 0xff);
  },
};
