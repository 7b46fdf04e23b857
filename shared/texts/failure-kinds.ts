/** What people read about the ways in which a connection fails without a reset. */
import type { FailureKind } from '../model/failure.ts';

export interface FailureKindText {
  /** A few words: "No answer". */
  readonly title: string;
  /** What happened, two sentences at most, in plain words. */
  readonly what: string;
  /** What the application saw, and on which side. */
  readonly seen: string;
  /** What to check on the client's side, the server's side and in between: commands and settings. */
  readonly client: readonly string[];
  readonly server: readonly string[];
  readonly path: readonly string[];
  /** How to confirm it. */
  readonly confirm: string;
}

export const FAILURE_KIND_TEXTS: Readonly<Record<FailureKind, FailureKindText>> = {
  'no-answer': {
    title: 'No answer',
    what: 'The first packet was sent, as a rule several times, and nothing came back: no SYN-ACK, no reset, no ICMP error. A question to a DNS server that stays unanswered counts, too.',
    seen: 'The client’s connect hangs and times out (ETIMEDOUT; after 1 to 2 min on Linux, 21 s on Windows, unless the program gives up sooner). The server program sees nothing.',
    client: [
      'Address and port, and what the name resolves to: getent ahosts NAME. Try another port and another client: nc -vz HOST PORT.',
      'ip route get SERVER: is it the right interface and source address (VPN)?',
    ],
    server: [
      "tcpdump -ni any 'host CLIENT and tcp port PORT': does the SYN arrive?",
      'If it does: nft list ruleset, iptables -L -v -n for a rule that drops; ss -ltn for a full queue; nstat -az TcpExtListenDrops TcpExtIPReversePathFilter.',
    ],
    path: [
      'Security groups, network ACLs and firewalls between the two: they drop in silence. Route tables on the way back.',
      'traceroute -T -p PORT SERVER (tcptraceroute) shows the last hop that answers.',
    ],
    confirm:
      'Capture at the server while the client tries: a SYN that arrives and has no answer is the server’s doing, one that does not arrive the path’s.',
  },
  unreachable: {
    title: 'Unreachable',
    what: 'An ICMP error said that the packet cannot be delivered. The address that sent the error is the one that refused, and its code says why.',
    seen: 'The client’s connect or send fails with EHOSTUNREACH, ENETUNREACH, ECONNREFUSED (UDP) or EACCES; on a connection that stands the program sees it only when it gives up.',
    client: [
      'ip route get SERVER, ip neigh: with an error from its own address, the route or the neighbour is missing there.',
    ],
    server: [
      'Port unreachable: ss -lunp or ss -ltnp, does anything listen? Administratively prohibited: nft list ruleset | grep reject.',
    ],
    path: [
      'Host unreachable: the last router gets no ARP or neighbour answer; is the host up, with the right address and VLAN? Network unreachable: the routing table of the router that says so.',
      'Time exceeded: a routing loop; traceroute -n SERVER.',
    ],
    confirm:
      'The source address of the ICMP error in the capture is the machine to look at; its own log or counters name the rule.',
  },
  'went-silent': {
    title: 'Went silent',
    what: 'A connection that worked stopped being answered: data or keep-alives were sent again and again, and no acknowledgement came. The other host vanished, or something on the path lost or dropped the packets.',
    seen: 'The sender hangs and fails with ETIMEDOUT after its retransmissions (some 15 min on Linux, net.ipv4.tcp_retries2); whoever only reads hangs for ever without keep-alives or a read timeout.',
    client: [
      'Set TCP_USER_TIMEOUT or a timeout for requests, and keep-alives more often than the idle timers on the path (TCP_KEEPIDLE).',
      'Was the client’s network changed at that time: Wi-Fi, VPN, sleep, new address?',
    ],
    server: [
      'Was the host alive: uptime, journalctl -k, its other connections at that time?',
      'nft list ruleset, conntrack -L, nstat -az TcpExtPAWSEstab TcpExtTCPChallengeACK: does it drop what arrives?',
    ],
    path: [
      'After a silence of a minute or more: a NAT, firewall or balancer has forgotten the connection and drops it; see its idle timeout and session table.',
      'In the middle of data: a failover, a changed route, a link that was lost. Only full segments lost: the MTU.',
    ],
    confirm:
      'Capture at both ends at the same time: the data is sent at one and missing at the other, or arrives and is not acknowledged.',
  },
  'half-open': {
    title: 'Half open',
    what: 'The server answered the SYN again and again, and the last packet of the handshake never came, or was not taken. Either the SYN-ACK does not reach the client, or a full queue of the server drops the last step.',
    seen: 'The client’s connect hangs, or it succeeds and the first request gets no answer. The server program sees nothing.',
    client: [
      'Does the SYN-ACK arrive (tcpdump at the client)? A local firewall or another route back may drop it.',
      'Many clients at once that never answer: forged addresses, a SYN flood.',
    ],
    server: [
      "ss -ltn 'sport = :PORT': Recv-Q at Send-Q is a full accept queue; nstat -az TcpExtListenOverflows grows. Raise the backlog and net.core.somaxconn, accept faster.",
      'sysctl net.ipv4.tcp_syncookies; nstat -az TcpExtSyncookiesSent.',
    ],
    path: ['The way back: asymmetric routes and firewalls that saw only one direction drop the SYN-ACK.'],
    confirm:
      'Capture at the client: a SYN-ACK that never arrives is the path’s doing; one that is acknowledged in vain is the server’s queue.',
  },
  stalled: {
    title: 'Stalled',
    what: 'Data could not go on for a while, or not at all: full segments are lost on a path with a smaller MTU, the receiver’s window is closed, or packets are lost for seconds.',
    seen: 'A transfer that hangs or crawls, often after a good start; a timeout in the end. Small requests may still work.',
    client: [
      'Window closed: the program that does not read (ss -tnp: Recv-Q), its disk, its garbage collection.',
    ],
    server: [
      'The same there. nstat -az TcpRetransSegs TcpExtTCPTimeouts; ss -ti shows the MSS and the timers of a connection.',
    ],
    path: [
      'MTU: ping -M do -s 1472 SERVER, then smaller; let ICMP “fragmentation needed” and “packet too big” pass; clamp the MSS where a tunnel begins (TCPMSS --clamp-mss-to-pmtu).',
      'Loss: errors and drops of the links (ip -s link, ethtool -S), policers, failovers at that time.',
    ],
    confirm:
      'Smaller segments pass where full ones do not: MTU. A window of 0 in the receiver’s packets: its program. Neither: loss.',
  },
  'closed-early': {
    title: 'Closed early',
    what: 'The connection was closed in order (FIN) before the request had its reply. The server gave up on it, or the client did not wait any longer.',
    seen: 'Client: an empty reply, unexpected end of file, “server closed the connection”, 502 at a proxy; or its own timeout. Server: a broken pipe where it writes later.',
    client: ['Its timeout, where it closed: is it longer than the request takes?'],
    server: [
      'The log of the program at that time: crash, restart, worker killed (journalctl -u SERVICE, dmesg for the OOM killer), a limit of connections, a timer for requests.',
      'Behind a proxy or balancer: its backend’s log, and that the keep-alive timeout of the backend is longer than the proxy’s.',
    ],
    path: [],
    confirm: 'The log of the side that closed has an entry for this connection at the time of the FIN.',
  },
  'cut-short': {
    title: 'Cut short',
    what: 'The reply was shorter than it had announced (Content-Length, chunks) when the connection was closed. Whoever does not compare lengths takes it for complete.',
    seen: 'Client: “unexpected end of file”, IncompleteRead, ERR_CONTENT_LENGTH_MISMATCH, curl 18; or a damaged file without any error.',
    client: [
      'Its own timeout or limit, where it closed first. Compare lengths or checksums, and repeat with Range.',
    ],
    server: [
      'The worker’s log at that time: crash, kill, timeout while it wrote (nginx send_timeout, uwsgi harakiri, gunicorn --timeout).',
      'A proxy: “upstream prematurely closed connection”, a full disk for its buffers (nginx proxy_temp_path).',
    ],
    path: ['Where it stopped for a long time before: full segments lost to a small MTU.'],
    confirm:
      'curl -v of the same address several times: the same length each time is the server’s limit or length, another each time a crash or timeout.',
  },
  'handshake-failed': {
    title: 'TLS failed',
    what: 'The TLS handshake did not come to its end: one side sent an alert, closed, or never answered. No application data was exchanged.',
    seen: 'An error of TLS at the client (certificate verify failed, handshake failure, SSL_ERROR_SYSCALL, unexpected eof), at the server in its error log.',
    client: [
      'openssl s_client -connect HOST:PORT -servername NAME -showcerts: chain, name, dates. Its CA store and its clock.',
      'Version and ciphers: -tls1_2, -tls1_3; a client certificate, where the server asks for one (-cert, -key).',
    ],
    server: [
      'The whole chain is sent, for the name that is asked for (SNI); the certificate is not expired: openssl x509 -noout -dates.',
      'Versions and ciphers (nginx ssl_protocols, HAProxy ssl-min-ver); a plain-text service on that port; a balancer without a backend.',
    ],
    path: [
      'A ClientHello that is never acknowledged: a large one on a path with a small MTU, or a filter that reads the server name.',
    ],
    confirm:
      'The same openssl command from the server itself: if it works there, the client or the path is to blame.',
  },
};
