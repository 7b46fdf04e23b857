import { defineLesson, NOTHING } from '../define.ts';

export const lesson = defineLesson({
  name: 'path-mtu',
  title: 'Small answers arrive, large ones hang',
  theme: 'path',
  about:
    'A tunnel has no room for full packets, and the message that says so is dropped: a path-MTU black hole.',
  story: [
    'A branch office is connected by a tunnel. A single order is looked up in no time. The list of all orders never loads: nothing comes for some seconds, then “connection reset by peer”.',
    'At headquarters, in the server’s own network, the same list loads at once. The server’s log says that the client took nothing of its answer.',
    'Between the two there is no loss to be found: while the list hangs, everything small gets through. After the last audit, all ICMP was blocked at the tunnel.',
  ],
  question: 'Why does the list break off?',
  choices: [
    'The client reads too slowly, and the server loses patience.',
    'The firewall allows a connection a few seconds only.',
    'Full packets do not fit into the tunnel, and the server is never told.',
    'The server’s program fails where an answer is long.',
  ],
  answer: {
    choice: 2,
    why: 'The server sends the list in packets of 1500 bytes that must not be fragmented (DF); the tunnel takes 1400. The router before it drops them and says so with ICMP “fragmentation needed” (RFC 1191), which its firewall blocks. So the server sends the same segment again and again, until its program gives up with a reset. The server’s capture shows it: full segments alone are sent again, and none is ever acknowledged, while the small end of the list is (by SACK), and the client’s keep-alive probes are answered. The client’s capture cannot tell the reason: it holds that small end, and a reset that the server really sent.',
  },
  fix: {
    change: 'Let ICMP “fragmentation needed” (type 3 code 4) pass, or clamp the MSS where the tunnel begins.',
    why: 'With that message the server’s kernel learns the smaller size, and sends the segments anew at once. Where the message cannot be relied on, the router before the tunnel may write a smaller MSS into each SYN that passes, so that segments fit from the start. IPv6 needs its “packet too big” (ICMPv6 type 2) all the more: no router fragments there.',
    settings: [
      'icmp type destination-unreachable accept (nftables)',
      'tcp option maxseg size set rt mtu (nftables)',
      'net.ipv4.tcp_mtu_probing',
      'ping -M do -s 1472',
    ],
  },
  needs: 'namespaces',
  captures: [
    {
      at: 'client',
      where: 'at the client',
      shows: { found: 'reset', kind: 'endpoint', side: 'server', causes: ['aborted'], matters: true },
      fixed: NOTHING,
    },
    {
      at: 'server',
      where: 'at the server',
      shows: { found: 'reset', kind: 'endpoint', side: 'server', causes: ['path-mtu'], matters: true },
      fixed: NOTHING,
    },
  ],
});
