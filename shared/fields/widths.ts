/**
 * How many bits a number has, by the name of its field, where they are not 32: what is too big for a field is an error, as in
 * Wireshark, and `len(field)` tells the bytes.
 */
import type { FieldInfo } from './field.ts';

const NAMES_BY_BITS: Readonly<Record<number, string>> = {
  8: `
    ah.length ah.next_header arp.hw.size arp.proto.size dns.txt.length geneve.flags geneve.version gtp.flags
    gtp.flags.payload gtp.flags.reserved gtp.flags.version gtp.message icmp.checksum.status icmp.code icmp.length icmp.type
    icmpv6.checksum.status icmpv6.code icmpv6.type ip.checksum.status ip.dsfield ip.dsfield.dscp ip.dsfield.ecn ip.flags
    ip.hdr_len ip.opt.len ip.opt.ptr ip.opt.type ip.opt.type.class ip.opt.type.number ip.proto ip.ttl ip.version
    ipv6.dstopts.len ipv6.dstopts.nxt ipv6.fraghdr.nxt ipv6.fraghdr.reserved_octet ipv6.hlim ipv6.hopopts.len
    ipv6.hopopts.nxt ipv6.nxt ipv6.opt.length ipv6.opt.type ipv6.routing.len ipv6.routing.nxt ipv6.routing.segleft
    ipv6.routing.type ipv6.version llc.dsap llc.ssap nsh.mdtype nsh.nextproto nsh.si ppp.address ppp.control ppp.direction
    pppoe.code pppoe.type pppoe.version radiotap.pad radiotap.version tcp.checksum.status tcp.hdr_len tcp.option_kind
    tcp.option_len tcp.options.ao.keyid tcp.options.ao.rnextkeyid tcp.options.mptcp.addrid tcp.options.mptcp.flags
    tcp.options.mptcp.rst_reason tcp.options.mptcp.subtype tcp.options.mptcp.version tcp.options.sack.count
    tcp.options.wscale.shift tls.alert_message.desc tls.alert_message.level tls.handshake.comp_method
    tls.handshake.comp_methods_length tls.handshake.extensions.supported_versions_len tls.handshake.extensions_alpn_str_len
    tls.handshake.extensions_server_name_type tls.handshake.type tls.record.content_type tls.record.opaque_type
    udp.checksum.status vxlan.next_proto wlan.fc.subtype wlan.fc.type wlan.fc.version`,
  16: `
    arp.hw.type arp.opcode arp.proto.type dns.count.add_rr dns.count.answers dns.count.auth_rr dns.count.labels
    dns.count.queries dns.flags dns.flags.opcode dns.flags.rcode dns.id dns.length dns.mx.preference dns.qry.class
    dns.qry.name.len dns.qry.type dns.resp.class dns.resp.len dns.resp.type dns.rr.udp_payload_size dns.srv.port
    dns.srv.priority dns.srv.weight erspan.cos erspan.encap erspan.spanid erspan.truncated erspan.version erspan.vlan
    eth.len eth.type frame.encap_type geneve.proto_type gre.checksum gre.flags.recursion_control gre.flags.version
    gre.flags_and_version gre.key.call_id gre.key.payload_length gre.offset gre.proto gtp.length http.response.code
    icmp.checksum icmp.ident icmp.ident_le icmp.mtu icmp.seq icmp.seq_le icmpv6.checksum icmpv6.echo.identifier
    icmpv6.echo.sequence_number ip.checksum ip.frag_offset ip.id ip.len ip.opt.mtu ip.opt.ra ipv6.dstopts.len_oct
    ipv6.fraghdr.offset ipv6.fraghdr.reserved_bits ipv6.hopopts.len_oct ipv6.plen ipv6.routing.len_oct l2tp.length
    l2tp.session l2tp.tunnel l2tp.type l2tp.version llc.control llc.pid llc.type nsh.length nsh.ttl nsh.version ppp.protocol
    pppoe.payload_length pppoe.session_id radiotap.length sll.etype sll.gretype sll.halen sll.hatype sll.ltype sll.pkttype
    tcp.checksum tcp.dstport tcp.flags tcp.options.experimental.exid tcp.options.mptcp.datalvllen tcp.options.mss_val
    tcp.options.user_to_val tcp.options.wscale.multiplier tcp.port tcp.srcport tcp.urgent_pointer tcp.window_size_value
    tls.handshake.cipher_suites_length tls.handshake.ciphersuite tls.handshake.extension.len tls.handshake.extension.type
    tls.handshake.extensions.supported_version tls.handshake.extensions_alpn_len tls.handshake.extensions_length
    tls.handshake.extensions_server_name_len tls.handshake.extensions_server_name_list_len
    tls.handshake.extensions_supported_group tls.handshake.extensions_supported_groups_length
    tls.handshake.session_id_length tls.handshake.version tls.record.length tls.record.version udp.checksum udp.dstport
    udp.length udp.port udp.srcport vlan.etype vlan.id vlan.len vlan.priority vxlan.flags vxlan.gbp wlan.duration wlan.frag
    wlan.seq`,
  24: `
    geneve.vni ipv6.flow llc.oui nsh.spi tls.handshake.certificate_length tls.handshake.certificates_length
    tls.handshake.length vxlan.vni`,
  64: `
    http.content_length tcp.options.mptcp.rawdataack tcp.options.mptcp.rawdataseqno tcp.options.mptcp.recvkey
    tcp.options.mptcp.sendkey`,
};

const BITS: ReadonlyMap<string, number> = new Map(
  Object.entries(NAMES_BY_BITS).flatMap(([bits, names]) =>
    names
      .trim()
      .split(/\s+/u)
      .map((name): [string, number] => [name, Number(bits)]),
  ),
);

export function bitsOf(field: FieldInfo): number {
  return field.type === 'boolean' ? 1 : (BITS.get(field.name) ?? 32);
}
