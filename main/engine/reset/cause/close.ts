/** Causes of resets by a host that had a connection and ended it, or had ended it before. */
import { seqDelta } from '../../../../shared/base/seq.ts';
import { repeatedProbes } from '../probes.ts';
import type { CauseRule } from './context.ts';
import { cause } from './context.ts';

const HEALTH_CHECKS = 3;

const AFTER_CLOSE = cause('data-after-close', 0.9, 'process-exit');
const AFTER_ABORT = cause('data-after-close', 0.75, 'aborted', 'stale-connection');
const AFTER_PEER_RESET = cause('stale-connection', 0.7, 'data-after-close');
const STALE = cause('stale-connection', 0.7, 'process-exit', 'stateful-device-lost-flow', 'nat-state-lost');
const UNREAD = cause('closed-with-unread-data', 0.6, 'aborted', 'process-exit', 'application-error');
const UNREAD_AFTER_FIN = cause('closed-with-unread-data', 0.6, 'aborted', 'data-after-close');
const CANCELLED = cause('client-cancelled', 0.5, 'closed-with-unread-data', 'aborted');
const ABORTED = cause('aborted', 0.6, 'closed-with-unread-data', 'process-exit');
const ABORTED_AFTER_FIN = cause('aborted', 0.6, 'closed-with-unread-data');
const CHECK = cause('health-check', 0.8, 'client-cancelled', 'aborted');
const EMPTY_CLIENT = cause('aborted', 0.45, 'health-check', 'client-cancelled');
const EMPTY_SERVER = cause('aborted', 0.5, 'listener-gone', 'listen-overflow');
const LISTENER = cause('listener-gone', 0.75, 'process-exit', 'aborted');
const EXIT = cause('process-exit', 0.6, 'closed-with-unread-data', 'memory-pressure', 'aborted');
const HOST_REJECT = cause('host-firewall-reject', 0.6, 'firewall-reject', 'injected');
const UNKNOWN_ANSWER = cause('unknown', 0.3, 'stale-connection', 'data-after-close', 'backscatter');

/** Several connections of one service are reset in one moment: the listener or the process went away. */
export const manyAtOnce: CauseRule = (c) => {
  const { f } = c;
  if (f.family !== 'active' || c.kind === 'middlebox' || f.finAt[f.sender] >= 0) return null;
  if (f.sender === 1 && f.dataPacketsBefore[1] === 0 && f.simultaneous - f.simultaneousPorts >= 1)
    return LISTENER;
  return f.sender === 1 && f.simultaneous >= 2 ? EXIT : null;
};

/** The sender had closed, reset or lost the connection already, and answers what still comes. */
export const afterClose: CauseRule = (c) => {
  const { f } = c;
  if (f.family === 'active' || f.family === 'syn-reply') return null;
  if (f.finAt[f.sender] >= 0) return AFTER_CLOSE;
  if (f.resetsBefore[f.receiver] > 0) return AFTER_PEER_RESET;
  return f.resetsBefore[f.sender] > 0 && abortedBefore(c) ? AFTER_ABORT : null;
};

/** Whether an earlier reset of the sender was an abort and not an answer like this one. */
function abortedBefore(c: Parameters<CauseRule>[0]): boolean {
  const i = c.f.firstResetAt[c.f.sender];
  return i >= 0 && (c.w.flags[i] & 0x10) !== 0;
}

/** Handshake, then an abort by the client without a byte said. */
export const emptyConnection: CauseRule = (c) => {
  const { f, view } = c;
  if (f.family === 'syn-reply' || f.dataPacketsBefore[0] + f.dataPacketsBefore[1] > 0) return null;
  if (!f.established || f.finAt[0] >= 0 || f.finAt[1] >= 0) return null;
  if (f.sender === 1) return f.family === 'active' ? EMPTY_SERVER : null;
  return repeatedProbes(view, f.flow) >= HEALTH_CHECKS ? CHECK : EMPTY_CLIENT;
};

export const abort: CauseRule = (c) => {
  const { f, hints } = c;
  if (f.family !== 'active') return null;
  const unread = f.lastDataAt[f.receiver] >= 0 && f.lastDataAt[f.receiver] > f.lastDataAt[f.sender];
  if (f.finAt[f.sender] >= 0) return unread ? UNREAD_AFTER_FIN : ABORTED_AFTER_FIN;
  if (f.finAt[f.receiver] >= 0) return ABORTED_AFTER_FIN;
  if (f.sender === 0 && unread && (hints?.protocol === 'tls' || hints?.protocol === 'http')) {
    // The server was still answering: bytes under way, or more of them than one reply to a request.
    const underWay = seqDelta(f.receiverNext, f.ack) > 0;
    if (underWay) return CANCELLED;
  }
  // A host whose program has read everything opens its window again before it aborts.
  if (unread && f.sender === 0 && f.window > f.senderWindow) return ABORTED;
  return unread ? UNREAD : ABORTED;
};

/** An answer to a segment of a connection that its sender does not know (any more). */
export const stale: CauseRule = (c) => {
  const { f } = c;
  if (f.family !== 'reply') return null;
  if (c.list.has('sender-lives-after-answer')) return HOST_REJECT;
  return f.triggerAt >= 0 || f.receiverPackets > 0 ? STALE : UNKNOWN_ANSWER;
};
