/** Texts of the causes that lie in refusals, firewalls and devices on the path. */
import type { CauseCode, CauseText } from '../model/cause.ts';
import { BROKEN_PIPE, OWN_SIDE, REFUSED_ERROR, RESET_ERROR } from './errors.ts';

export const PATH_CAUSES = {
  'connection-refused': {
    title: 'Connection refused',
    what: 'Nothing listens on this port at this address, so the host refused the connection. The answer came at once, which a timeout would not.',
    seen: `The client’s connect fails with ${REFUSED_ERROR}. The server program sees nothing.`,
    fatal: 'Fatal for this attempt; harmless where a client tries several addresses in turn.',
    unlike:
      'A timeout (ETIMEDOUT) means that nothing answered at all: host down or a firewall that drops. A FIN cannot come, since no connection was made.',
    dataLoss: 'None: no connection came to be.',
    client: ['Check address and port, and what the name resolves to: getent ahosts NAME; nc -vz HOST PORT.'],
    server: [
      'ss -ltnp: does the service listen on this port, and on this address rather than only on 127.0.0.1?',
      'systemctl status SERVICE; in containers check the published port and the network policy.',
      'nft list ruleset | grep reject (or iptables -S | grep REJECT): a reject rule of the host looks the same.',
    ],
    confirm: 'ss -ltn on the server shows no listener; nstat -az TcpOutRsts grows with each attempt.',
    harmless: false,
  },
  'firewall-reject': {
    title: 'Rejected by a firewall on the path',
    what: 'A router or firewall between the two hosts refused the packet with a reset in the server’s name. The server itself did not send it and may not even have seen the packet.',
    seen: `The client’s connect fails with ${REFUSED_ERROR}, or an existing connection with ${RESET_ERROR}.`,
    fatal: 'Fatal for the attempt or the connection, and again for each until the rule changes.',
    unlike:
      'A rule that drops would leave the client to a timeout; a proxy that closes politely would send FIN.',
    dataLoss: 'None for a refused connection; for a running one at most the verdict’s unacknowledged bytes.',
    client: [
      'Ask for the rule: give the firewall’s owner source, destination, port and time of this packet.',
    ],
    server: [
      'Check that the service is well: from beside it, nc -vz HOST PORT succeeds while the client fails.',
      'On the device: nft list ruleset, iptables -L -v -n (counters of REJECT rules), logs of the firewall at this time.',
    ],
    confirm: 'A capture at the server lacks this reset.',
    harmless: false,
  },
  'host-firewall-reject': {
    title: 'Rejected by the host’s own firewall',
    what: 'A rule on the host itself refused the packet with a reset (REJECT with tcp-reset). The packet never reached the listening program.',
    seen: `The client’s connect fails with ${REFUSED_ERROR}. The server program sees nothing.`,
    fatal: 'Fatal for this attempt and each next one until the rule changes.',
    unlike:
      'DROP in place of REJECT would leave the client to a timeout; without the rule SYN-ACK would come, or the refusal of a closed port.',
    dataLoss: 'None: no connection came to be.',
    client: [
      'Ask for this client’s address to be allowed; nc -vz HOST PORT from another client shows whether the rule is about the source.',
    ],
    server: [
      'nft list ruleset | grep -n reject; iptables -L INPUT -v -n: the counter of the rule grows with each attempt.',
      'firewall-cmd --list-all, ufw status verbose, security software of the host.',
    ],
    confirm: 'The counter of the rule grows while ss -ltn shows a listener on the port.',
    harmless: false,
  },
  'icmp-refused': {
    title: 'Refused by an ICMP message',
    what: 'A host or router answered with an ICMP error: port or host unreachable, or forbidden by its administrator.',
    seen: `The client’s connect fails with ${REFUSED_ERROR}; for "administratively prohibited" and "host unreachable" EHOSTUNREACH (113). A UDP socket gets ECONNREFUSED if it is connected, and on Windows in any case WSAECONNRESET 10054 at its next receive.`,
    fatal:
      'For a connect fatal on Linux, a hint elsewhere; an open connection goes on (RFC 5461). A datagram socket gets the error once and can be used on.',
    unlike: 'A timeout brings no packet at all; this message says which device refused, and why.',
    dataLoss: 'None: no connection came to be.',
    client: [
      'The ICMP message’s source address is the device to ask about; tracepath HOST or traceroute -T -p PORT HOST shows where it sits.',
      'nstat -az IcmpInDestUnreachs Icmp6InDestUnreachs: count them on Linux.',
      'On Windows a UDP socket that gets WSAECONNRESET 10054 can ignore it: WSAIoctl with SIO_UDP_CONNRESET set to FALSE.',
    ],
    server: [
      'ss -lunp or ss -ltnp: does the service listen on this port and address? nstat -az UdpNoPorts Udp6NoPorts grow with each refused datagram.',
      'Look for REJECT rules without tcp-reset: nft list ruleset, iptables -S; on routers for ip unreachables and access lists.',
    ],
    confirm: 'The ICMP message quotes the first bytes of the packet that it refuses.',
    harmless: false,
  },
  'nat-state-lost': {
    title: 'Address translator forgot the connection',
    what: 'The device that translates addresses lost its entry for this connection, by an idle timeout, a restart or a full table. It no longer knows whom the packet is for and answers with a reset.',
    seen: `The side that sent sees ${RESET_ERROR}; the other side notices nothing until it sends, and then waits or gets a reset too.`,
    fatal: 'Fatal for this connection: the translator cannot find the way back. A new one works at once.',
    unlike:
      'Many translators drop in silence, and the sender runs into a timeout; a polite close would have passed the translator as FIN before.',
    dataLoss:
      'What the one side sent into the lost entry is lost: at most the verdict’s unacknowledged bytes.',
    client: [
      'Send keep-alives more often than the translator forgets: TCP_KEEPIDLE below its timeout (home routers 300 s and less, cloud 240 to 1200 s).',
    ],
    server: [
      'On the translator: conntrack -S (insert_failed, drop), conntrack -C against sysctl net.netfilter.nf_conntrack_max.',
      'sysctl net.netfilter.nf_conntrack_tcp_timeout_established; did it restart or fail over at this time?',
    ],
    confirm: 'A capture behind the translator lacks this reset, and the packet that it answers.',
    harmless: false,
  },
  'stateful-device-lost-flow': {
    title: 'Stateful device does not know the connection',
    what: 'A firewall or load balancer on the path had no entry for this connection, after an idle timeout, a fail-over or a change of route, and refused its packets with resets.',
    seen: `The side that sent sees ${RESET_ERROR}; the other side still believes in the connection.`,
    fatal: 'Fatal for this connection; a new one works at once.',
    unlike:
      'Devices that drop instead leave the sender to a timeout of minutes; a polite close would have shown FINs before the pause.',
    dataLoss: 'What was sent after the pause is lost: at least the segment that was answered.',
    client: [
      'Send keep-alives more often than the device’s idle timeout, or do not use connections again after a long pause.',
    ],
    server: [
      'On the device: session table and idle timeout (PAN-OS show session info, ASA show conn, conntrack -L), fail-over log.',
      'Check for asymmetric routes: both directions must pass the same device.',
    ],
    confirm:
      'A capture behind the device lacks this reset, and the other host goes on as if nothing had happened.',
    harmless: false,
  },
  injected: {
    title: 'Injected by a device on the path',
    what: 'A device that watches the connection made resets in the name of one or both hosts to end it: a content filter, an intrusion prevention system or a censor.',
    seen: `Either or both sides see ${RESET_ERROR}, each believing that the other hung up.`,
    fatal:
      'Fatal where the receiver obeys. A number that is not exactly the next one it challenges or ignores (RFC 5961), and the connection goes on.',
    unlike:
      'A filter that drops would show as a timeout. A polite close is a FIN of the host, and what it sent before still arrives.',
    dataLoss:
      'Yes: at most the verdict’s unacknowledged bytes; both sides believe that the other refused them.',
    client: [
      'Try again over another network or a tunnel: if it then works, the path is at fault.',
      'Vary what was asked (server name, URL): if only some are reset, a filter decides by content.',
    ],
    server: [
      'Ask the owners of firewalls, IPS and proxies on the path for a log entry at this time (Suricata reject, "TCP Reset" actions).',
      'Capture at the server (tcpdump -n "tcp[tcpflags] & tcp-rst != 0 and host CLIENT"): resets in its name will be missing among the packets that it sends.',
    ],
    confirm: 'Captures at both ends: the reset arrives at one and never left the other.',
    harmless: false,
  },
  'proxy-reset': {
    title: 'Passed on by a proxy or load balancer',
    what: 'A proxy or load balancer ended this connection because its other connection, the one behind it, failed, timed out or was reset.',
    seen: `The side facing the proxy sees ${RESET_ERROR}, at times after a 502, 503 or 504 reply.`,
    fatal: 'Fatal for this connection; the client may try again, and may meet another backend.',
    unlike:
      'A proxy that has a reply, if only 502 or 504, sends it and closes with FIN; a reset means that it gave up without one, or on top of it.',
    dataLoss:
      'Possible: the request may or may not have reached the server behind. Bytes that the proxy acknowledged are not safe either.',
    client: ['Note the time and any request id of the reply, and ask the owner of the proxy.'],
    server: [
      'Log of the proxy at this time: HAProxy termination state (SD, SH, CD), nginx error.log "upstream", Envoy response flags (UC, UF, UT).',
      'Look at the connection between proxy and backend: the first failure is there.',
    ],
    confirm: 'Capture behind the proxy: its other connection ends a moment earlier.',
    harmless: false,
  },
  'tls-failure': {
    title: 'TLS failed',
    what: 'The TLS layer gave up with an alert, and the connection was then reset. The alert is the reason; the reset is only how the socket was closed.',
    seen: `A TLS error such as "handshake failure", "unknown ca" or "certificate expired"; at times only ${RESET_ERROR}, when the reset overtakes the alert.`,
    fatal: 'Fatal, and again at each attempt until certificates or settings change.',
    unlike: 'A clean end of TLS is close_notify, then FIN; a timeout of the handshake would show no alert.',
    dataLoss: 'None in the handshake; later at most the verdict’s unacknowledged bytes.',
    client: ['openssl s_client -connect HOST:443 -servername NAME: shows the alert and the certificates.'],
    server: [
      'Check the certificate chain, its dates and names, and the protocol versions and ciphers offered.',
      'Log of the TLS terminator at this time; the alert’s description is in the evidence.',
    ],
    confirm: 'The alert record stands right before the reset.',
    harmless: false,
  },
  'application-error': {
    title: 'Error reply, then reset',
    what: 'The application answered with an error and closed at once, while the other side was still sending. The late data met a closed socket, hence the reset.',
    seen: `The other side sees the error reply, or only ${RESET_ERROR} if the reset overtook it; ${BROKEN_PIPE}.`,
    fatal: 'Fatal for this request; the error says whether trying again helps.',
    unlike:
      'Closing after the whole request was read would end in FIN and the client would see the error; with a timeout there is no reply at all.',
    dataLoss:
      'The rest of the request was not read; the error reply itself may be lost when the reset overtakes it.',
    client: ['Read the reply even when writing fails: the error code in it is the real reason.'],
    server: [
      'The error in the application’s log at this time is the real reason.',
      'Read the rest of the request before closing, so that the reply arrives (nginx lingering_close, Apache LimitRequestBody with mod_reqtimeout).',
    ],
    confirm: 'The error reply stands before the reset in the same connection.',
    harmless: false,
  },
  'request-too-large': {
    title: 'Request larger than the server takes',
    what: 'The server refused an upload as too large (413) and closed while the client was still sending. The client often sees only the reset and never the reply.',
    seen: `The client sees ${RESET_ERROR} or a broken pipe during the upload, at times the 413 reply.`,
    fatal: 'Fatal for this upload, and again for each as large.',
    unlike:
      'A server that reads on before it closes lets the 413 arrive and ends with FIN; a timeout would come without a status line.',
    dataLoss: 'The upload was not taken, however much of it was acknowledged.',
    client: ['Send "Expect: 100-continue" with large bodies, and read the reply when writing fails.'],
    server: [
      'nginx client_max_body_size, Apache LimitRequestBody, IIS maxAllowedContentLength, Tomcat maxSwallowSize, limits of proxies before it.',
      'Let the server read on for a while before it closes (nginx lingering_close always).',
    ],
    confirm: 'The 413 status line stands before the reset while data of the client still comes.',
    harmless: false,
  },
  'client-cancelled': {
    title: 'Cancelled by the client',
    what: 'The client no longer wanted the answer: a page was left, a download stopped, a timeout of the client ran out, or another connection was faster (Happy Eyeballs).',
    seen: `The server sees ${RESET_ERROR} or a broken pipe while it writes; nginx logs status 499. ${OWN_SIDE}`,
    fatal: 'Only for what the client no longer wanted.',
    unlike:
      'A client that reads to the end closes with FIN; one that vanished would leave the server to a timeout.',
    dataLoss: 'The rest of the answer was not wanted.',
    client: [
      'If nobody cancelled: look for a timeout in the client that is shorter than the server’s answer takes.',
    ],
    server: [
      'Usually nothing to do. If it is frequent: look how long these requests take (nginx 499, HAProxy CD).',
    ],
    confirm: 'The reset of the client comes while the server is still sending.',
    harmless: true,
  },
  'health-check': {
    title: 'Health check',
    what: 'A load balancer or monitor opened a connection only to see whether the port answers, and dropped it at once with a reset.',
    seen: 'Nobody sees an error; some servers log an empty connection or a failed handshake.',
    fatal: 'No.',
    unlike: 'A check that closes politely would show FIN; one that fails would show no SYN-ACK, a timeout.',
    dataLoss: 'None.',
    client: [
      'Nothing to repair. A check that speaks the protocol tells more and logs less (HAProxy option httpchk, F5 monitor http instead of tcp_half_open).',
      'ss -tn dst SERVER on the balancer shows no lasting connection for it.',
    ],
    server: [
      'Nothing to repair. To quiet the log, let the check close politely or speak the protocol.',
      "Compare the source address with the list of balancers and monitors: tcpdump -n 'tcp[tcpflags] & tcp-rst != 0 and port PORT'.",
    ],
    confirm: 'The same source comes back at a steady interval and never sends a byte.',
    harmless: true,
  },
  'half-open-scan': {
    title: 'Half-open scan',
    what: 'Somebody tested whether the port is open: SYN, SYN-ACK, then a reset instead of the third step, as nmap and other scanners do.',
    seen: 'The server program sees nothing: no connection came to be.',
    fatal: 'No.',
    unlike:
      'A client that means it would send ACK and a request; one that vanished would leave the SYN-ACK to be repeated.',
    dataLoss: 'None.',
    client: [
      'Nothing to repair, unless this host should not scan: ss -tnp and the process list tell who does.',
    ],
    server: [
      'Nothing to repair. See who scans, and whether the port should be open to them: nft list ruleset, firewall logs.',
      'nstat -az TcpAttemptFails: counts handshakes that did not end in a connection.',
    ],
    confirm: 'One source tries many ports or hosts in a short time.',
    harmless: true,
  },
  backscatter: {
    title: 'Answer to a forged packet',
    what: 'The reset answers something that this host never sent: somebody forged its address, often in an attack on the other side.',
    seen: 'Nobody sees anything.',
    fatal: 'No: there is no connection that it could end.',
    unlike: 'An answer to an own SYN would have that SYN before it; nothing times out, since nobody waits.',
    dataLoss: 'None.',
    client: [
      'Nothing to repair. If there is much of it: does another machine use this address? arping -D -I IFACE ADDRESS.',
    ],
    server: ['Nothing to repair. Providers can filter forged source addresses (BCP 38).'],
    confirm: 'The capture shows no packet of the receiver to that address before.',
    harmless: true,
  },
  unknown: {
    title: 'Cause unknown',
    what: 'The capture does not show enough to tell why the connection was reset.',
    seen: `A connection that was in use sees ${RESET_ERROR}.`,
    fatal: 'Fatal for the connection, as every reset that its receiver accepts.',
    unlike:
      'A timeout shows as silence and retransmissions, a polite close as FIN from both sides; a reset ends both directions at once.',
    dataLoss: 'Not known; at most the verdict’s unacknowledged bytes, and what was not read yet.',
    client: [
      'Capture from the beginning of the connection, with both directions and whole headers: tcpdump -s 0.',
    ],
    server: [
      'Capture at the server as well, at the same time, and look in its log at the time of the reset.',
    ],
    confirm: 'A capture that holds the whole connection.',
    harmless: false,
  },
} as const satisfies Partial<Record<CauseCode, CauseText>>;
