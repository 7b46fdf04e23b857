/**
 * What a list says of a packet that belongs to no flow, out of its bytes: both ends, the protocol and a line in Wireshark's form. The
 * index keeps nothing of the kind, for such packets are few and never a part of a verdict; only those on screen are read.
 */
import { fieldNamed } from '../../../shared/fields/catalogue.ts';
import type { FieldValue } from '../../../shared/fields/field.ts';
import { ETHERTYPE_WORDS } from '../../../shared/fields/link-words.ts';
import { IP_PROTOCOL_WORDS } from '../../../shared/fields/ip-protocol-words.ts';
import { icmpText } from '../../../shared/texts/icmp.ts';
import { valueText } from '../dissect/texts.ts';
import type { PacketLine } from './packet-line.ts';

/** The fields that the line is made of. */
export const BARE_FIELDS = [
  'frame.protocols',
  ...['eth.src', 'eth.dst', 'eth.type', 'vlan.etype', 'sll.etype', 'sll.src.eth'],
  ...['llc.dsap', 'llc.oui', 'llc.pid', 'wlan.ta', 'wlan.sa', 'wlan.ra', 'wlan.da', 'wlan.fc.type'],
  ...['arp.opcode', 'arp.src.hw_mac', 'arp.src.proto_ipv4', 'arp.dst.proto_ipv4'],
  ...['ip.src', 'ip.dst', 'ip.proto', 'ip.id', 'ip.ttl', 'ip.flags.mf', 'ip.frag_offset'],
  ...['ipv6.src', 'ipv6.dst', 'ipv6.nxt', 'ipv6.hlim', 'ipv6.fraghdr.nxt', 'ipv6.fraghdr.offset'],
  ...['ipv6.fraghdr.more', 'ipv6.fraghdr.ident', 'esp.spi'],
  ...['icmp.type', 'icmp.code', 'icmp.ident', 'icmp.seq'],
  ...['icmpv6.type', 'icmpv6.code', 'icmpv6.echo.identifier', 'icmpv6.echo.sequence_number'],
  ...['icmpv6.nd.ns.target_address', 'icmpv6.nd.na.target_address'],
] as const;

/** All values of a field, of outer layers before inner ones. */
type Values = (name: string) => readonly FieldValue[];
type BareLine = Pick<PacketLine, 'source' | 'destination' | 'protocol' | 'info'>;

/** @param values of BARE_FIELDS */
export function bareLine(values: Values): BareLine {
  if (values('arp.opcode').length > 0) return arpLine(values);
  const isV6 = values('ipv6.src').length > 0;
  if (isV6 || values('ip.src').length > 0) return ipLine(values, isV6);
  return linkLine(values);
}

function text(name: string, value: FieldValue | undefined): string {
  const field = fieldNamed(name);
  return value === undefined || field === undefined ? '' : valueText(field, value);
}

function first(values: Values, name: string): string {
  return text(name, values(name).at(0));
}

function number(values: Values, name: string): number {
  return Number(values(name).at(-1) ?? -1);
}

const ARP_REQUEST = 1;
const ARP_REPLY = 2;
const ANY_ADDRESS = '0.0.0.0';

function arpLine(values: Values): BareLine {
  const opcode = number(values, 'arp.opcode');
  const asking = first(values, 'arp.src.proto_ipv4');
  const wanted = first(values, 'arp.dst.proto_ipv4');
  const hardware = first(values, 'arp.src.hw_mac');
  let info = text('arp.opcode', opcode);
  if (asking !== '' && asking === wanted) info = `Gratuitous ARP for ${asking} (${info})`;
  else if (opcode === ARP_REQUEST && asking === ANY_ADDRESS) info = `Who has ${wanted}? (ARP Probe)`;
  else if (opcode === ARP_REQUEST) info = `Who has ${wanted}? Tell ${asking}`;
  else if (opcode === ARP_REPLY) info = `${asking} is at ${hardware}`;
  return {
    source: hardware || first(values, 'eth.src'),
    destination: first(values, 'eth.dst'),
    protocol: 'ARP',
    info,
  };
}

