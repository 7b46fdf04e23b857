/**
 * What to do about resets that a device on the path made: whom to ask for which log or rule, and how to prove it. What the device did
 * decides whom to ask: a filter has a log of what it blocks, a firewall a rule, and one that forgot a connection a timer.
 */
import { durationText } from '../../../../../shared/format/duration.ts';
import { TCP_SYN } from '../../../decode/facts.ts';
import { MARK_KEEP_ALIVE } from '../../../flow/marks.ts';
import { portOf } from '../../observe/flow-ends.ts';
import { measureTtl } from '../../observe/place.ts';
import { SHORTEST_EXPIRY_NS } from '../../observe/silence.ts';
import { awayText, delayText, hopsText, sideName, ttlText } from '../../phrases.ts';
import { proofElsewhere } from '../elsewhere.ts';
import { closedLabel, labelOf } from '../labels.ts';
import { after } from './handshake.ts';
import type { Advice, AdviceTable, Situation } from './advice.ts';

/** Silences from here on are said in seconds as well as in hours, as timers are set. */
const LONG_NS = 600e9;
/** Hops in front of the host up to which that is a place to look at. */
const FAR_HOPS = 3;

/** "192.0.2.5 to 203.0.113.9 port 443" */
export function connectionText(s: Situation): string {
  const { view, f } = s.c;
  return `${view.addressText(f.flow, 0)} to ${portOfServerText(s)}`;
}

/** "the device one hop in front of the server": who made it, as something to look for. */
function makerText({ c, path }: Situation): string {
  const maker = labelOf(c).replace(/^a device/, 'the device');
  const hops = path.resetHops;
  // From far in front of the host the way from the capture is the shorter description.
  return closedLabel(
    hops !== null && c.f.hopDifference < -Math.max(hops, FAR_HOPS) ? `${maker}, ${awayText(hops)}` : maker,
  );
}

/** How to prove that the host did not send it. */
export function proofText({ c, path }: Situation): string {
  const { f, witness } = c;
  const sender = sideName(f.sender);
  const shown = proofElsewhere(c);
  if (shown !== null) return shown;
  if (witness.word === 'not-sent-in') return 'This machine did not send it: its kernel was watched.';
  return path.capturePoint === sender
    ? `To prove it, capture on the ${sender} itself with directions (tcpdump -i any -Q out): this reset is not among what it sends.`
    : `To prove it, capture at the ${sender} at the same time: this reset will be missing among the packets that leave it.`;
}

/** "7200 s (2 h)": timers are set in seconds, however long. */
function timerText(ns: number): string {
  return ns < LONG_NS ? delayText(ns) : `${(ns / 1e9).toFixed(0)} s (${durationText(ns)})`;
}

/** The silence that the device may have forgotten the connection in; −1 for none. */
function silenceOf({ c: { f } }: Situation): number {
  const silence = Math.max(f.brokenSilence, f.silence);
  return silence < SHORTEST_EXPIRY_NS ? -1 : silence;
}

const injected: Advice = (s) => {
  const { hints } = s.c;
  const name = hints?.serverName ?? null;
  const asked = name === null ? '' : hints?.clientHelloPacket === null ? ` (Host ${name})` : ` (SNI ${name})`;
  const other =
    name === null
      ? 'Try the same over another network or a tunnel: if it works there, the path is at fault.'
      : `Try the same over another network or a tunnel, and here without that name or with another one: if only ${name} is reset, a filter decides by it.`;
  return `Ask who runs ${makerText(s)} for the log of its intrusion prevention, URL filter or censor at this time: ${connectionText(s)}${asked}. ${other} ${proofText(s)}`;
};

const rejected: Advice = (s) => {
  const { f, w } = s.c;
  const isConnect = f.triggerAt < 0 || (w.flags[f.triggerAt] & TCP_SYN) !== 0;
  const what = isConnect
    ? `the rule that refuses ${connectionText(s)} (action REJECT with tcp-reset, "reset client" or "reset both") and its log at this time`
    : `why it refuses packets of the running connection ${connectionText(s)}: its session table, a rule for invalid or unknown packets (ctstate INVALID), a changed rule, an asymmetric route`;
  const well = isConnect
    ? ` From beside the server, nc -vz to that port tells whether the service itself is well.`
    : '';
  return after(s, `Ask who runs ${makerText(s)} for ${what}.${well} ${proofText(s)}`);
};

