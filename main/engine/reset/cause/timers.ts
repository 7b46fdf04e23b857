/** Causes that are timers of a host: keep-alive, idle timeouts, packets too large for the path. */
import { seqDelta } from '../../../../shared/base/seq.ts';
import { knownTimer } from '../observe/idle-constants.ts';
import { UNANSWERED_RESENDS, isWindowClosed, lostPeer } from '../observe/resends.ts';
import { SEVERAL_AGES, isAgeLimited, isDoubted } from '../observe/services.ts';
import { SHORTEST_SILENCE_NS } from '../observe/silence.ts';
import { TCP_SYN } from '../../decode/facts.ts';
import type { CauseRule } from './context.ts';
import { cause } from './context.ts';

/** A reset belongs to the probes when it comes within so many of their intervals. */
const INTERVALS = 2.5;
/** The same where there is no second probe to give the interval. */
const LONGEST_INTERVAL_NS = 100_000_000_000;
const IDLE_FROM_NS = 4_500_000_000;

/** Others with the same short silence, without which it is a think time. */
const ENOUGH_SAME = 2;

const KEEP_ALIVE = cause('keepalive-timeout', 0.92, 'idle-timeout', 'aborted');
const MAYBE_KEEP_ALIVE = cause('keepalive-timeout', 0.6, 'idle-timeout', 'aborted');
/** The answers were captured, but the prober gave up all the same: they were lost further on. */
const UNHEARD = cause('keepalive-timeout', 0.75, 'idle-timeout', 'aborted');
const IDLE = cause('idle-timeout', 0.7, 'aborted', 'process-exit');
const IDLE_WITHOUT_CONSTANT = cause(
  'idle-timeout',
  0.45,
  'aborted',
  'process-exit',
  'closed-with-unread-data',
);
const IDLE_BORNE_OUT = cause('idle-timeout', 0.85, 'connection-age-limit', 'process-exit');
const IDLE_DOUBTFUL = cause('idle-timeout', 0.35, 'aborted', 'process-exit', 'closed-with-unread-data');
const AGE = cause('connection-age-limit', 0.75, 'idle-timeout', 'process-exit');
const MAYBE_AGE = cause('connection-age-limit', 0.5, 'aborted', 'idle-timeout');
const PATH_MTU = cause('path-mtu', 0.7, 'peer-unreachable', 'aborted');
/** Nothing at all was heard since they were lost: the other side may be gone altogether. */
const MAYBE_PATH_MTU = cause('path-mtu', 0.5, 'peer-unreachable', 'aborted');
const PATH_MTU_OF_PEER = cause('path-mtu', 0.6, 'aborted');
const PEER_UNREACHABLE = cause('peer-unreachable', 0.93, 'aborted');
const ICMP = cause('icmp-refused', 0.6, 'connection-refused', 'firewall-reject');

export const keepAlive: CauseRule = (c) => {
  const { f, w } = c;
  if (f.family !== 'active' || f.keepAlives === 0 || f.keepAliveAt < 0 || isWindowClosed(f)) return null;
  const since = f.time - w.time[f.keepAliveAt];
  if (f.keepAlives === 1) return since < LONGEST_INTERVAL_NS ? MAYBE_KEEP_ALIVE : null;
  const interval = (w.time[f.keepAliveAt] - firstProbe(c)) / (f.keepAlives - 1);
  if (since > INTERVALS * interval) return null;
  return f.keepAliveAnswered ? UNHEARD : KEEP_ALIVE;
};

function firstProbe(c: Parameters<CauseRule>[0]): number {
  const { f, w } = c;
  let left = f.keepAlives;
  for (let i = f.keepAliveAt; i >= w.first; i--) {
    if (w.from[i] === f.sender && !w.isDuplicate(i) && --left === 0) return w.time[i];
  }
  return w.time[f.keepAliveAt];
}

/** A segment of full size does not pass, while smaller ones do. */
export const pathMtu: CauseRule = (c) => {
  const { f } = c;
  if (f.family !== 'active' && !f.unprovoked) return null;
  if (f.fragNeededAt >= 0 && !passedSince(c)) return PATH_MTU;
  if (f.largeResends >= UNANSWERED_RESENDS) {
    // Where the receiver was heard after several of them, it is alive, and it is they that do not pass.
    return f.largeResends - f.unanswered >= UNANSWERED_RESENDS ? PATH_MTU : MAYBE_PATH_MTU;
  }
  return f.peerLargeResends >= UNANSWERED_RESENDS ? PATH_MTU_OF_PEER : null;
};

/** Whether the data about which a router complained was acknowledged later: its sender had heard the router. */
function passedSince({ f, w }: Parameters<CauseRule>[0]): boolean {
  const quoted = w.ack[f.fragNeededAt];
  return seqDelta(f.receiverLastAck, quoted) > 0 && seqDelta(f.senderLastAck, quoted) !== 0;
}

/** Nobody answered what was sent again and again. */
export const peerUnreachable: CauseRule = (c) => (lostPeer(c.w, c.f) ? PEER_UNREACHABLE : null);

/** The service ends its connections at one age, however busy they are. */
export const ageLimit: CauseRule = (c) => {
  const { f } = c;
  if ((f.family !== 'active' && !f.unprovoked) || !isAgeLimited(f)) return null;
  if (f.finAt[0] >= 0 || f.finAt[1] >= 0) return null;
  return f.sameAges >= SEVERAL_AGES ? AGE : MAYBE_AGE;
};

/** The SYN was answered by an ICMP error before the reset. */
export const icmp: CauseRule = (c) => {
  const { f, w } = c;
  if (f.icmpAt < 0 || f.established || f.synAt < 0 || (w.flags[f.synAt] & TCP_SYN) === 0) return null;
  return ICMP;
};

/** A live connection lay idle and its host ended it without being provoked. */
export const idle: CauseRule = (c) => {
  const { f } = c;
  if (f.family !== 'active' && !f.unprovoked) return null;
  if (f.silenceBefore !== 'reset' || f.silence < SHORTEST_SILENCE_NS) return null;
  // Hosts abort with RST+ACK, all but a few: a bare reset that answers nothing is a timer's rather than a program's.
  if (f.silence < IDLE_FROM_NS && f.sameResets < ENOUGH_SAME && !f.unprovoked) return null;
  if (f.finAt[0] >= 0 || f.finAt[1] >= 0 || f.resetsBefore[0] + f.resetsBefore[1] > 0) return null;
  // Data that nobody acknowledged is no idleness, nor is a request without an answer.
  if (f.unanswered > 0) return null;
  if (f.lastDataAt[f.receiver] > f.lastDataAt[f.sender] && f.sender === 1) return null;
  if (isDoubted(f)) return IDLE_DOUBTFUL;
  if (f.sameResets + f.sameCloses > 0) return IDLE_BORNE_OUT;
  return knownTimer(f.silence) !== null ? IDLE : IDLE_WITHOUT_CONSTANT;
};