/** Names as lists have them, where the registered one is a sentence. */
const SHORT_IP: Readonly<Record<number, string>> = {
  1: 'ICMP',
  2: 'IGMP',
  6: 'TCP',
  17: 'UDP',
  47: 'GRE',
  50: 'ESP',
  51: 'AH',
  58: 'ICMPv6',
  88: 'EIGRP',
  89: 'OSPF',
  103: 'PIM',
  112: 'VRRP',
  132: 'SCTP',
};

function ipLine(values: Values, isV6: boolean): BareLine {
  const icmp = icmpInfo(values);
  // An ICMP error quotes a packet, whose addresses are not its own.
  const place = icmp?.isError === true ? 0 : -1;
  const names = isV6 ? (['ipv6.src', 'ipv6.dst'] as const) : (['ip.src', 'ip.dst'] as const);
  const [source, destination] = names.map((name) => text(name, values(name).at(place)));
  const ends = { source, destination };
  if (icmp !== undefined) return { ...ends, protocol: icmp.protocol, info: icmp.info };
  const fragment = fragmentInfo(values, isV6);
  if (fragment !== undefined) return { ...ends, protocol: isV6 ? 'IPv6' : 'IPv4', info: fragment };
  const spi = values('esp.spi').at(-1);
  if (spi !== undefined) return { ...ends, protocol: 'ESP', info: `ESP (SPI=${text('esp.spi', spi)})` };
  const carried = number(values, isV6 ? 'ipv6.nxt' : 'ip.proto');
  const name = SHORT_IP[carried] ?? IP_PROTOCOL_WORDS[carried] ?? (isV6 ? 'IPv6' : 'IPv4');
  const about = IP_PROTOCOL_WORDS[carried] ?? 'unassigned';
  return { ...ends, protocol: name, info: `IP protocol ${carried} (${about})` };
}

function fragmentInfo(values: Values, isV6: boolean): string | undefined {
  const names = isV6
    ? (['ipv6.fraghdr.offset', 'ipv6.fraghdr.more', 'ipv6.fraghdr.nxt', 'ipv6.fraghdr.ident'] as const)
    : (['ip.frag_offset', 'ip.flags.mf', 'ip.proto', 'ip.id'] as const);
  const [offset, more, carried, id] = names.map((name) => number(values, name));
  if (offset < 0 || (offset === 0 && more !== 1)) return undefined;
  const name = SHORT_IP[carried] ?? IP_PROTOCOL_WORDS[carried] ?? 'unassigned';
  return `Fragmented IP protocol (proto=${name} ${carried}, off=${offset}, ID=${id.toString(16).padStart(4, '0')})`;
}

interface IcmpInfo {
  readonly protocol: string;
  readonly info: string;
  readonly isError: boolean;
}

/** Types of ICMP that are no errors (RFC 792, RFC 1256, RFC 950). */
const ICMP_NAMES: Readonly<Record<number, string>> = {
  0: 'Echo (ping) reply',
  4: 'Source quench',
  5: 'Redirect',
  8: 'Echo (ping) request',
  9: 'Router advertisement',
  10: 'Router solicitation',
  13: 'Timestamp request',
  14: 'Timestamp reply',
  17: 'Address mask request',
  18: 'Address mask reply',
};
const ICMP_QUOTING: ReadonlySet<number> = new Set([3, 4, 5, 11, 12]);
const ICMP_ERRORS: ReadonlySet<number> = new Set([3, 11, 12]);
const FRAGMENTATION_NEEDED = 4;
const LAST_ERROR_OF_V6 = 127;
const PACKET_TOO_BIG = 2;

function icmpInfo(values: Values): IcmpInfo | undefined {
  const v4 = values('icmp.type').at(0);
  if (v4 !== undefined) return icmpV4(values, Number(v4));
  const v6 = values('icmpv6.type').at(0);
  return v6 === undefined ? undefined : icmpV6(values, Number(v6));
}

