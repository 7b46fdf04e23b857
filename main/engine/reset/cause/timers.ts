/** Causes that are timers of a host: keep-alive, idle timeouts, packets too large for the path. */
import { idleConstant } from '../observe/idle-constants.ts';
import { TCP_SYN } from '../../decode/facts.ts';
import type { CauseRule } from './context.ts';
import { cause } from './context.ts';

/** A reset belongs to the probes when it comes within so many of their intervals. */
const INTERVALS = 2.5;
/** The same where there is no second probe to give the interval. */
const LONGEST_INTERVAL_NS = 100_000_000_000;
const IDLE_FROM_NS = 4_500_000_000;
/** Full-size segments that were sent again in vain before a path is taken to be too narrow. */
const LARGE_RESENDS = 3;

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
const PATH_MTU = cause('path-mtu', 0.7, 'aborted', 'keepalive-timeout');
const ICMP = cause('icmp-refused', 0.6, 'connection-refused', 'firewall-reject');

export const keepAlive: CauseRule = (c) => {
  const { f, w } = c;
  if (f.family !== 'active' || f.keepAlives === 0 || f.keepAliveAt < 0) return null;
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

export const pathMtu: CauseRule = (c) => {
  const { f } = c;
  if (f.fragNeededAt >= 0 && f.family === 'active') return PATH_MTU;
  return f.family === 'active' && f.largeResends >= LARGE_RESENDS ? PATH_MTU : null;
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
  if (f.family !== 'active' || f.idle < IDLE_FROM_NS) return null;
  if (f.finAt[0] >= 0 || f.finAt[1] >= 0 || f.resetsBefore[0] + f.resetsBefore[1] > 0) return null;
  // A request without an answer is no idle connection.
  if (f.lastDataAt[f.receiver] > f.lastDataAt[f.sender] && f.sender === 1) return null;
  return idleConstant(f.idle) !== null ? IDLE : IDLE_WITHOUT_CONSTANT;
};
