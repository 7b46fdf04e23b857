/** Advice on resets before any data: refusals, full queues, checks, scans, and connections whose ports were used before. */
import { seqAdd } from '../../../../../shared/base/seq.ts';
import type { PacketNumber } from '../../../../../shared/base/units.ts';
import { plural } from '../../../../../shared/format/count.ts';
import { lowerFirst, upperFirst } from '../../../../../shared/format/text.ts';
import { otherSide, portOf } from '../../observe/flow-ends.ts';
import { clockText, delayText, endText, triesText } from '../../phrases.ts';
import { proofElsewhere } from '../elsewhere.ts';
import type { Advice, AdviceTable, Situation } from './advice.ts';
import { clientText, serverText, serviceText } from './say.ts';

const portText = ({ c: { view, f } }: Situation): number => portOf(view, f.flow, 1);

/** "ss -ltnp 'sport = :443' on the server 10.0.0.2" */
const listenerText = (s: Situation): string => `On ${serverText(s)}, ss -ltnp 'sport = :${portText(s)}'`;

/** What became of the attempt, where it succeeded after all: then nobody has to hurry. */
function comfort(s: Situation): string | null {
  const { view, across } = s.c;
  const { outcome, successAfter, instead } = across.attempt;
  if (outcome === 'later')
    return `Nothing to do for this client: the same attempt succeeded ${delayText(successAfter)} after its first SYN.`;
  if (outcome === 'elsewhere')
    return `Nothing to do for this client: it reached ${endText(view, instead, 1)} at the same moment instead.`;
  return null;
}

/** The text behind what became of the attempt, where that is a comfort. */
export function after(s: Situation, text: string): string {
  const good = comfort(s);
  return good === null ? text : `${good} ${text}`;
}

/** "None of the six tries in 31.0 s succeeded." */
function failureText({ c: { across } }: Situation): string {
  const { tries, span } = across.attempt;
  return tries > 1
    ? `None of the ${triesText(tries)} in ${delayText(span)} succeeded.`
    : 'This attempt failed, and it was not tried again.';
}

const refused: Advice = (s) => {
  if (s.c.kind === 'middlebox') return null;
  return after(s, ignoredText(s) ?? refusalText(s));
};

/** A refusal that the client cannot take, so that its connect hangs. */
function ignoredText(s: Situation): string | null {
  const { f, w, list, across } = s.c;
  if (!list.has('refusal-ignored')) return null;
  const { tries, span } = across.attempt;
  const off =
    f.hasAck && f.ack === w.seq[f.synAt]
      ? ` (ISN instead of ISN + 1, ${f.ack >>> 0} instead of ${seqAdd(f.ack, 1) >>> 0})`
      : '';
  return `Mend or update the TCP stack or the device that answers for ${serviceText(s)}: its refusal is malformed. It does not acknowledge the SYN${off}, so that ${clientText(s)} ignores it, repeats its SYN (${triesText(tries)} in ${delayText(span)}) and its connect hangs until it times out (ETIMEDOUT). Nothing listens on that port for it, or a filter refuses it.`;
}

/** What would settle whether the server itself refused; a capture that was made there is not asked for again. */
function doubtText({ c, path }: Situation): string {
  const shown = proofElsewhere(c);
  if (shown !== null) return ` ${shown}`;
  return path.capturePoint === 'server'
    ? ' If it listens there, a firewall on or before it refused in its name: capture with direction (tcpdump -i any) to see whether the reset leaves it or comes in.'
    : ' If it listens there, a firewall refused in its name: capture at the server at the same time.';
}

