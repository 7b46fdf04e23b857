/** The line of a layer, which says the layer in one line as long as it is closed. */
import type { DetailNode } from '../../../shared/model/packet-detail.ts';

/** The value of a field below the layer; empty where it has none. */
type Field = (name: string) => string;

function join(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(', ');
}

function labelled(label: string, value: string): string {
  return value === '' ? '' : `${label} ${value}`;
}

const SUMMARIES: Readonly<Record<string, (field: Field) => string>> = {
  frame: (f) => `${f('frame.number')}, ${f('frame.len')} bytes on the wire, ${f('frame.cap_len')} captured`,
  eth: (f) => `${f('eth.src')} → ${f('eth.dst')}`,
  vlan: (f) => `ID ${f('vlan.id')}`,
  sll: (f) => f('sll.pkttype'),
  arp: (f) => join(f('arp.opcode'), `${f('arp.src.proto_ipv4')} → ${f('arp.dst.proto_ipv4')}`),
  ip: (f) => `${f('ip.src')} → ${f('ip.dst')}`,
  ipv6: (f) => `${f('ipv6.src')} → ${f('ipv6.dst')}`,
  tcp: (f) =>
    join(
      `${f('tcp.srcport')} → ${f('tcp.dstport')}`,
      /\((.*)\)/u.exec(f('tcp.flags'))?.[1] ?? '',
      labelled('Seq', f('tcp.seq')),
      labelled('Len', f('tcp.len')),
    ),
  udp: (f) => join(`${f('udp.srcport')} → ${f('udp.dstport')}`, labelled('Length', f('udp.length'))),
  icmp: (f) => join(labelled('Type', f('icmp.type')), labelled('Code', f('icmp.code'))),
  icmpv6: (f) => join(f('icmpv6.type'), labelled('Code', f('icmpv6.code'))),
  mpls: (f) => `Label ${f('mpls.label')}, TTL ${f('mpls.ttl')}`,
  gre: (f) => f('gre.proto'),
  vxlan: (f) => `VNI ${f('vxlan.vni')}`,
  geneve: (f) => `VNI ${f('geneve.vni')}`,
  gtp: (f) => `TEID ${f('gtp.teid')}`,
  dns: (f) =>
    join(f('dns.flags.response') === 'Set' ? 'Response' : 'Query', f('dns.qry.name'), f('dns.qry.type')),
  'tls.record': (f) => f('tls.record.content_type'),
  'tls.handshake': (f) => f('tls.handshake.type'),
  'tls.alert_message': (f) => join(f('tls.alert_message.level'), f('tls.alert_message.desc')),
  http: (f) =>
    join(
      f('http.request.method') && `${f('http.request.method')} ${f('http.request.uri')}`,
      f('http.response.code'),
    ),
  'tcp.options.mss': (f) => f('tcp.options.mss_val'),
  'tcp.options.wscale': (f) => labelled('×', f('tcp.options.wscale.multiplier')),
  'tcp.options.sack': (f) => labelled('blocks:', f('tcp.options.sack.count')),
  'tcp.options.timestamp': (f) =>
    join(
      labelled('value', f('tcp.options.timestamp.tsval')),
      labelled('echo', f('tcp.options.timestamp.tsecr')),
    ),
};

export function summaryOf(name: string, children: readonly DetailNode[]): string {
  const make = SUMMARIES[name];
  return make === undefined ? '' : make((wanted) => find(children, wanted));
}

/** Depth first, so that the outermost of several comes first; layers are few levels deep. */
function find(nodes: readonly DetailNode[], name: string): string {
  for (const node of nodes) {
    if (node.name === name) return node.value;
    const below = find(node.children, name);
    if (below !== '') return below;
  }
  return '';
}
