/** Ethernet, VLAN tags, LLC with SNAP. */
import { MAX_802_3_LENGTH } from '../decode/ethertypes.ts';
import { ABSENT, type FieldSink } from './field-sink.ts';
import type { Step } from './step.ts';

const MAC = 6;
const TYPE = 12;
const HEADER_LENGTH = 14;
const GROUP_BIT = 0x01;
const LOCAL_BIT = 0x02;

export function dissectEthernet({ sink, from, protocols }: Step): void {
  protocols.push('eth');
  const type = sink.peek16(from + TYPE);
  if (type > MAX_802_3_LENGTH) protocols.push('ethertype');
  if (!sink.wants('eth')) return;
  sink.open('eth', from, from + HEADER_LENGTH);
  address(sink, 'eth.dst', from);
  address(sink, 'eth.src', from + MAC);
  sink.u16(type !== ABSENT && type <= MAX_802_3_LENGTH ? 'eth.len' : 'eth.type', from + TYPE);
  sink.close();
}

/** An address, which `eth.addr` is another name of, with its two bits that are none of the address. */
function address(sink: FieldSink, name: 'eth.dst' | 'eth.src', at: number): void {
  if (!sink.has(at, at + MAC)) return;
  const first = sink.peek8(at);
  sink.open(name, at, at + MAC, sink.data.subarray(at, at + MAC));
  sink.bytes('eth.addr', at, at + MAC, 'hidden');
  sink.flag(`${name}.lg`, first, LOCAL_BIT, at, at + 3);
  sink.put('eth.lg', (first & LOCAL_BIT) !== 0, at, at + 3, 'hidden');
  sink.flag(`${name}.ig`, first, GROUP_BIT, at, at + 3);
  sink.put('eth.ig', (first & GROUP_BIT) !== 0, at, at + 3, 'hidden');
  sink.close();
}

const VLAN_LENGTH = 4;

/** @param from of what follows the ethertype that announced the tag */
export function dissectVlan({ sink, from, protocols }: Step): void {
  protocols.push('vlan');
  const type = sink.peek16(from + 2);
  if (type > MAX_802_3_LENGTH) protocols.push('ethertype');
  if (!sink.wants('vlan')) return;
  sink.open('vlan', from, from + VLAN_LENGTH);
  const tag = sink.peek16(from);
  if (tag !== ABSENT) {
    sink.put('vlan.priority', tag >>> 13, from, from + 2);
    sink.flag('vlan.dei', tag, 0x1000, from, from + 2);
    sink.put('vlan.id', tag & 0xfff, from, from + 2);
  }
  sink.u16(type !== ABSENT && type <= MAX_802_3_LENGTH ? 'vlan.len' : 'vlan.etype', from + 2);
  sink.close();
}

const LLC_LENGTH = 3;
const SNAP_LENGTH = 5;
const SNAP = 0xaa;

export function dissectLlc({ sink, from, protocols }: Step): void {
  protocols.push('llc');
  if (!sink.wants('llc')) return;
  const isSnap = sink.peek8(from) === SNAP && sink.peek8(from + 1) === SNAP;
  sink.open('llc', from, from + LLC_LENGTH + (isSnap ? SNAP_LENGTH : 0));
  sink.u8('llc.dsap', from);
  sink.u8('llc.ssap', from + 1);
  sink.u8('llc.control', from + 2);
  if (isSnap) {
    const oui = sink.u24('llc.oui', from + LLC_LENGTH);
    sink.u16(oui === 0 ? 'llc.type' : 'llc.pid', from + LLC_LENGTH + 3);
  }
  sink.close();
}