function refusalText(s: Situation): string {
  const { view, across } = s.c;
  const r = across.refusal;
  const doubt = s.c.kind === 'unknown' ? doubtText(s) : '';
  switch (r.pattern) {
    case 'burst':
      return `Look for a limit on ${serverText(s)} (nft list ruleset or iptables -S | grep -e connlimit -e hashlimit -e tcp-reset), and for one of several hosts behind this address where nothing listens. ${serviceText(s)} listens: it accepted ${r.accepted} and refused ${r.refused} connects in the same moment, and Linux resets no SYN for a full queue.`;
    case 'turns':
      return r.hosts > 1
        ? `Find the replica without a listener and take it out of the rotation (kubectl get endpointslices, ipvsadm -Ln, the balancer’s pool): one of the hosts behind ${serviceText(s)} refuses (${r.refused} of ${r.accepted + r.refused} connects; at least ${r.hosts} others accept). Let a readiness or health check do so from now on. Which one: connect to each backend’s own address, or capture behind the balancer.`
        : `Connect to each host behind ${serviceText(s)} by its own address: one replica may have no listener, which a readiness or health check should remove. If it is one host, look whether the service restarts again and again (systemctl status, journalctl -u SERVICE). Some connects are accepted and others refused (${r.refused} of ${r.accepted + r.refused}), far apart in time.`;
    case 'outage':
      return `Look for a restart or deployment between ${clockText(view, r.before)} and ${clockText(view, r.after)} (journalctl -u SERVICE --since): ${serviceText(s)} was down in that time, ${delayText(r.after - r.before)} at most, refused ${plural(r.inRun, 'connect')} and accepts again. Hand the listening socket over or drain first (systemd socket activation, readiness check) so that nobody is refused meanwhile.`;
    case 'stopped':
      return `${listenerText(s)}, then journalctl -u SERVICE at ${clockText(view, r.before)} to ${clockText(view, r.from)}: the service stopped listening in that time. That is a crash, a stop, or a restart that had not come back when the capture ended.${doubt}`;
    case 'not-yet':
      return `Let clients of ${serviceText(s)} wait or retry, and order the start (readiness check, systemd After= with socket activation, depends_on with condition: service_healthy). It refused ${plural(r.inRun, 'connect')} until it began to listen, at ${clockText(view, r.after)} at the latest: whoever depends on it started too soon.`;
    case 'none':
    case 'never': {
      const never =
        r.pattern === 'never' && r.refused > 1
          ? ` Nothing was accepted on ${serviceText(s)} in this capture (${r.refused} refused).`
          : '';
      return `${listenerText(s)}: does the service listen, and on this address rather than only on 127.0.0.1 or ::1? If not, start it or correct the address that the client uses; if it does, look for a reject rule (nft list ruleset, iptables -S | grep tcp-reset).${doubt}${never}`;
    }
  }
}

const rejectedByHost: Advice = (s) => {
  const { f } = s.c;
  if (f.family !== 'syn-reply') return null;
  return after(
    s,
    `On ${serverText(s)}, look for a rule that rejects port ${portText(s)} with a reset (nft list ruleset | grep 'reject with tcp reset', iptables -S | grep tcp-reset, Windows: wf.msc) and let ${clientText(s)} through. If there is none, nothing listens there: ss -ltnp 'sport = :${portText(s)}'.`,
  );
};

const byIcmp: Advice = (s) => {
  const { view, w, f } = s.c;
  const frame = f.icmpAt < 0 ? '' : ` (frame ${view.packets.frame(w.packet[f.icmpAt] as PacketNumber)})`;
  return `Ask the sender of the ICMP message${frame} first: its source address is the host or router that refused ${serviceText(s)} and its code says why (port unreachable: nothing listens; administratively prohibited: a filter). ${failureText(s)}`;
};

const listenerGone: Advice = (s) => {
  const { view, f } = s.c;
  return `Let the service drain before it stops (readiness off, then stop), or hand its socket over (systemd socket activation; several listeners with SO_REUSEPORT: sysctl net.ipv4.tcp_migrate_req=1). ${serviceText(s)} closed its listening socket at ${clockText(view, f.time)} with connections waiting in it: a stop or restart (journalctl -u SERVICE). No request of theirs was read, so clients may send it again.`;
};

const overflow: Advice = (s) => {
  const r = s.c.across.refusal;
  if (s.c.f.family === 'reply') {
    return `On ${serverText(s)}, raise the backlog of listen() and net.core.somaxconn, or accept faster (workers, file descriptors): the accept queue of port ${portText(s)} was full. There nstat -az TcpExtListenOverflows grows, and ss -ltn 'sport = :${portText(s)}' shows Recv-Q at Send-Q; net.ipv4.tcp_abort_on_overflow=0 lets clients wait instead.`;
  }
  return after(
    s,
    `Raise the backlog that the program gives to listen() and the system’s limit (macOS and BSD: sysctl kern.ipc.somaxconn; Windows: the backlog alone, SOMAXCONN_HINT for a dynamic one), accept faster, and let clients open fewer at once or try again. ${serviceText(s)} listens but its queue of new connections was full (${r.accepted} accepted and ${r.refused} refused in one moment).`,
  );
};

