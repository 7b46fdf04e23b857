/**
 * Seeded changes of captured packets, each of which makes a segment or a connection what real ones are not often: numbers at edges,
 * other flags, copies, disorder, cuts, tags, fragments. What comes out is a sound capture file of odd packets.
 */
import { concat } from './packet-builder.ts';
import type { PcapPacket } from './capture-writer.ts';
import type { Random } from '../fuzz/mutate.ts';

const ETHERNET_LENGTH = 14;
const IPV4 = 0x0800;
const IPV6 = 0x86dd;
const VLAN = 0x8100;
const PROTOCOL_TCP = 6;

/** Where the headers of a TCP segment stand in a frame. */
interface Places {
  readonly version: 4 | 6;
  readonly ip: number;
  readonly tcp: number;
  readonly headerLength: number;
  /** Bytes of payload by the lengths in the headers. */
  readonly payload: number;
}

interface Packet extends PcapPacket {
  readonly timeNs: bigint;
  readonly data: Uint8Array;
  readonly wireLength: number;
}

type Damage = (packets: Packet[], at: number, random: Random) => void;

function viewOf({ data }: Packet): DataView {
  return new DataView(data.buffer, data.byteOffset, data.byteLength);
}

function placesOf(packet: Packet): Places | undefined {
  const { data } = packet;
  const view = viewOf(packet);
  if (data.length < ETHERNET_LENGTH + 40) return undefined;
  let type = view.getUint16(12);
  let ip = ETHERNET_LENGTH;
  if (type === VLAN) {
    type = view.getUint16(16);
    ip += 4;
  }
  const isIpv4 = type === IPV4 && data[ip + 9] === PROTOCOL_TCP;
  if (!isIpv4 && (type !== IPV6 || data[ip + 6] !== PROTOCOL_TCP)) return undefined;
  const tcp = ip + (isIpv4 ? (data[ip] & 15) * 4 : 40);
  if (tcp + 20 > data.length) return undefined;
  const headerLength = (data[tcp + 12] >> 4) * 4;
  const end = isIpv4 ? ip + view.getUint16(ip + 2) : tcp + view.getUint16(ip + 4);
  return { version: isIpv4 ? 4 : 6, ip, tcp, headerLength, payload: Math.max(0, end - tcp - headerLength) };
}

/** A packet that shares nothing with the one that it was made of. */
function copyOf(packet: Packet, changes: Partial<Packet> = {}): Packet {
  return { ...packet, data: packet.data.slice(), ...changes };
}

/** Changes the frame in a copy of the packet, where it is a TCP segment. */
function changed(edit: (view: DataView, places: Places, random: Random) => void): Damage {
  return (packets, at, random) => {
    const places = placesOf(packets[at]);
    if (places === undefined) return;
    const packet = copyOf(packets[at]);
    edit(viewOf(packet), places, random);
    packets[at] = packet;
  };
}

/** Puts bytes into the frame before `at`, or takes them out; lengths in headers are the caller's. */
function resized(packet: Packet, at: number, removed: number, added: Uint8Array): Packet {
  const { data } = packet;
  const rest = data.subarray(Math.min(data.length, at + removed));
  const grown = concat(data.subarray(0, at), added, rest);
  return {
    ...packet,
    data: grown,
    wireLength: Math.max(grown.length, packet.wireLength + grown.length - data.length),
  };
}

/** The IP header says that its packet is longer by so much. */
function growIp(view: DataView, { version, ip }: Places, by: number): void {
  const at = version === 4 ? ip + 2 : ip + 4;
  view.setUint16(at, view.getUint16(at) + by);
}

const FLAGS = [
  0, 1, 2, 4, 8, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x18, 0x19, 0x1c, 0x30, 0x38, 0x50, 0x90, 0xd0, 0xc2,
  0x110, 0x150, 0x3f, 0xfff,
];
const STEPS = [-65_536, -1461, -1460, -100, -2, -1, 1, 2, 100, 1459, 1460, 65_535, 0x7fff_ffff, 0x8000_0000];
const WINDOWS = [0, 0, 1, 2, 100, 1460, 0x7fff, 0xffff];

const setFlags = changed((view, { tcp }, random) => {
  const word = view.getUint16(tcp + 12);
  view.setUint16(
    tcp + 12,
    (word & 0xf000) | (random.below(3) === 0 ? random.below(0x1000) : random.pick(FLAGS)),
  );
});

const flipFlag = changed((view, { tcp }, random) => {
  view.setUint16(tcp + 12, view.getUint16(tcp + 12) ^ (1 << random.below(9)));
});

const stepNumber = (field: 4 | 8): Damage =>
  changed((view, { tcp, payload }, random) => {
    const step = random.pick([...STEPS, payload, -payload, payload + 1]);
    view.setUint32(tcp + field, view.getUint32(tcp + field) + step);
  });

