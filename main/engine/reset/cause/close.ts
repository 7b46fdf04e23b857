/** Causes of resets by a host that had a connection and ended it, or had ended it before. */
import { seqDelta } from '../../../../shared/base/seq.ts';
import { TCP_PSH } from '../../decode/facts.ts';
import { FLOW_CUT } from '../../flow/record.ts';
import { HEALTH_CHECKS, repeatedProbes } from '../across/probes.ts';
import { outlastedTimers } from '../observe/idle-constants.ts';
import { PAYLOAD_TOO_LARGE, isOfGateway, unreadRequest } from '../observe/messages.ts';
import type { ResetFacts } from '../observe/facts.ts';
import { SHORTEST_EXPIRY_NS } from '../observe/silence.ts';
import { isLinuxSender } from '../observe/stacks.ts';
import type { CauseRule } from './context.ts';
import { cause } from './context.ts';

/** Data that came so long ago was read by a program that still acted on the connection. */
const READ_BY_THEN_NS = 1_000_000_000;
/** So many other connections do not end in one moment by chance. */
const MANY_CONNECTIONS = 6;
/** Connections on other ports of a server, from which on its one port is not the story. */
const ON_OTHER_PORTS = 3;

const AFTER_CLOSE = cause('data-after-close', 0.95, 'process-exit');
/** The same where the reset has the shape of an abort: a half-closed socket with data unread aborts so, too. */
const CROSSED = cause('data-after-close', 0.75, 'closed-with-unread-data', 'process-exit');
const UNREAD_REQUEST = cause('closed-with-unread-data', 0.85, 'application-error', 'aborted');
const UNREAD_UPLOAD = cause(
  'closed-with-unread-data',
  0.8,
  'request-too-large',
  'application-error',
  'aborted',
);
const TOO_LARGE = cause('request-too-large', 0.85, 'closed-with-unread-data', 'application-error');
const LOOP = cause('reset-loop', 0.97, 'data-after-close', 'stale-connection');
const LOST_IN_SILENCE = cause(
  'stale-connection',
  0.65,
  'stateful-device-lost-flow',
  'nat-state-lost',
  'process-exit',
);
const AFTER_ABORT = cause('data-after-close', 0.75, 'aborted', 'stale-connection');
const AFTER_PEER_RESET = cause('stale-connection', 0.85, 'data-after-close');
const STALE = cause(
  'stale-connection',
  0.65,
  'data-after-close',
  'process-exit',
  'stateful-device-lost-flow',
);
const STALE_ONE_SIDED = cause('stale-connection', 0.45, 'data-after-close', 'process-exit');
const UNREAD = cause('closed-with-unread-data', 0.5, 'aborted', 'process-exit', 'application-error');
const UNREAD_AFTER_FIN = cause('closed-with-unread-data', 0.5, 'aborted', 'data-after-close');
const CANCELLED = cause('client-cancelled', 0.5, 'closed-with-unread-data', 'aborted');
/** macOS and BSD abort without ACK, which looks like an answer. */
const CANCELLED_BARE = cause('client-cancelled', 0.5, 'aborted', 'stale-connection', 'process-exit');
const ABORTED = cause('aborted', 0.6, 'closed-with-unread-data', 'process-exit');
const ABORTED_AFTER_FIN = cause('aborted', 0.6, 'closed-with-unread-data');
const CHECK = cause('health-check', 0.8, 'client-cancelled', 'aborted');
const EMPTY_CLIENT = cause('aborted', 0.45, 'health-check', 'client-cancelled');
const EMPTY_SERVER = cause('aborted', 0.5, 'listener-gone', 'listen-overflow');
const LISTENER = cause('listener-gone', 0.85, 'process-exit', 'aborted');
const EXIT = cause('process-exit', 0.6, 'closed-with-unread-data', 'memory-pressure', 'aborted');
const HOST_ENDS = cause('process-exit', 0.45, 'memory-pressure', 'aborted');
const CLIENT_QUITS = cause('process-exit', 0.4, 'client-cancelled', 'aborted', 'memory-pressure');
const HOST_REJECT = cause('host-firewall-reject', 0.6, 'firewall-reject', 'injected');
const UNKNOWN_SEGMENT = cause(
  'translation-missing',
  0.5,
  'host-firewall-reject',
  'firewall-reject',
  'stale-connection',
);
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

/** One of many resets of which each answers an acknowledgement that answers the one before; the first keeps its own cause. */
export const loop: CauseRule = (c) => {
  const { f } = c;
  if (f.loopRounds === 0 || c.kind === 'middlebox') return null;
  return f.at === f.loopFirstAt && f.resetsBefore[f.sender] === 0 ? null : LOOP;
};

