/** Linux cooked captures: LINUX_SLL and LINUX_SLL2. */
import { ABSENT, type FieldSink } from './field-sink.ts';
import type { Step } from './step.ts';

const SLL_LENGTH = 16;
const SLL2_LENGTH = 20;
const ADDRESS_ROOM = 8;
const LOWEST_ETHERTYPE = 0x0600;

export function dissectSll({ sink, from, protocols }: Step): void {
  const type = sink.peek16(from + 14);
  protocols.push('sll');
  if (type >= LOWEST_ETHERTYPE) protocols.push('ethertype');
  if (!sink.wants('sll')) return;
  sink.open('sll', from, from + SLL_LENGTH);
  sink.u16('sll.pkttype', from);
  sink.u16('sll.hatype', from + 2);
  const length = sink.u16('sll.halen', from + 4);
  address(sink, from + 6, length);
  protocolField(sink, from + 14);
  sink.close();
}

export function dissectSll2({ sink, from, protocols }: Step): void {
  const type = sink.peek16(from);
  protocols.push('sll');
  if (type >= LOWEST_ETHERTYPE) protocols.push('ethertype');
  if (!sink.wants('sll')) return;
  sink.open('sll', from, from + SLL2_LENGTH);
  protocolField(sink, from);
  sink.u32('sll.ifindex', from + 4);
  sink.u16('sll.hatype', from + 8);
  sink.u8('sll.pkttype', from + 10);
  const length = sink.u8('sll.halen', from + 11);
  address(sink, from + 12, length);
  sink.close();
}

function address(sink: FieldSink, at: number, length: number): void {
  if (length === 0 || length === ABSENT) {
    sink.bytes('sll.unused', at, at + ADDRESS_ROOM);
    return;
  }
  const used = Math.min(length, ADDRESS_ROOM);
  const name = length === 4 ? 'sll.src.ipv4' : length === 6 ? 'sll.src.eth' : 'sll.src.other';
  sink.bytes(name, at, at + used);
  if (used < ADDRESS_ROOM) sink.bytes('sll.unused', at + used, at + ADDRESS_ROOM);
}

/** Below the ethertypes are Linux' own numbers. */
function protocolField(sink: FieldSink, at: number): void {
  sink.u16(sink.peek16(at) >= LOWEST_ETHERTYPE ? 'sll.etype' : 'sll.ltype', at);
}