const setWindow = changed((view, { tcp }, random) => view.setUint16(tcp + 14, random.pick(WINDOWS)));

/** Ends the segment just where the window of the other side does, or one byte before or after it. */
const fillWindow: Damage = (packets, at, random) => {
  const places = placesOf(packets[at]);
  if (places === undefined) return;
  const own = viewOf(packets[at]);
  for (let before = at - 1; before >= Math.max(0, at - 40); before--) {
    const other = placesOf(packets[before]);
    if (other === undefined || other.version !== places.version) continue;
    const view = viewOf(packets[before]);
    if (view.getUint16(other.tcp) !== own.getUint16(places.tcp + 2)) continue;
    if (view.getUint16(other.tcp + 2) !== own.getUint16(places.tcp)) continue;
    const edge = view.getUint32(other.tcp + 8) + (view.getUint16(other.tcp + 14) << random.below(15));
    const packet = copyOf(packets[at]);
    viewOf(packet).setUint32(places.tcp + 4, edge - places.payload + random.below(3) - 1);
    packets[at] = packet;
    return;
  }
};

/** Numbers of one side of a connection are others from here on, in what the other side says of them too: near the wrap, often. */
const renumber: Damage = (packets, at, random) => {
  const places = placesOf(packets[at]);
  if (places === undefined) return;
  const own = viewOf(packets[at]);
  const ports = own.getUint32(places.tcp);
  const turned = ((ports << 16) | (ports >>> 16)) >>> 0;
  const shift =
    random.below(2) === 0 ? -own.getUint32(places.tcp + 4) - random.below(3000) : random.below(0xffff_ffff);
  const from = random.below(2) === 0 ? 0 : at;
  for (let i = from; i < packets.length; i++) {
    const here = placesOf(packets[i]);
    if (here === undefined) continue;
    const packet = copyOf(packets[i]);
    const view = viewOf(packet);
    const pair = view.getUint32(here.tcp);
    if (pair === ports) view.setUint32(here.tcp + 4, view.getUint32(here.tcp + 4) + shift);
    else if (pair === turned) view.setUint32(here.tcp + 8, view.getUint32(here.tcp + 8) + shift);
    else continue;
    packets[i] = packet;
  }
};

const setPayload: Damage = (packets, at, random) => {
  const places = placesOf(packets[at]);
  if (places === undefined) return;
  const start = places.tcp + places.headerLength;
  const length = random.pick([0, 1, 2, 7, 100, 1460]);
  const packet = resized(packets[at], start, places.payload, new Uint8Array(length).fill(random.below(256)));
  growIp(viewOf(packet), places, length - places.payload);
  packets[at] = packet;
};

/** A probe of a side that waits: one number before, with no byte or one. */
const keepAlive: Damage = (packets, at, random) => {
  const places = placesOf(packets[at]);
  if (places === undefined) return;
  const start = places.tcp + places.headerLength;
  const length = random.below(2);
  const probe = resized(copyOf(packets[at]), start, places.payload, new Uint8Array(length));
  const view = viewOf(probe);
  growIp(view, places, length - places.payload);
  view.setUint32(places.tcp + 4, view.getUint32(places.tcp + 4) + places.payload - 1);
  packets.splice(at + 1, 0, probe);
};

const repeat: Damage = (packets, at, random) => {
  const copy = copyOf(packets[at], {
    timeNs: packets[at].timeNs + BigInt(random.pick([0, 1, 1000, 3_000_000, 300_000_000])),
  });
  const places = placesOf(copy);
  if (places?.version === 4 && random.below(2) === 0)
    viewOf(copy).setUint16(places.ip + 4, random.below(65_536));
  packets.splice(Math.min(packets.length, at + 1 + random.below(4)), 0, copy);
};

const swap: Damage = (packets, at, random) => {
  const other = Math.min(packets.length - 1, at + 1 + random.below(3));
  [packets[at], packets[other]] = [packets[other], packets[at]];
};

const lose: Damage = (packets, at) => {
  if (packets.length > 8) packets.splice(at, 1);
};

const moveTime: Damage = (packets, at, random) => {
  const by = random.pick([-3_000_000_000n, -1000n, -1n, 0n, 1n, 2_000_000n, 300_000_000n, 90_000_000_000n]);
  const from = random.below(2) === 0 ? packets.length : at + 1;
  for (let i = at; i < Math.min(packets.length, Math.max(at + 1, from)); i++) {
    packets[i] = copyOf(packets[i], { timeNs: packets[i].timeNs + by });
  }
};