/** After a silence: keep-alives below the timer, or a longer timer. */
function afterSilence(s: Situation, device: string, timers: string, otherwise: string): string {
  const { f, w } = s.c;
  const silence = silenceOf(s);
  if (silence < 0) return `${otherwise} ${proofText(s)}`;
  const waker = sideName(f.receiver);
  const last = f.lastAt[f.receiver];
  const probed = last >= 0 && (w.marks[last] & MARK_KEEP_ALIVE) !== 0;
  const seen = probed
    ? `The ${waker}'s first keep-alive came only after ${timerText(silence)} of silence, when ${device} had forgotten the connection`
    : `The connection lay silent for ${timerText(silence)} before the ${waker} used it again, and ${device} had forgotten it`;
  return `${seen}. Send keep-alives sooner than its session timeout (TCP_KEEPIDLE, Linux net.ipv4.tcp_keepalive_time; 7200 s unless set) or close idle pooled connections before; or raise that timeout on the device: ${timers}. ${proofText(s)}`;
}

const lostFlow: Advice = (s) =>
  afterSilence(
    s,
    makerText(s),
    'PAN-OS and FortiGate 3600 s, ASA 1 h, AWS NLB 350 s, Azure 4 min unless set',
    `Ask who runs ${makerText(s)} why it had no session for ${connectionText(s)} at this time: a fail-over or restart, a full session table, or an asymmetric route by which it saw one direction only.`,
  );

const lostNat: Advice = (s) =>
  afterSilence(
    s,
    'the translator',
    'nf_conntrack_tcp_timeout_established, AWS NAT gateway 350 s (fixed), Azure 4 min, Google Cloud NAT 1200 s unless set',
    `On the translator, ${makerText(s).replace(/,$/u, '')}: conntrack -S for insert_failed and drop, conntrack -C against net.netfilter.nf_conntrack_max, and whether it restarted or failed over at this time; it had no entry for ${connectionText(s)}.`,
  );

const resteered: Advice = (s) => {
  const { f, w } = s.c;
  const ttl = measureTtl(f);
  const two =
    f.otherHost === 'likely'
      ? `Two hosts answer for ${portOfServerText(s)}: the handshake came with ${ttlText(ttl)}, in ${delayText(f.rtt)}, the reset with ${ttlText(f.ttl)}, after ${delayText(f.time - w.time[f.lastAt[f.receiver]])}.`
      : `Another host behind ${portOfServerText(s)} seems to have got the request, and knew nothing of the connection.`;
  const apart = f.steeredAt >= 0 && w.ttl[f.steeredAt] !== w.ttl[f.synAt];
  const cure = apart
    ? `What sends the client's packets on with TTL ${w.ttl[f.synAt]} for the SYN and ${w.ttl[f.steeredAt]} later (a router with a fast path) has them hashed to different ones`
    : 'Packets of one connection are hashed to different ones';
  return `${two} ${cure}: ask whoever runs the address or the routers before it to choose the way (ECMP, anycast, load balancer) by addresses and ports only, not by TTL, DSCP or flow label, and to look for routes of equal cost that flap.`;
};

/** "10.0.0.2 port 443" */
function portOfServerText({ c: { view, f } }: Situation): string {
  return `${view.addressText(f.flow, 1)} port ${portOf(view, f.flow, 1)}`;
}

const proxied: Advice = (s) => {
  const { f } = s.c;
  const silence = silenceOf(s);
  const idle = silence < 0 ? '' : `, and for an idle timeout of about ${timerText(silence)}`;
  const where = f.answeredNearer > 0 ? `, ${hopsText(f.answeredNearer)} nearer than the server` : '';
  return `Look in the log of the proxy or load balancer that answers for ${portOfServerText(s)}${where} at this time (HAProxy termination state, nginx error.log "upstream", Envoy response flags UC, UF, UT)${idle}: its connection to the backend failed first.`;
};

export const DEVICES: AdviceTable = {
  injected,
  'firewall-reject': rejected,
  'nat-state-lost': lostNat,
  'stateful-device-lost-flow': lostFlow,
  resteered,
  'proxy-reset': proxied,
};
