/** Causes of resets before any data: refusals, full queues, scans, half-open recovery, stray answers. */
import type { FlowRecord } from '../../../../shared/base/units.ts';
import { seqAdd } from '../../../../shared/base/seq.ts';
import { TCP_ACK, TCP_SYN } from '../../decode/facts.ts';
import { REUSED_FROM, SEEN, SEEN_FIN } from '../../flow/record.ts';
import { initialTtl } from '../observe/hops.ts';
import { HEALTH_CHECKS, repeatedProbes } from '../across/probes.ts';
import type { CauseContext, CauseRule } from './context.ts';
import { cause } from './context.ts';

/** Ports or empty connections from which a client is taken for a scanner. */
const SCAN_PORTS = 8;
const SCAN_EMPTY_FLOWS = 20;
const DSCP = 0xfc;

const REFUSED = cause('connection-refused', 0.9, 'host-firewall-reject', 'firewall-reject');
const REFUSED_OR_FIREWALL = cause('connection-refused', 0.5, 'firewall-reject', 'host-firewall-reject');
const HOST_REJECT = cause('host-firewall-reject', 0.6, 'connection-refused', 'firewall-reject');
const MIDDLEBOX_REJECT = cause('firewall-reject', 0.85, 'connection-refused', 'injected');
const INJECTED_REFUSAL = cause('injected', 0.85, 'firewall-reject');
const OVERFLOW = cause('listen-overflow', 0.7, 'host-firewall-reject', 'listener-gone', 'firewall-reject');
/** Systems that reset the SYN itself when the queue of the listener is full: macOS, BSD, Windows. */
const SYN_OVERFLOW = cause('listen-overflow', 0.75, 'connection-refused', 'host-firewall-reject');
/** Linux drops such a SYN; what refuses some of a burst there is a limit of the packet filter, or another host. */
const REFUSED_IN_BURST = cause('connection-refused', 0.5, 'host-firewall-reject', 'listen-overflow');
const STRAY = cause('translation-missing', 0.93, 'stale-connection', 'unacceptable-segment');
const AFTER_STRAY = cause('translation-missing', 0.85, 'stale-connection', 'nat-state-lost');
const LEAKED = cause('translation-missing', 0.85, 'data-after-close', 'stale-connection');
/** The client asks on after it reset an answer. */
const UNKNOWN_ANSWER = cause('translation-missing', 0.6, 'half-open-scan', 'stale-connection');
const SCAN = cause('half-open-scan', 0.85, 'health-check');
const MAYBE_SCAN = cause('half-open-scan', 0.5, 'health-check', 'client-cancelled');
const HALF_OPEN_CHECK = cause('health-check', 0.8, 'half-open-scan');
const CANCELLED_SYN = cause('client-cancelled', 0.5, 'aborted', 'half-open-scan');
const PORT_REUSE = cause('port-reuse', 0.9, 'time-wait', 'stale-connection');
const TIME_WAIT = cause('time-wait', 0.9, 'port-reuse');
const BAD_ACK = cause('unacceptable-segment', 0.5, 'backscatter', 'injected');
const BACKSCATTER = cause('backscatter', 0.6, 'unacceptable-segment', 'half-open-scan');

/** A SYN was refused. */
export const refused: CauseRule = (c) => {
  const { f, w } = c;
  const syn = f.triggerAt >= 0 && (w.flags[f.triggerAt] & (TCP_SYN | TCP_ACK)) === TCP_SYN;
  const atHandshake = f.synAt >= 0 && w.from[f.synAt] === f.receiver && f.packetsBefore[f.sender] === 0;
  // Some small stacks refuse without ACK, which their clients ignore (RFC 9293 §3.10.7.3).
  const bare = f.family === 'reply' && f.sender === 1 && f.triggerAt < 0 && c.kind !== 'middlebox';
  if (f.family !== 'syn-reply' && !((f.family === 'irregular' || bare) && atHandshake)) return null;
  if (!syn && !atHandshake) return null;
  if (c.kind === 'middlebox') {
    return c.list.has('handshake-goes-on') || f.family === 'irregular' ? INJECTED_REFUSAL : MIDDLEBOX_REJECT;
  }
  if (syn && !f.ipv6 && looksLikeLinux(c)) {
    // A closed port on Linux copies the TOS of the SYN, a REJECT rule answers with 0; apart from that the two are the same bytes.
    const asked = w.tos[f.triggerAt] & DSCP;
    if (asked !== 0 && f.tos === 0) return HOST_REJECT;
  }
  if (c.across.refusal.pattern === 'burst') return c.across.refusal.linux ? REFUSED_IN_BURST : SYN_OVERFLOW;
  return c.kind === 'endpoint' && !c.list.has('refusal-unmeasured') ? REFUSED : REFUSED_OR_FIREWALL;
};

/** A packet of another connection, or the reset itself, was not translated. */
export const untranslated: CauseRule = (c) => {
  const { kind } = c.across.twin;
  if (kind === 'none') return asksAgain(c) ? UNKNOWN_ANSWER : null;
  if (kind === 'stray') return STRAY;
  // A reset that a device forged into the true connection has nothing to do with the stray packet.
  return kind === 'consequence' ? (c.kind === 'middlebox' ? null : AFTER_STRAY) : LEAKED;
};