const setIp = changed((view, { version, ip }, random) => {
  if (version === 6) {
    const choice = random.below(4);
    if (choice === 0) view.setUint8(ip + 7, random.pick([0, 1, 64, 255]));
    else if (choice === 1) view.setUint16(ip, 0x6000 | random.below(0x1000));
    else if (choice === 2) view.setUint16(ip + 4, view.getUint16(ip + 4) + random.pick([-1, 1, -20, 20]));
    else view.setUint8(ip + 6, random.pick([0, 43, 44, 59, 60]));
    return;
  }
  switch (random.below(7)) {
    case 0:
      view.setUint8(ip + 8, random.pick([0, 1, 64, 255]));
      break;
    case 1:
      view.setUint16(ip + 4, random.pick([0, 1, 0xffff]));
      break;
    case 2:
      view.setUint16(ip + 6, random.pick([0, 0x4000, 0x8000, 0x2000, 1, 0x2001, 0x6000]));
      break;
    case 3:
      view.setUint8(ip + 1, random.below(256));
      break;
    case 4:
      view.setUint16(ip + 2, view.getUint16(ip + 2) + random.pick([-1, 1, -20, 20, -view.getUint16(ip + 2)]));
      break;
    case 5:
      view.setUint8(ip, random.pick([0x44, 0x46, 0x4f, 0x55, 0x65, 0x05]));
      break;
    default:
      view.setUint16(ip + 10, random.below(65_536));
  }
});

const setTcp = changed((view, { tcp, headerLength }, random) => {
  const choice = random.below(4);
  if (choice === 0) view.setUint8(tcp + 12, (random.below(16) << 4) | (view.getUint8(tcp + 12) & 15));
  else if (choice === 1) view.setUint16(tcp + 18, random.pick([0, 1, 0xffff]));
  else if (choice === 2) view.setUint16(tcp + 16, random.below(65_536));
  else if (headerLength > 20 && tcp + headerLength <= view.byteLength) {
    const at = tcp + 20 + random.below(headerLength - 20);
    view.setUint8(at, random.pick([0, 1, 2, 3, 4, 5, 8, 10, 30, 34, 0xff]));
  }
});

const OPTIONS: readonly (readonly number[])[] = [
  [],
  [1, 1, 1, 1],
  [0, 0, 0, 0],
  [1, 1, 8, 10, 0, 0, 0, 9, 0, 0, 0, 7],
  [8, 10, 0, 0, 0, 9, 0, 0, 0, 7, 1, 1],
  [1, 1, 8, 9, 0, 0, 0, 9, 0, 0, 0, 7],
  [1, 1, 5, 10, 0, 0, 0, 9, 0, 0, 1, 7],
  [2, 4, 5, 0xb4, 1, 3, 3, 7],
  [2, 4, 5, 0xb4, 1, 3, 3, 200],
  [4, 2, 1, 1],
];

const setOptions: Damage = (packets, at, random) => {
  const places = placesOf(packets[at]);
  if (places === undefined || places.headerLength < 20) return;
  const options = Uint8Array.from(random.pick(OPTIONS));
  const packet = resized(copyOf(packets[at]), places.tcp + 20, places.headerLength - 20, options);
  const view = viewOf(packet);
  growIp(view, places, options.length + 20 - places.headerLength);
  view.setUint8(places.tcp + 12, ((5 + options.length / 4) << 4) | (view.getUint8(places.tcp + 12) & 15));
  packets[at] = packet;
};

/** A tag between addresses and type, a second one, or none any more. */
const setTag: Damage = (packets, at, random) => {
  const tags = [
    [0x81, 0, 0, 7],
    [0x81, 0, 0xff, 0xff],
    [0x88, 0xa8, 0, 9],
  ];
  const hasTag = viewOf(packets[at]).getUint16(12) === VLAN;
  packets[at] =
    hasTag && random.below(2) === 0
      ? resized(packets[at], 12, 4, new Uint8Array(0))
      : resized(packets[at], 12, 0, Uint8Array.from(random.pick(tags)));
};

/** Hop-by-hop, routing, a fragment that is whole, destination options. */
const addExtension: Damage = (packets, at, random) => {
  const places = placesOf(packets[at]);
  if (places?.version !== 6) return;
  const header = random.pick([0, 43, 44, 60]);
  const packet = resized(
    copyOf(packets[at]),
    places.ip + 40,
    0,
    Uint8Array.from([PROTOCOL_TCP, 0, 0, 0, 0, 0, 0, 0]),
  );
  const view = viewOf(packet);
  view.setUint8(places.ip + 6, header);
  growIp(view, places, 8);
  packets[at] = packet;
};

const cut: Damage = (packets, at, random) => {
  const packet = packets[at];
  const length =
    random.below(3) === 0
      ? random.below(packet.data.length + 1)
      : Math.min(packet.data.length, random.below(120));
  packets[at] = { ...packet, data: packet.data.slice(0, length) };
};