function icmpV4(values: Values, type: number): IcmpInfo {
  const code = Number(values('icmp.code').at(0) ?? 0);
  const isError = ICMP_QUOTING.has(type);
  if (ICMP_ERRORS.has(type)) {
    const isTooBig = type === 3 && code === FRAGMENTATION_NEEDED;
    const name = isTooBig ? 'fragmentation needed' : icmpText(4, type, code).name;
    return { protocol: 'ICMP', info: sentence(name), isError };
  }
  const name = ICMP_NAMES[type] ?? `Type ${type}, code ${code}`;
  const id = values('icmp.ident').at(0);
  const echo =
    id === undefined
      ? ''
      : ` id=0x${Number(id).toString(16).padStart(4, '0')}, seq=${first(values, 'icmp.seq')}, ttl=${number(values, 'ip.ttl')}`;
  return { protocol: 'ICMP', info: `${name}${echo}`, isError };
}

function icmpV6(values: Values, type: number): IcmpInfo {
  const isError = type <= LAST_ERROR_OF_V6;
  const code = Number(values('icmpv6.code').at(0) ?? 0);
  const info = isError && type !== PACKET_TOO_BIG ? sentence(icmpText(6, type, code).name) : wordOf(type);
  const about = [
    first(values, 'icmpv6.nd.ns.target_address') && `for ${first(values, 'icmpv6.nd.ns.target_address')}`,
    first(values, 'icmpv6.nd.na.target_address'),
    first(values, 'icmpv6.echo.sequence_number') &&
      `id=${first(values, 'icmpv6.echo.identifier')}, seq=${first(values, 'icmpv6.echo.sequence_number')}, hop limit=${number(values, 'ipv6.hlim')}`,
  ].filter((one) => one !== '');
  return { protocol: 'ICMPv6', info: [info, ...about].join(' '), isError };
}

function wordOf(type: number): string {
  return fieldNamed('icmpv6.type')?.words?.[type] ?? `Type ${type}`;
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

/** Ethertypes by the names that lists have for them. */
const SHORT_ETHERTYPES: Readonly<Record<number, string>> = {
  0x8863: 'PPPoED',
  0x8809: 'Slow Protocols',
  0x888e: 'EAPOL',
  0x88cc: 'LLDP',
  0x88e5: 'MACsec',
  0x88f7: 'PTP',
  0x9000: 'LOOP',
};
const STP_SAP = 0x42;
const CISCO_OUI = 0x0c;
const CDP_PID = 0x2000;

function linkLine(values: Values): BareLine {
  const ends = {
    source: first(values, 'eth.src') || first(values, 'sll.src.eth') || wireless(values, 'ta', 'sa'),
    destination: first(values, 'eth.dst') || wireless(values, 'ra', 'da'),
  };
  if (values('llc.dsap').length > 0) {
    if (number(values, 'llc.dsap') === STP_SAP) return { ...ends, protocol: 'STP', info: 'Spanning Tree' };
    if (number(values, 'llc.oui') === CISCO_OUI && number(values, 'llc.pid') === CDP_PID)
      return { ...ends, protocol: 'CDP', info: 'Cisco Discovery Protocol' };
    return { ...ends, protocol: 'LLC', info: `Logical-Link Control, DSAP ${first(values, 'llc.dsap')}` };
  }
  const type = ['vlan.etype', 'eth.type', 'sll.etype'].find((name) => values(name).length > 0);
  if (type !== undefined) {
    const value = number(values, type);
    const code = `0x${value.toString(16).padStart(4, '0')}`;
    const word = ETHERTYPE_WORDS[value];
    const info = word === undefined ? `Ethertype ${code}` : `${word} (${code})`;
    return { ...ends, protocol: SHORT_ETHERTYPES[value] ?? word ?? code, info };
  }
  if (values('wlan.fc.type').length > 0) {
    return { ...ends, protocol: '802.11', info: first(values, 'wlan.fc.type') };
  }
  const last = String(values('frame.protocols').at(0) ?? '')
    .split(':')
    .at(-1);
  return { ...ends, protocol: (last ?? '').toUpperCase(), info: '' };
}

function wireless(values: Values, ...which: readonly string[]): string {
  return which.map((one) => first(values, `wlan.${one}`)).find((one) => one !== '') ?? '';
}
