/** Filters in short, for whoever writes one without having seen any; docs/filter.md has the whole. */
export const FILTER_EXAMPLES: readonly (readonly [filter: string, about: string])[] = [
  ['ip.addr == 10.0.0.5', 'an IPv4 address at either end; ipv6.addr for IPv6'],
  ['ip.src == 10.0.0.0/8', 'a network'],
  ['tcp.port == 443', 'a port at either end'],
  ['tcp.port in {80, 443, 8000..8080}', 'one of several'],
  ['tcp.flags.reset == 1', 'packets that are resets'],
  ['tcp.flags.syn == 1 and not tcp.flags.ack == 1', 'first packets of connections'],
  ['tcp.analysis.retransmission', 'packets that were sent again'],
  ['frame.number == 12', 'one frame'],
  ['http.host contains "shop"', 'text within text'],
  ['tls.handshake.extensions_server_name matches "^api[0-9]*"', 'a regular expression'],
  ['rst.origin == "middlebox"', 'resets that a device on the path made'],
  ['rst.matters == 1', 'resets that ended unfinished work'],
  ['rst.cause == "idle-timeout"', 'resets of one cause'],
  ['origin:middlebox matters:yes', 'the same as quick words'],
];

export const FILTER_HELP = `# Filters

A filter is a set of packets, in the syntax of Wireshark's display filters. A list of resets shows those whose packet passes; flows and
failures are listed with one packet at least that passes. Tests are put together with "and", "or", "not" and parentheses. A name alone
asks whether the field is there. "!=" holds where none of the values is the given one and the field is there.

${FILTER_EXAMPLES.map(([filter, about]) => `- \`${filter}\`: ${about}`).join('\n')}

All fields are listed in resetscope://help/fields. A filter that is wrong is refused with what is wrong about it.
`;
