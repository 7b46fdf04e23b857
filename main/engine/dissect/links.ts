/** Links beside Ethernet: loopback, PPP, PPPoE, MPLS, IEEE 802.11. */
import { ABSENT } from './field-sink.ts';
import type { Step } from './step.ts';

const NULL_LENGTH = 4;

/** The family is in the byte order of the machine that captured, or of the network (LOOP). */
export function dissectNull({ sink, from, protocols }: Step): void {
  protocols.push('null');
  if (!sink.wants('null')) return;
  sink.open('null', from, from + NULL_LENGTH);
  const word = sink.peek32(from);
  if (word !== ABSENT) {
    const swapped =
      ((word & 0xff) * 0x100_0000 + ((word & 0xff00) << 8) + ((word >>> 8) & 0xff00) + (word >>> 24)) >>> 0;
    sink.put('null.family', Math.min(word, swapped), from, from + NULL_LENGTH);
  }
  sink.close();
}

/** No header at all: the IP header comes first. */
export function dissectRaw({ sink, from, end, protocols }: Step): void {
  protocols.push('raw');
  if (!sink.wants('raw')) return;
  sink.open('raw', from, end);
  sink.close();
}

const PPP_ADDRESS = 0xff;

export function dissectPpp({ sink, from, to, protocols }: Step): void {
  protocols.push('ppp');
  if (!sink.wants('ppp')) return;
  sink.open('ppp', from, to);
  let at = from;
  if (sink.peek8(at) === PPP_ADDRESS && sink.peek8(at + 1) === 0x03) {
    sink.u8('ppp.address', at);
    sink.u8('ppp.control', at + 1);
    at += 2;
  }
  // A protocol number below 256 may be one byte, which is odd (RFC 1661 §6.5).
  const first = sink.peek8(at);
  if (first !== ABSENT && (first & 1) !== 0) sink.u8('ppp.protocol', at);
  else sink.u16('ppp.protocol', at);
  sink.close();
}

const PPPOE_LENGTH = 6;

export function dissectPppoe({ sink, from, protocols }: Step): void {
  protocols.push('pppoes');
  if (!sink.wants('pppoes') && !sink.wants('pppoe')) return;
  sink.open('pppoes', from, from + PPPOE_LENGTH);
  const first = sink.peek8(from);
  if (first !== ABSENT) {
    sink.put('pppoe.version', first >>> 4, from, from + 1);
    sink.put('pppoe.type', first & 0x0f, from, from + 1);
  }
  sink.u8('pppoe.code', from + 1);
  sink.u16('pppoe.session_id', from + 2);
  sink.u16('pppoe.payload_length', from + 4);
  sink.close();
}

const LABEL_LENGTH = 4;
const MAX_LABELS = 32;

/** All labels of a stack. */
export function dissectMpls({ sink, from, end, protocols }: Step): void {
  for (
    let count = 0, at = from;
    count < MAX_LABELS && at + LABEL_LENGTH <= end;
    count++, at += LABEL_LENGTH
  ) {
    const word = sink.peek32(at);
    if (word === ABSENT) return;
    protocols.push('mpls');
    if (sink.wants('mpls')) {
      sink.open('mpls', at, at + LABEL_LENGTH);
      sink.put('mpls.label', word >>> 12, at, at + 3);
      sink.put('mpls.exp', (word >>> 9) & 7, at + 2, at + 3);
      sink.put('mpls.bottom', (word >>> 8) & 1, at + 2, at + 3);
      sink.put('mpls.ttl', word & 0xff, at + 3, at + 4);
      sink.close();
    }
    if ((word & 0x100) !== 0) return;
  }
}

const MAC = 6;

/** @param at where the frame control begins, behind what a monitoring driver put before it */
export function dissectWlan({ sink, end, protocols }: Step, at: number): void {
  protocols.push('wlan');
  if (!sink.wants('wlan')) return;
  const kind = sink.peek8(at);
  const flags = sink.peek8(at + 1);
  if (kind === ABSENT || flags === ABSENT) return;
  const toSystem = (flags & 1) !== 0;
  const fromSystem = (flags & 2) !== 0;
  sink.open('wlan', at, Math.min(at + 24, end));
  sink.put('wlan.fc.version', kind & 3, at, at + 1);
  sink.put('wlan.fc.type', (kind >>> 2) & 3, at, at + 1);
  sink.put('wlan.fc.subtype', kind >>> 4, at, at + 1);
  sink.put('wlan.fc.tods', toSystem, at + 1, at + 2);
  sink.put('wlan.fc.fromds', fromSystem, at + 1, at + 2);
  sink.flag('wlan.fc.frag', flags, 0x04, at + 1, at + 2);
  sink.flag('wlan.fc.retry', flags, 0x08, at + 1, at + 2);
  sink.flag('wlan.fc.protected', flags, 0x40, at + 1, at + 2);
  const isData = ((kind >>> 2) & 3) === 2;
  if (isData) {
    const addresses = [at + 4, at + 10, at + 16];
    const [first, second, third] = addresses;
    const place = (name: string, where: number): void => sink.bytes(name, where, where + MAC);
    place('wlan.ra', first);
    place('wlan.ta', second);
    place('wlan.da', toSystem ? third : first);
    place('wlan.sa', fromSystem ? (toSystem ? at + 24 : third) : second);
    if (!toSystem || !fromSystem) place('wlan.bssid', toSystem ? first : fromSystem ? second : third);
    for (const where of addresses) sink.bytes('wlan.addr', where, where + MAC, 'hidden');
    if (sink.has(at + 22, at + 24)) {
      const word = sink.peek8(at + 22) | (sink.peek8(at + 23) << 8);
      sink.put('wlan.frag', word & 0x0f, at + 22, at + 24);
      sink.put('wlan.seq', word >>> 4, at + 22, at + 24);
    }
  }
  sink.close();
}

/** @returns where the 802.11 frame begins */
export function dissectRadiotap({ sink, from, end, protocols }: Step): number {
  protocols.push('radiotap');
  const low = sink.peek8(from + 2);
  const high = sink.peek8(from + 3);
  if (low === ABSENT || high === ABSENT) return end;
  const length = low | (high << 8);
  if (sink.wants('radiotap')) {
    sink.open('radiotap', from, Math.min(from + length, end));
    sink.u8('radiotap.version', from);
    sink.u8('radiotap.pad', from + 1);
    sink.put('radiotap.length', length, from + 2, from + 4);
    sink.close();
  }
  return from + length;
}
