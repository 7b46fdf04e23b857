/** Texts of the causes that a host's own stack or programs bring about while a connection exists. */
import type { CauseCode, CauseText } from '../model/cause.ts';
import { BROKEN_PIPE, OWN_SIDE, RESET_ERROR } from './errors.ts';

export const HOST_CAUSES = {
  'closed-with-unread-data': {
    title: 'Closed with unread data',
    what: 'A program closed its socket while received data still waited to be read. The stack then sends a reset instead of a FIN, to say that the data was not read (RFC 2525 §2.17, RFC 9293 §3.6.1).',
    seen: `The other side sees ${RESET_ERROR}, often in place of a reply that was already under way; ${BROKEN_PIPE}. ${OWN_SIDE}`,
    fatal:
      'Fatal for the connection. A request that was answered in full before may count as done; any other has failed.',
    unlike:
      'A polite close would end in FIN and “end of file” for the other side; a timeout would leave it waiting without any packet.',
    dataLoss:
      'Yes: what was received and not read is lost though TCP had acknowledged it (up to a receive buffer, often 64 KiB to some MiB), and replies that the other side had not read yet may be discarded by its stack. The verdict’s unacknowledged bytes are lost as well.',
    client: [
      'Read the reply to its end before closing; look for a client that stops after the status line or at a length limit.',
      'nstat -az TcpExtTCPAbortOnData TcpExtTCPAbortOnClose: the second counts just this on Linux.',
    ],
    server: [
      'Look in the server log at this time for a request that was answered or dropped before its body was read.',
      'nstat -az TcpExtTCPAbortOnClose: grows by one for each on Linux.',
      'Close in two steps: shutdown(SHUT_WR), read until end of file with a time limit, then close (nginx: lingering_close on).',
    ],
    confirm:
      'The kernel counter TcpExtTCPAbortOnClose of the host that reset grows with each; a polite close would show FIN, a timeout no packet at all.',
    harmless: false,
  },
  aborted: {
    title: 'Aborted by the program',
    what: 'A program ended the connection at once rather than politely: it closed with SO_LINGER set to zero, or asked its runtime to abort. Unsent data is thrown away and a reset goes out in place of a FIN.',
    seen: `The other side sees ${RESET_ERROR}. ${OWN_SIDE}`,
    fatal: 'Fatal for the connection; whether the work was done depends on what had been answered before.',
    unlike:
      'close() alone would have sent FIN and let data under way arrive; a timeout would show as silence or as retransmissions.',
    dataLoss:
      'Possible: whatever the aborting side had queued is thrown away, and the verdict’s unacknowledged bytes may or may not have arrived.',
    client: [
      'Search the client for setLinger(true, 0), SO_LINGER, socket.destroy(), resetAndDestroy() or connection pools that abort.',
      'nstat -az TcpExtTCPAbortOnData: grows with each abort on Linux.',
    ],
    server: [
      'Look in the log of the server or proxy for an abort at this time (HAProxy termination state, Envoy response flags).',
      'nstat -az TcpExtTCPAbortOnData; on a load balancer look for "reset on timeout" or similar options.',
      'Check who may kill sockets: ss -K, tcpkill, security software.',
    ],
    confirm:
      'On Linux trace it: bpftrace or perf on tracepoint tcp:tcp_send_reset, or strace -e setsockopt,close of the program.',
    harmless: false,
  },
  'process-exit': {
    title: 'Process ended',
    what: 'The process that held the connection ended or was killed, and its stack closed the sockets. Where received data was unread, or data came later, the other side gets a reset.',
    seen: `The other side sees ${RESET_ERROR} on many connections at once. The process itself is gone.`,
    fatal:
      'Fatal for every connection of that process; the host itself is well and refuses new connections until the program is back.',
    unlike:
      'A host that lost power or network would send nothing, and the other side would run into a timeout; a drained shutdown would send FIN after the last reply.',
    dataLoss:
      'Yes: requests under way are lost, at most the verdict’s unacknowledged bytes plus what the process had read and not yet worked off.',
    client: [
      'Look whether the client program crashed: journalctl, coredumpctl list, exit codes of its supervisor.',
    ],
    server: [
      'Look for a crash or restart at this time: journalctl -u SERVICE, coredumpctl list, dmesg | grep -i "killed process".',
      'In containers: kubectl describe pod (OOMKilled, Liveness probe failed), docker inspect (ExitCode).',
      'Let it drain on restart: stop accepting, finish, then exit.',
    ],
    confirm:
      'Resets of several connections of one process come within milliseconds, at the time of its exit in the log.',
    harmless: false,
  },
  'listener-gone': {
    title: 'Listener closed with connections waiting',
    what: 'The listening socket was closed while finished handshakes still waited in its queue to be accepted. The stack resets each of them.',
    seen: `The client sees ${RESET_ERROR} right after it connected, though its connect had succeeded. The server sees nothing.`,
    fatal: 'Fatal for the connections that waited; the service may be back within seconds.',
    unlike:
      'A listener that was gone before the SYN would refuse the handshake (ECONNREFUSED); one that hangs would leave the client waiting for a reply until its timeout.',
    dataLoss: 'The requests were never read; they can be sent again.',
    client: [
      'Try again: a request that was never read is safe to repeat. Check the retry setting of the client.',
    ],
    server: [
      'Look for a restart or deployment at this time: journalctl -u SERVICE.',
      'Hand the listening socket over (systemd socket activation, SO_REUSEPORT with migration: sysctl net.ipv4.tcp_migrate_req=1), or take the instance out of the load balancer first.',
      'ss -ltn: a Recv-Q above 0 shows connections that wait to be accepted.',
    ],
    confirm:
      'Several resets of connections without any reply, within milliseconds, while the service restarted.',
    harmless: false,
  },
  'listen-overflow': {
    title: 'Accept queue full',
    what: 'The handshake was done but the queue of connections waiting to be accepted was full, and the host is set to reset then (tcp_abort_on_overflow). The program accepts too slowly or its backlog is too small.',
    seen: `The client sees ${RESET_ERROR} right after it connected. The server program sees nothing.`,
    fatal: 'Fatal for this attempt only: the next one may find room.',
    unlike:
      'With tcp_abort_on_overflow=0 the client would wait and retransmit, and perhaps time out; a refused port would reset the SYN, not the finished handshake.',
    dataLoss: 'The request was never read; it can be sent again.',
    client: ['Try again with a pause. Spread the connections, or keep them open and use them again.'],
    server: [
      'nstat -az TcpExtListenOverflows TcpExtListenDrops: growing means a full queue.',
      'ss -ltn: Recv-Q (waiting) near Send-Q (limit) is full; raise the backlog of listen() and sysctl net.core.somaxconn.',
      'sysctl net.ipv4.tcp_abort_on_overflow: 1 causes these resets, 0 lets clients wait.',
      'Look why accepting is slow: worker limits, file descriptors (ls /proc/PID/fd | wc -l against ulimit -n), CPU.',
    ],
    confirm: 'TcpExtListenOverflows grows when it happens.',
    harmless: false,
  },
  'data-after-close': {
    title: 'Data after close',
    what: 'The side that reset had already closed the connection; then something still came from the other side. A host without the connection can only answer with a reset.',
    seen: `Usually nobody notices. The other side may see ${RESET_ERROR} if it still wanted to read or write; ${BROKEN_PIPE}.`,
    fatal:
      'Seldom: the side that reset had ended its part already. It is fatal only where the other side still expected a reply.',
    unlike:
      'Here FIN came first and this reset only answers what arrived after it; a half-close (shutdown) would have gone on reading.',
    dataLoss:
      'Only if what came late was more than a farewell: it was not read, and the verdict counts it as unacknowledged. Bytes of a reply that were not yet read may be discarded as well.',
    client: [
      'Usually nothing to do: browsers and libraries close without waiting for the last bytes.',
      'If requests fail now and then: the server closed an idle connection just as the client used it again; let the client’s keep-alive time be shorter than the server’s.',
    ],
    server: [
      'If requests fail now and then: raise the server’s keep-alive timeout above that of clients and load balancers before it.',
      'If replies arrive cut off: close in two steps (shutdown, read to the end, close; nginx lingering_close).',
    ],
    confirm:
      'The FIN of the same side stands before the reset, and the reset’s sequence number is the one after it.',
    harmless: true,
  },
  'stale-connection': {
    title: 'Connection unknown to the host',
    what: 'The host got a packet of a connection that it does not know: it was restarted, its address moved to another machine, or the connection had ended for it long before. It answers with a reset, as it must.',
    seen: `The side that still used the connection sees ${RESET_ERROR} at its next read or write. The host that reset sees nothing.`,
    fatal: 'Fatal for the old connection; a new one works at once.',
    unlike:
      'Without this reset the sender would retransmit until its timeout (about 15 minutes on Linux, tcp_retries2); a polite close would have told it when the connection ended.',
    dataLoss:
      'Data sent into the forgotten connection is lost: at least the segment that was answered, at most the verdict’s unacknowledged bytes.',
    client: [
      'Keep pooled connections shorter than what ends them, test them before use, and use keep-alive (ss -to shows the timers).',
      'uptime and journalctl --list-boots: was this host restarted?',
    ],
    server: [
      'Look for a restart, fail-over or moved address at this time: uptime, journalctl --list-boots, events of the virtual IP or cluster.',
      'Behind a load balancer: did it send the connection to another backend? Check session persistence and flow timeouts.',
    ],
    confirm: 'nstat -az TcpOutRsts on that host grows, and ss shows no such connection there.',
    harmless: false,
  },
  'idle-timeout': {
    title: 'Idle timeout',
    what: 'The connection was silent for as long as a timer allows, and whoever keeps that timer ended it with a reset. Load balancers, firewalls and application servers all have such timers.',
    seen: `Both sides may see ${RESET_ERROR}; often only at the next use, so that the first request after a pause fails.`,
    fatal: 'Fatal for the idle connection, usually not for any work: whoever reuses it must open a new one.',
    unlike:
      'Many timers close with FIN, or drop the flow in silence so that the next packet runs into a timeout; this one says so with a reset.',
    dataLoss:
      'None was under way. The next request on this connection fails, and can be repeated if it is safe to repeat.',
    client: [
      'Keep idle connections for less time than the shortest timer on the way (connection pool: maxIdleTime, idleTimeout, pool_recycle; Node agentkeepalive freeSocketTimeout; Go IdleConnTimeout).',
      'Or send keep-alives: SO_KEEPALIVE with TCP_KEEPIDLE below that timer; ss -to shows the timers that run.',
      'Repeat the first request after a pause if it is safe to repeat.',
    ],
    server: [
      'Compare the idle timeouts along the path: load balancer, proxy, firewall, application; each one nearer to the server should be longer.',
      'Servers: nginx keepalive_timeout 75 s, Apache KeepAliveTimeout 5 s, Node server.keepAliveTimeout 5 s, Envoy idle_timeout 1 h, HAProxy timeout client/server/tunnel, MySQL wait_timeout 8 h, PgBouncer server_idle_timeout 600 s.',
      'Clouds: AWS ALB 60 s, NLB and NAT gateway 350 s, Azure load balancer 4 min, Google Cloud 10 min; firewalls: Linux conntrack 5 days, FortiGate, PAN-OS and ASA 1 h.',
    ],
    confirm: 'The same silence, to the second, stands before other resets of this service.',
    harmless: false,
  },
  'keepalive-timeout': {
    title: 'Keep-alive without answer',
    what: 'A host probed a silent connection several times, got no answer, and gave it up. The peer or the way to it was gone well before the reset.',
    seen: `The program on the probing side sees ETIMEDOUT (110; WSAETIMEDOUT 10060). The other side, if it is alive, sees ${RESET_ERROR}.`,
    fatal: 'Fatal on the probing side; the other side had vanished before.',
    unlike:
      'This is a timeout, made visible: nobody answered for the whole probing time. With a polite close no probes would have been needed.',
    dataLoss: 'Data that was not acknowledged is lost: the verdict’s unacknowledged bytes.',
    client: [
      'Look why the other side stopped answering: its host, a firewall or translator that forgot the flow, a broken path.',
      'sysctl net.ipv4.tcp_keepalive_time net.ipv4.tcp_keepalive_intvl net.ipv4.tcp_keepalive_probes; ss -to.',
    ],
    server: [
      'Look why the other side stopped answering: client gone (laptop asleep, mobile network), translator timeout, broken path.',
      'Set keep-alive below the timeouts of translators on the way, so that they never forget the flow.',
    ],
    confirm:
      'Evenly spaced probes without answer stand before the reset; capture at the other end shows whether they arrive.',
    harmless: false,
  },
  'memory-pressure': {
    title: 'Out of memory for sockets',
    what: 'The host was short of memory for TCP or had too many orphaned sockets, and reset connections to free it.',
    seen: `Many connections see ${RESET_ERROR} at once.`,
    fatal: 'Fatal for the connections that were chosen; others go on.',
    unlike:
      'Nobody waits for a timeout and no FIN is sent: the kernel takes the sockets of any program at once, where an abort is the decision of one.',
    dataLoss: 'Yes: data under way is lost, up to the socket’s buffers on both sides.',
    client: ['cat /proc/net/sockstat; nstat -az TcpExtTCPAbortOnMemory.'],
    server: [
      'nstat -az TcpExtTCPAbortOnMemory TcpExtTCPMemoryPressures; dmesg | grep -i "out of memory -- consider tuning tcp_mem".',
      'cat /proc/net/sockstat against sysctl net.ipv4.tcp_mem and net.ipv4.tcp_max_orphans.',
    ],
    confirm: 'TcpExtTCPAbortOnMemory grows.',
    harmless: false,
  },
  'port-reuse': {
    title: 'Half-open connection cleared',
    what: 'A client opened a connection from a port whose old connection the server still held. The server answered for the old one, the client reset that, and the new one could begin (RFC 9293 §3.5.1).',
    seen: 'Usually nobody sees anything: the connect only takes a second longer. The server program sees ECONNRESET on the old connection.',
    fatal: 'Not for the new connection, which begins right after it; the old one was dead already.',
    unlike: 'Without the reset the new SYN would go unanswered until the old connection timed out.',
    dataLoss: 'None for the new connection. The old one was already lost for the client.',
    client: [
      'Look why the old connection was forgotten: restart, or too few ports (sysctl net.ipv4.ip_local_port_range).',
    ],
    server: [
      'Use keep-alive or idle timeouts, so that connections of vanished clients do not stay for days.',
    ],
    confirm: 'SYN, an acknowledgement with old numbers, the reset, then the SYN again and its SYN-ACK.',
    harmless: true,
  },
  'time-wait': {
    title: 'Old connection in TIME-WAIT',
    what: 'A new SYN met the remains of a connection just closed. The old state answered with its last acknowledgement, and the client cleared it with a reset.',
    seen: 'Nobody sees an error; the connect takes about a second longer.',
    fatal: 'No: the new connection begins right after it.',
    unlike:
      'The old connection did end politely, by FINs of both sides; the reset only clears its remains. Without it the SYN would be retried until a timeout.',
    dataLoss: 'None.',
    client: [
      'If it happens often, the client runs out of ports: keep connections open, or widen net.ipv4.ip_local_port_range.',
      'TCP timestamps let the new connection begin at once: sysctl net.ipv4.tcp_timestamps.',
    ],
    server: ['ss -tan state time-wait | wc -l; let the client close first where possible.'],
    confirm:
      'The connection before, with the same ports, ended with FINs of both sides less than a few minutes earlier.',
    harmless: true,
  },
  'unacceptable-segment': {
    title: 'Answer to a wrong segment',
    what: 'While the connection was being opened, a segment came that acknowledges what was never sent. The standard asks for a reset then, and the connection attempt goes on (RFC 9293 §3.10.7).',
    seen: 'Usually nobody sees anything.',
    fatal: 'No: the attempt goes on, since the reset concerns the wrong segment only.',
    unlike:
      'A timeout would show as repeated SYNs; a refusal would carry RST and ACK against the SYN itself.',
    dataLoss: 'None.',
    client: [
      'Look whether something answers in the server’s name, or whether packets of an older connection arrive late.',
    ],
    server: [
      'Check asymmetric routes (ip route get CLIENT, tracepath), SYN proxies and duplicated addresses (arping -D -I IFACE ADDRESS).',
    ],
    confirm: 'The segment before the reset acknowledges a number that its receiver never sent.',
    harmless: true,
  },
  'path-mtu': {
    title: 'Large packets do not get through',
    what: 'Full-size segments are lost again and again while small ones pass: somewhere the path takes only smaller packets and the ICMP messages that say so do not arrive. In the end one side gives up.',
    seen: `A transfer hangs and then fails: ETIMEDOUT on the side that sends, or ${RESET_ERROR} on the other.`,
    fatal: 'Fatal for this transfer, and for each next one that fills a segment; small exchanges work.',
    unlike:
      'It is a timeout in truth: large segments vanish until a side gives up. The reset comes only then; a polite close would need the lost data to arrive first.',
    dataLoss: 'Yes: what was in the large segments never arrived, the verdict’s unacknowledged bytes.',
    client: [
      'ping -M do -s 1472 SERVER (Linux), then smaller sizes: the largest that passes, plus 28, is the path’s MTU.',
      'sysctl net.ipv4.tcp_mtu_probing=1 works around it.',
    ],
    server: [
      'Let ICMP "fragmentation needed" (type 3 code 4) and ICMPv6 "packet too big" (type 2) pass all firewalls.',
      'Clamp the MSS at the tunnel or VPN: iptables -t mangle … TCPMSS --clamp-mss-to-pmtu.',
    ],
    confirm: 'Only segments of full size are retransmitted, and none of them is ever acknowledged.',
    harmless: false,
  },
} as const satisfies Partial<Record<CauseCode, CauseText>>;
