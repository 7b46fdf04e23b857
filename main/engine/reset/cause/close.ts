/** Causes of resets by a host that had a connection and ended it, or had ended it before. */
import { seqDelta } from '../../../../shared/base/seq.ts';
import { TCP_PSH } from '../../decode/facts.ts';
import { repeatedProbes } from './probes.ts';
import type { CauseRule } from './context.ts';
import { cause } from './context.ts';

const HEALTH_CHECKS = 3;
/** So many other connections do not end in one moment by chance. */
const MANY_CONNECTIONS = 6;
/** Connections on other ports of a server, from which on its one port is not the story. */
const ON_OTHER_PORTS = 3;

const AFTER_CLOSE = cause('data-after-close', 0.9, 'process-exit');
const AFTER_ABORT = cause('data-after-close', 0.75, 'aborted', 'stale-connection');
const AFTER_PEER_RESET = cause('stale-connection', 0.7, 'data-after-close');
const STALE = cause('stale-connection', 0.6, 'data-after-close', 'process-exit', 'stateful-device-lost-flow');
const STALE_ONE_SIDED = cause('stale-connection', 0.45, 'data-after-close', 'process-exit');
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
const HOST_ENDS = cause('process-exit', 0.45, 'memory-pressure', 'aborted');
const CLIENT_QUITS = cause('process-exit', 0.4, 'client-cancelled', 'aborted', 'memory-pressure');
const HOST_REJECT = cause('host-firewall-reject', 0.6, 'firewall-reject', 'injected');
const UNKNOWN_ANSWER = cause('unknown', 0.3, 'stale-connection', 'data-after-close', 'backscatter');

/** Several connections of one service are reset in one moment: the listener or the process went away. */
export const manyAtOnce: CauseRule = (c) => {
  const { f } = c;
  if (f.family !== 'active' || c.kind === 'middlebox' || f.finAt[f.sender] >= 0) return null;
  if (f.sender === 1 && f.dataPacketsBefore[1] === 0 && f.simultaneous - f.simultaneousPorts >= 1)
    return LISTENER;
  // Each connection of a client has a port of its own, so that its ports say nothing: a program quit, or a browser was closed.
  if (f.sender === 0) return f.simultaneous >= MANY_CONNECTIONS ? CLIENT_QUITS : null;
  // A machine or container that goes down ends all its programs in one moment. Linux frees memory socket by socket, each at its own
  // timer or close (tcp_out_of_resources), so that many at once do not speak of memory.
  if (f.simultaneous >= MANY_CONNECTIONS && f.simultaneousPorts >= ON_OTHER_PORTS) return HOST_ENDS;
  // A process seldom serves more than one port: resets from several ports are chance, or the host's end.
  return f.simultaneous - f.simultaneousPorts >= 2 ? EXIT : null;
};

/** The sender had closed, reset or lost the connection already, and answers what still comes. */
export const afterClose: CauseRule = (c) => {
  const { f } = c;
  if (f.family === 'active' || f.family === 'syn-reply') return null;
  if (f.finAt[f.sender] >= 0) return AFTER_CLOSE;
  if (f.resetsBefore[f.receiver] > 0) return AFTER_PEER_RESET;
  // Aborts and the answers that follow them may pass the capture in the wrong order.
  const aborts = f.abortsBefore > 0 || (f.burstTurnsAt > f.at && f.disordered);
  if (!aborts) return null;
  return f.sender === 1 && f.dataPacketsBefore[1] === 0 && f.simultaneous > 0 ? LISTENER : AFTER_ABORT;
};

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
  if (!unread) {
    // A close throws unread data away, so that the reset's window is wider than that of the last answer.
    const purged = f.window > f.senderWindow && f.lastDataAt[f.sender] === f.lastAt[f.sender];
    return purged && f.lastDataAt[f.receiver] >= 0 ? UNREAD : ABORTED;
  }
  if (f.sender === 1) return UNREAD;
  // The client either had all of the answer, or the server was still sending.
  if (messageEnded(c) && seqDelta(f.receiverNext, f.ack) <= 0) return ABORTED;
  return hints?.protocol === 'tls' || hints?.protocol === 'http' ? CANCELLED : UNREAD;
};

/** Whether the receiver's last data looks like the end of a message: pushed, or shorter than its largest segment. */
function messageEnded(c: Parameters<CauseRule>[0]): boolean {
  const { f, w } = c;
  const last = f.lastDataAt[f.receiver];
  if ((w.flags[last] & TCP_PSH) !== 0) return true;
  for (let i = f.at - 1; i >= w.first; i--) {
    if (w.from[i] === f.receiver && w.payload[i] > w.payload[last]) return true;
  }
  return false;
}

/** An answer to a segment of a connection that its sender does not know (any more). */
export const stale: CauseRule = (c) => {
  const { f } = c;
  if (f.family !== 'reply') return null;
  if (c.list.has('sender-lives-after-answer')) return HOST_REJECT;
  if (f.triggerAt >= 0 || f.receiverPackets > 0) return STALE;
  return f.packetsBefore[f.sender] > 0 ? STALE_ONE_SIDED : UNKNOWN_ANSWER;
};
