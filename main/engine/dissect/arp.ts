/** ARP of IPv4 over Ethernet (RFC 826). */
import type { Step } from './step.ts';

const ETHERNET_SIZE = 6;
const IPV4_SIZE = 4;
const ADDRESSES = 8;

export function dissectArp({ sink, from, end, protocols }: Step): void {
  protocols.push('arp');
  if (!sink.wants('arp')) return;
  const hardware = sink.peek8(from + 4);
  const protocol = sink.peek8(from + 5);
  sink.open('arp', from, Math.min(end, from + ADDRESSES + 2 * (hardware + protocol)));
  sink.u16('arp.hw.type', from);
  sink.u16('arp.proto.type', from + 2);
  sink.u8('arp.hw.size', from + 4);
  sink.u8('arp.proto.size', from + 5);
  sink.u16('arp.opcode', from + 6);
  if (hardware === ETHERNET_SIZE && protocol === IPV4_SIZE) {
    const at = from + ADDRESSES;
    sink.bytes('arp.src.hw_mac', at, at + 6);
    sink.bytes('arp.src.proto_ipv4', at + 6, at + 10);
    sink.bytes('arp.dst.hw_mac', at + 10, at + 16);
    sink.bytes('arp.dst.proto_ipv4', at + 16, at + 20);
  }
  sink.close();
}