/** The sender had closed, reset or lost the connection already, and answers what still comes. */
export const afterClose: CauseRule = (c) => {
  const { f } = c;
  if (f.family === 'syn-reply') return null;
  if (f.family === 'active') {
    // Flags prove nothing: Windows and many devices answer with RST+ACK what comes after their close or reset.
    if (f.crossedAt >= 0) return CROSSED;
    if (!f.answersWithAck) return null;
    if (f.finAt[f.sender] >= 0 && f.triggerBytes > 0) return CROSSED;
    if (f.resetsBefore[f.receiver] > 0) return AFTER_PEER_RESET;
    return f.resetsBefore[f.sender] > 0 ? AFTER_ABORT : null;
  }
  if (f.finAt[f.sender] >= 0) return AFTER_CLOSE;
  if (f.unprovoked) return null;
  // Both have reset: whoever did so first had ended the connection by itself.
  if (f.abortsBefore > 0 && f.firstResetAt >= 0 && c.w.from[f.firstResetAt] === f.sender) return AFTER_ABORT;
  if (f.resetsBefore[f.receiver] > 0) return AFTER_PEER_RESET;
  // Aborts and the answers that follow them may pass the capture in the wrong order.
  // macOS and some devices abort without ACK, so that the reset of a body left unread looks like those that follow it.
  const followsOwn = f.resetsBefore[f.sender] > 0 && (unreadRequest(f, c.hints)?.status ?? null) !== null;
  const aborts = followsOwn || f.abortsBefore > 0 || (f.burstTurnsAt > f.at && f.disordered);
  if (!aborts) return null;
  return f.sender === 1 && f.dataPacketsBefore[1] === 0 && f.simultaneous > 0 ? LISTENER : AFTER_ABORT;
};

/** The server answered a request, and closed before it had read that request's body. */
export const unreadBody: CauseRule = (c) => {
  const { f } = c;
  if (c.kind === 'middlebox' || f.family === 'syn-reply' || f.finAt[f.sender] >= 0) return null;
  if (f.resetsBefore[0] + f.resetsBefore[1] > 0) return null;
  const unread = unreadRequest(f, c.hints);
  if (unread === null || unread.status === null) return null;
  if (unread.status === PAYLOAD_TOO_LARGE) return TOO_LARGE;
  // Behind a gateway the other leg failed first, and that is why it did not wait for the body.
  if (isOfGateway(unread.status)) return null;
  return unread.status >= 400 ? UNREAD_UPLOAD : UNREAD_REQUEST;
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
  const { f, w, hints } = c;
  if (f.family !== 'active' && !f.unprovoked) return null;
  if (f.answersWithAck && f.silence >= SHORTEST_EXPIRY_NS && f.silenceBefore === 'answer')
    return LOST_IN_SILENCE;
  const unread = f.lastDataAt[f.receiver] >= 0 && f.lastDataAt[f.receiver] > f.lastDataAt[f.sender];
  if (f.finAt[f.sender] >= 0) {
    // What lay there for so long had been read: the program closed at once, without waiting for the other side's FIN.
    const isOld = unread && f.time - w.time[f.lastDataAt[f.receiver]] >= READ_BY_THEN_NS;
    return unread && !isOld ? UNREAD_AFTER_FIN : ABORTED_AFTER_FIN;
  }
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

/** An answer of a host whose socket lives, or never got what is answered. */
export const besideSocket: CauseRule = ({ f, list }) => {
  if (f.family !== 'reply') return null;
  if (list.has('sender-lives-after-answer')) return HOST_REJECT;
  if (!list.has('answer-unheard')) return null;
  // Translators stand before servers: it is clients that get answers from an address that they did not ask.
  return f.sender === 0 ? UNKNOWN_SEGMENT : HOST_REJECT;
};

/** An answer to a segment of a connection that its sender does not know (any more). */
export const stale: CauseRule = ({ f }) => {
  if (f.family !== 'reply') return null;
  if (f.silenceBefore === 'answer' && outlastedTimers(f.silence, f.survived).length > 0)
    return LOST_IN_SILENCE;
  if (cancelsBare(f)) return CANCELLED_BARE;
  if (f.triggerAt >= 0 || f.receiverPackets > 0) return STALE;
  return f.packetsBefore[f.sender] > 0 ? STALE_ONE_SIDED : UNKNOWN_ANSWER;
};

/**
 * Whether a client that had just spoken rejects a reply that is under way. It has not forgotten the connection so soon: its program ended
 * it. Linux sends a FIN or RST+ACK then.
 */
function cancelsBare(f: ResetFacts): boolean {
  // Without its SYN's options, which cut captures may lack, nobody knows that it is not Linux.
  if (f.senderSyn === 0 || (f.flowBits & FLOW_CUT) !== 0 || isLinuxSender(f)) return false;
  if (f.sender !== 0 || !f.established || f.triggerBytes === 0) return false;
  return f.dataPacketsBefore[0] > 0 && f.senderSilence >= 0 && f.senderSilence <= READ_BY_THEN_NS;
}