/** Old state answered the SYN, and the client's reset was to clear it. */
const reused: Advice = (s) => {
  const { view, f, across } = s.c;
  const good = comfort(s);
  if (good !== null)
    return `${good} Where that delay hurts, use fewer new connections (keep them open) or more client ports (net.ipv4.ip_local_port_range), with TCP timestamps on.`;
  const old =
    s.cause.code === 'time-wait'
      ? 'the old connection (TIME_WAIT) on the same ports'
      : 'an old connection on the same ports';
  const client = endText(view, f.flow, 0);
  const cure = `Let whoever gives out the port ${client} (SNAT, masquerading, the client itself) not use it again towards ${serviceText(s)} before the server’s TIME_WAIT has ended (60 to 240 s): more SNAT addresses or ports, conntrack’s nf_conntrack_tcp_timeout_time_wait at least as long, TCP timestamps on.`;
  if (across.attempt.outcome !== 'failed')
    return `If connects fail: ${lowerFirst(cure)} The capture ends before the next SYN: if that one is answered with a SYN-ACK, ${old} was cleared and there is nothing to do.`;
  return `${cure} ${failureText(s)} ${upperFirst(serverText(s))} goes on answering for ${old}: the client’s reset does not clear it there (sysctl net.ipv4.tcp_rfc1337=1 ignores it, or a firewall drops it).`;
};

const wrongAnswer: Advice = (s) => {
  const { view, f, across } = s.c;
  if (!f.halfOpen) return null;
  const good = comfort(s);
  if (good !== null)
    return `${good} The wrong answer before it was left over from an older connection, or late.`;
  const what = `Something answers ${endText(view, f.flow, otherSide(f.sender))}’s part with numbers that fit no SYN of this attempt`;
  const cure = `look for a SYN proxy or firewall that answers for ${serviceText(s)}, for asymmetric routes (ip route get on both sides) and for an address in use twice (arping -D -I IFACE ADDRESS)`;
  return across.attempt.outcome === 'failed'
    ? `${upperFirst(cure)}. ${failureText(s)} ${what}.`
    : `If the connect fails, ${cure}: ${lowerFirst(what)}. If it succeeds at the next SYN, there is nothing to do.`;
};

const scan: Advice = (s) => {
  const { view, f, emitters } = s.c;
  const ports = emitters.profile(f.flow, 0).triedPorts;
  return `Nothing to do for the service: ${clientText(s)} only tested whether ${serviceText(s)} is open${ports > 1 ? `, as it did with ${ports} ports` : ''}, and left. If nobody of yours scans, block it at the firewall and see whether the port should be open to ${view.addressText(f.flow, 0)} at all.`;
};

const check: Advice = (s) =>
  `Nothing to do: ${clientText(s)} checks whether ${serviceText(s)} answers, and drops the connection. To quiet the server’s log, let the check speak the protocol or close with FIN (HAProxy option httpchk, F5 monitor http instead of tcp_half_open).`;

const unasked: Advice = (s) => {
  // What a device made in its name, the host did not answer.
  if (s.c.kind === 'middlebox') return null;
  const { view, f } = s.c;
  return `Nothing to do: ${view.addressText(f.flow, f.sender)} answers a packet that it never asked for, most likely because somebody forged its address towards ${view.addressText(f.flow, f.receiver)}. If there is much of it, see whether another machine uses the address (arping -D -I IFACE ${view.addressText(f.flow, f.sender)}) or whether the capture misses one direction.`;
};

export const HANDSHAKE_ADVICE: AdviceTable = {
  'connection-refused': refused,
  'host-firewall-reject': rejectedByHost,
  'icmp-refused': byIcmp,
  'listener-gone': listenerGone,
  'listen-overflow': overflow,
  'port-reuse': reused,
  'time-wait': reused,
  'unacceptable-segment': wrongAnswer,
  'half-open-scan': scan,
  'health-check': check,
  backscatter: unasked,
};
