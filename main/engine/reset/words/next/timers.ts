/** Advice where a timer, a limit or patience ended the connection. */
import { countText } from '../../../../../shared/format/count.ts';
import { TCP_FIN } from '../../../decode/facts.ts';
import { knownTimer, outlastedTimers } from '../../observe/idle-constants.ts';
import { UNANSWERED_RESENDS, isWindowClosed, lostPeer } from '../../observe/resends.ts';
import { goAwayOf } from '../../observe/said.ts';
import { SHORTEST_SILENCE_NS } from '../../observe/silence.ts';
import { timeBetween } from '../../observe/flow-window.ts';
import { awayText, delayText } from '../../phrases.ts';
import { labelOf } from '../labels.ts';
import type { Advice, AdviceTable, Situation } from './advice.ts';
import { POOL_SETTINGS, clientText, isUnsure, receiverText, senderText, serviceText } from './say.ts';

const idleTimeout: Advice = (s) => {
  const { c, path } = s;
  const { f } = c;
  if (f.silence < SHORTEST_SILENCE_NS) return null;
  const silence = delayText(f.silence);
  const work = s.matters
    ? ''
    : ' Nothing was under way; only the next request on this connection would have failed.';
  if (c.kind === 'middlebox') {
    const where = path.resetHops === null ? 'on the path' : awayText(path.resetHops);
    return `Raise the idle timeout for TCP to ${serviceText(s)} on the device ${where} (its session table: ${deviceTimers(s)}), or keep idle connections for less than ${silence}: a pool limit (${POOL_SETTINGS}), or keep-alives sooner than that (TCP_KEEPIDLE, net.ipv4.tcp_keepalive_time).${work}`;
  }
  const times =
    f.sameResets === 0
      ? ''
      : f.sameResets === 1
        ? ', as on one more of its connections'
        : `, as on ${countText(f.sameResets)} more of its connections`;
  const known = knownTimer(f.silence);
  const timer = known === null ? '' : ` (the time of ${known.names})`;
  if (c.kind === 'unknown') {
    return `Let ${clientText(s)} keep idle connections for less than ${silence} (${POOL_SETTINGS}): whoever answers for ${serviceText(s)} ends what is idle that long${timer}${times}. Or raise that idle timeout on the load balancer, proxy or firewall whose value it is.${work}`;
  }
  const first = isUnsure(s)
    ? `If it is a timer that fired after ${silence} of silence`
    : `A timer fired after ${silence} of silence`;
  if (f.sender === 0) {
    const joint = isUnsure(s) ? ',' : ';';
    const where = s.c.product?.sign === undefined ? senderText(s) : labelOf(s.c);
    return `${first}${times}${joint} it is set at ${where}: its pool, proxy or application ends idle connections with a reset (SO_LINGER 0) where a close would do.${work}`;
  }
  return `${first}${timer}${times}: let ${clientText(s)} keep idle connections for less than that (${POOL_SETTINGS}), or raise the idle timeout at ${serviceText(s)} or the load balancer that answers for it. Repeat the first request after a pause if it is safe to repeat.${work}`;
};

function deviceTimers({ c: { f } }: Situation): string {
  const known = knownTimer(f.silence) ?? outlastedTimers(f.silence, f.survived)[0] ?? null;
  return known === null ? 'session-ttl, conntrack timeouts' : known.names;
}

const ageLimit: Advice = (s) => {
  const { f, w, hints } = s.c;
  if (s.c.kind === 'unknown') return null;
  const age = delayText(f.age);
  const goAway = goAwayOf(w, f, hints);
  if (f.sameAges === 0 && goAway !== null) {
    const at = w.indexOf(goAway.packet);
    const grace = at < 0 ? 'after a grace' : `${delayText(timeBetween(w, at, f.at))} later`;
    return `Raise MAX_CONNECTION_AGE_GRACE on ${serviceText(s)}, or let clients end and resume long streams sooner: it announced its age limit with GOAWAY (${goAway.text ?? goAway.code}) and reset the connection ${grace}, ${age} after it began${s.matters ? ', with streams still running' : ''}.`;
  }
  if (f.sameAges === 0) return null;
  return `${serviceText(s)} ends connections ${age} after they began, ${countText(f.sameAges + 1)} of them in this capture: let clients renew them before that (maxLifetime, MaxConnLifetime, PooledConnectionLifetime below ${age}), and let the server drain first: gRPC MAX_CONNECTION_AGE with MAX_CONNECTION_AGE_GRACE, Envoy max_connection_duration, nginx keepalive_time, HAProxy hard-stop-after.`;
};

const keepAlive: Advice = (s) => {
  const { f, w } = s.c;
  if (s.c.kind !== 'endpoint' || f.keepAlives === 0) return null;
  const since = delayText(timeBetween(w, f.silenceEndAt, f.at));
  const probes = f.keepAlives === 1 ? 'one keep-alive probe' : `${countText(f.keepAlives)} keep-alive probes`;
  if (f.keepAliveAnswered) {
    return `The answers to ${probes} pass this capture but do not reach ${senderText(s)}: capture there at the same time, and look at filters and routes between the two points.`;
  }
  const cure =
    f.silence >= SHORTEST_SILENCE_NS
      ? ` If a firewall or translator dropped the connection, it did so within the ${delayText(f.silence)} of silence before the first probe: probe sooner (TCP_KEEPIDLE, net.ipv4.tcp_keepalive_time).`
      : '';
  return `Find out why ${receiverText(s)} did not answer ${probes} in the ${since} before the reset: host gone or asleep, or a broken path (capture there; ping and mtr towards it).${cure}`;
};

const peerUnreachable: Advice = (s) => {
  const { f, w } = s.c;
  if (s.c.kind === 'middlebox' || !lostPeer(w, f)) return null;
  const resent =
    (w.flags[f.unansweredAt] & TCP_FIN) !== 0
      ? 'retransmissions of its FIN'
      : `retransmissions of ${countText(w.payload[f.unansweredAt])} bytes`;
  const what = isWindowClosed(f) ? 'questions for room in its closed window' : resent;
  const patience = delayText(timeBetween(w, f.unansweredAt, f.at));
  return `Find out where ${receiverText(s)} was in the ${patience} before this reset: it left ${countText(f.unanswered)} ${what} unanswered (link and radio logs, power, ping and mtr; capture on both sides to see where the packets end). If such gaps are normal there, give connections more patience: net.ipv4.tcp_retries2 and TCP_USER_TIMEOUT on Linux, TcpMaxDataRetransmissions on Windows, and let the application resume.`;
};

const pathMtu: Advice = (s) => {
  const { f } = s.c;
  const own = f.largeResends >= UNANSWERED_RESENDS || f.fragNeededAt >= 0;
  const side = own ? senderText(s) : receiverText(s);
  if (s.c.kind === 'middlebox') return null;
  return `Segments of full size from ${side} do not pass the path to the other side, smaller ones do. Clamp the MSS where the tunnel or VPN begins (iptables -t mangle -A FORWARD -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu), and let ICMP "fragmentation needed" and ICMPv6 "packet too big" reach ${side}; ping -M do -s 1472, then smaller sizes, shows the limit, and net.ipv4.tcp_mtu_probing=1 works around it.`;
};

export const TIMERS: AdviceTable = {
  'idle-timeout': idleTimeout,
  'connection-age-limit': ageLimit,
  'keepalive-timeout': keepAlive,
  'peer-unreachable': peerUnreachable,
  'path-mtu': pathMtu,
};