/** The client repeats its SYN after it has reset the answer; scanners that make their packets themselves do so, too. */
function asksAgain({ f, kind, across }: CauseContext): boolean {
  return across.attempt.asksAgain && kind !== 'middlebox' && !across.scans.looksLikeScan(f.flow);
}

function looksLikeLinux(c: CauseContext): boolean {
  return c.f.ipId === 0 && c.f.df && c.f.window === 0 && initialTtl(c.f.ttl) === 64;
}

/** The reset answers a wrong segment while its sender opens a connection: it clears the way (RFC 9293 §3.5.1). */
export const recovery: CauseRule = (c) => {
  const { f, w, view } = c;
  if (!f.halfOpen) return null;
  const opening = f.synAt >= 0 && w.from[f.synAt] === f.sender;
  if (!opening || (w.flags[f.triggerAt] & TCP_SYN) !== 0) return BAD_ACK;
  const named = view.flows.word(f.flow, REUSED_FROM);
  const reused = view.flows.older(named, f.flow);
  return reused >= 0 && wasClosed(c, reused) ? TIME_WAIT : PORT_REUSE;
};

/** Whether both sides had sent their FIN. */
function wasClosed(c: CauseContext, flow: FlowRecord): boolean {
  const { flows } = c.view;
  return (flows.directionWord(flow, 0, SEEN) & flows.directionWord(flow, 1, SEEN) & SEEN_FIN) !== 0;
}

/** The server completed the handshake's second step and answers the third with a reset. */
export const overflow: CauseRule = (c) => {
  const { f, w } = c;
  if (f.family !== 'reply' || f.sender !== 1 || f.triggerAt < 0 || c.kind === 'middlebox') return null;
  if (c.list.has('sender-lives-after-answer') || f.resetsBefore[f.receiver] > 0) return null;
  if (f.synAckAt < 0 || w.from[f.synAckAt] !== 1 || f.dataPacketsBefore[1] > 0 || f.finAt[1] >= 0)
    return null;
  if (f.seq !== seqAdd(w.seq[f.synAckAt], 1)) return null;
  // Pure acknowledgements of the server would mean that it had accepted the connection.
  for (let i = f.synAckAt + 1; i < f.at; i++) {
    if (w.from[i] === 1 && (w.flags[i] & TCP_SYN) === 0 && !w.isDuplicate(i)) return null;
  }
  return OVERFLOW;
};

/** SYN, SYN-ACK, RST: the client only wanted to know whether somebody answers. Or SYN, RST. */
export const halfOpen: CauseRule = (c) => {
  const { f, w } = c;
  if (f.sender !== 0 || f.established || f.synAt < 0 || w.from[f.synAt] !== 0) return null;
  if (f.dataPacketsBefore[0] + f.dataPacketsBefore[1] > 0 || f.finAt[0] >= 0) return null;
  // After a reset by the other side, or an abort of its own, the client only answers.
  if (f.resetsBefore[1] > 0 || f.abortsBefore > 0) return null;
  if (f.synAckAt < 0) {
    if (f.packetsBefore[1] > 0) return null;
    // Where the capture misses the other direction, a reset with the number that a SYN-ACK named answers one.
    if (!f.oneSided || f.hasAck) return CANCELLED_SYN;
    const isOfSyn = f.seq === seqAdd(w.seq[f.synAt], 1);
    if (!isOfSyn) return f.seq === w.seq[f.synAt] || f.seq === 0 ? CANCELLED_SYN : BAD_ACK;
  }
  const profile = c.emitters.profile(f.flow, 0);
  if (profile.triedPorts >= SCAN_PORTS || profile.emptyFlows >= SCAN_EMPTY_FLOWS) {
    return profile.triedPorts >= SCAN_PORTS ? SCAN : HALF_OPEN_CHECK;
  }
  return repeatedProbes(c.view, f.flow) >= HEALTH_CHECKS ? HALF_OPEN_CHECK : MAYBE_SCAN;
};

/** An answer to something that the other side never sent. */
export const stray: CauseRule = (c) => {
  const { f, w } = c;
  // What a device made in the name of a host, no host answered.
  if (c.kind === 'middlebox') return null;
  const synAckFromPeer = f.synAckAt >= 0 && w.from[f.synAckAt] === f.receiver;
  if (synAckFromPeer && f.synAt < 0 && f.family === 'reply' && f.packetsBefore[f.sender] === 0)
    return BACKSCATTER;
  const nothing = f.receiverPackets === 0 && f.packetsBefore[f.sender] === 0;
  if (!nothing || !f.hasAck || f.seq !== 0) return null;
  // A refusal without its SYN: where the capture sees the receiver's packets elsewhere, there was no SYN to miss.
  return c.emitters.profile(f.flow, f.receiver).flows > 0 ? BACKSCATTER : REFUSED_OR_FIREWALL;
};