const cutAll: Damage = (packets, _, random) => {
  const length = random.pick([34, 40, 54, 58, 60, 64, 66, 68, 74, 78, 96, 128]);
  for (let i = 0; i < packets.length; i++)
    packets[i] = { ...packets[i], data: packets[i].data.slice(0, length) };
};

/** Padding or a check sequence behind the packet, or a length on the wire that is only said. */
const pad: Damage = (packets, at, random) => {
  const packet = packets[at];
  const length = random.pick([1, 4, 6, 40]);
  const data = random.below(2) === 0 ? concat(packet.data, new Uint8Array(length)) : packet.data;
  packets[at] = { ...packet, data, wireLength: packet.wireLength + length };
};

const changeMac = changed((view, _, random) => view.setUint8(6 + random.below(6), random.below(256)));

/** The connection begins anew on the same ports: all of its packets come once more behind the others, with other numbers or the same. */
const reusePorts: Damage = (packets, at, random) => {
  const places = placesOf(packets[at]);
  if (places === undefined) return;
  const ports = viewOf(packets[at]).getUint32(places.tcp);
  const turned = ((ports << 16) | (ports >>> 16)) >>> 0;
  const shift = random.pick([0, 1, 100_000, 0x7000_0000]);
  const later = packets[packets.length - 1].timeNs - packets[0].timeNs + 1_000_000n;
  const again = packets.slice(0, 400).flatMap((packet) => {
    const here = placesOf(packet);
    if (here === undefined) return [];
    const copy = copyOf(packet, { timeNs: packet.timeNs + later });
    const view = viewOf(copy);
    const pair = view.getUint32(here.tcp);
    if (pair === ports) view.setUint32(here.tcp + 4, view.getUint32(here.tcp + 4) + shift);
    else if (pair === turned) view.setUint32(here.tcp + 8, view.getUint32(here.tcp + 8) + shift);
    else return [];
    return [copy];
  });
  packets.push(...again);
};

/** The same packet the other way round: an open from both sides, where it is a SYN. */
const turnAround: Damage = (packets, at) => {
  const places = placesOf(packets[at]);
  if (places === undefined) return;
  const copy = copyOf(packets[at]);
  const { data } = copy;
  const exchange = (one: number, other: number, length: number): void => {
    const kept = data.slice(one, one + length);
    data.copyWithin(one, other, other + length);
    data.set(kept, other);
  };
  exchange(0, 6, 6);
  if (places.version === 4) exchange(places.ip + 12, places.ip + 16, 4);
  else exchange(places.ip + 8, places.ip + 24, 16);
  exchange(places.tcp, places.tcp + 2, 2);
  packets.splice(at + 1, 0, copy);
};

/** A copy with other flags: resets, FINs and SYNs among what goes on. */
const strikeIn: Damage = (packets, at, random) => {
  const places = placesOf(packets[at]);
  if (places === undefined) return;
  const copy = copyOf(packets[at]);
  const view = viewOf(copy);
  view.setUint16(
    places.tcp + 12,
    (view.getUint16(places.tcp + 12) & 0xf000) | random.pick([1, 2, 4, 0x11, 0x12, 0x14, 0x19]),
  );
  packets.splice(Math.min(packets.length, at + random.below(3)), 0, copy);
};

const DAMAGES: readonly Damage[] = [
  setFlags,
  flipFlag,
  stepNumber(4),
  stepNumber(8),
  setWindow,
  fillWindow,
  renumber,
  setPayload,
  keepAlive,
  repeat,
  swap,
  lose,
  moveTime,
  setIp,
  setTcp,
  setOptions,
  setTag,
  addExtension,
  cut,
  pad,
  changeMac,
  reusePorts,
  turnAround,
  strikeIn,
];

/** Never more packets than this come out. */
const MOST_PACKETS = 2000;

/** Changes the packets in one way or many; the ones that were given stay as they are. */
export function damagePackets(input: readonly PcapPacket[], random: Random): readonly PcapPacket[] {
  const packets: Packet[] = input.map((packet) => ({
    ...packet,
    wireLength: packet.wireLength ?? packet.data.length,
  }));
  if (random.below(12) === 0) cutAll(packets, 0, random);
  for (let rounds = 1 + random.below(random.pick([2, 8, 40])); rounds > 0; rounds--) {
    if (packets.length >= MOST_PACKETS) break;
    const at = random.below(packets.length);
    if (packets[at].data.length >= ETHERNET_LENGTH) random.pick(DAMAGES)(packets, at, random);
  }
  // A frame of which more was said to be captured than was on the wire is another story, and the reader's.
  return packets.slice(0, MOST_PACKETS).map((packet) => ({
    ...packet,
    wireLength: Math.max(packet.data.length, packet.wireLength),
  }));
}
