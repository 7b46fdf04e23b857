/** Whether a reset ended work that was not finished, or is the noise of a close, a scan or a probe. */
import { seqAdd, seqDelta } from '../../../../shared/base/seq.ts';
import { TCP_SYN } from '../../decode/facts.ts';
import type { CauseCode } from '../../../../shared/causes/list.ts';
import { causeOf } from '../../../../shared/causes/list.ts';
import type { Obeyed } from '../../../../shared/model/verdict.ts';
import type { CauseContext } from './context.ts';
import { errorStatus, streamsWereOpen } from '../observe/said.ts';
import {
  answersIdleProbe,
  refusedUpload,
  unfinishedReply,
  unreadRequest,
  waitedForRest,
  wasNotDone,
} from '../observe/messages.ts';
import { unacknowledgedOfReceiver, unacknowledgedOfSender } from '../observe/unacknowledged.ts';

/** An unread rest up to this is a TLS close_notify or a line of farewell. */
const FAREWELL_BYTES = 64;

export function matters(c: CauseContext, code: CauseCode, obeyed: Obeyed): boolean {
  const { f, kind, across } = c;
  const cause = causeOf(code);
  if (f.copy) return false;
  if (code === 'translation-missing' && across.twin.kind !== 'none')
    return across.twin.hurt && isFirstOrTry(c);
  const { outcome, isLast } = across.attempt;
  if (outcome === 'later' || outcome === 'elsewhere') return false;
  // Of the resets of one attempt that fails the last one matters: it ended the attempt.
  if (outcome === 'failed') return isLast && !isOfScan(c);
  // A wrong segment is noise while a connection is opened; data out of order that a reset answers was work.
  if (cause.isNoise === true && (code !== 'unacceptable-segment' || f.missingBefore === 0)) return false;
  // A host that resets has ended its own side, whatever the other one makes of it; a forged reset has ended nothing.
  const idle = kind !== 'endpoint' && (obeyed === 'ignored' || obeyed === 'challenged');
  if (outcome === 'open') return isLast && !idle && !isOfScan(c);
  // The connection was ended before, by a reset or by both FINs.
  if (f.resetsBefore[0] + f.resetsBefore[1] > 0 || idle) return false;
  if (waitedInVain(c, code)) return true;
  if (isOnlyReply(c) || unfinishedReply(f, c.hints) !== null || streamsWereOpen(c.w, f, c.hints)) return true;
  if (wasRefused(c, code)) return true;
  const lost = (unacknowledgedOfReceiver(f, kind) ?? 0) > FAREWELL_BYTES;
  const closing = f.finAt[f.sender] >= 0;
  if (closing && f.finAt[f.receiver] >= 0) return lost;
  if (f.family === 'syn-reply') return !isOfScan(c);
  if (closing) return lost || f.triggerBytes > FAREWELL_BYTES;
  if (f.finAt[f.receiver] >= 0) return lost || (unacknowledgedOfSender(f) ?? 0) > FAREWELL_BYTES;
  // A timer that fires on a connection without work under way ends none, whoever keeps it.
  if (kind === 'middlebox') {
    const fired = code === 'idle-timeout' && f.silenceBefore === 'reset';
    return !(fired || answersIdleProbe(c)) || !finished(c);
  }
  if (cause.leavesUnfinished === 'always') return true;
  if (cause.leavesUnfinished === 'by-server' && f.sender === 1) return true;
  return !finished(c);
}

/** Of the resets of stray packets the first one broke the connection; of those of SYN-ACKs the twin tells which one decides. */
function isFirstOrTry({ f, w }: CauseContext): boolean {
  if (f.triggerAt >= 0 && (w.flags[f.triggerAt] & TCP_SYN) !== 0) return true;
  return f.resetsBefore[0] + f.resetsBefore[1] === 0;
}

/**
 * Whether the connection stood in the queue of a listener and no program ever took it, so that whatever it was opened for was
 * not done: a client that meanwhile gave up and closed was not served either.
 */
function waitedInVain(c: CauseContext, code: CauseCode): boolean {
  const { f, w } = c;
  if (f.sender !== 1 || isOfScan(c)) return false;
  if (code === 'listen-overflow') return f.family === 'reply';
  if (code !== 'listener-gone' || f.lastDataAt[1] >= 0) return false;
  // A FIN that the reset does not acknowledge crossed it: the server did not yet know that the client had gone.
  const fin = f.finAt[0];
  const crossed = fin >= 0 && f.hasAck && seqDelta(f.ack, seqAdd(w.seq[fin], w.payload[fin])) <= 0;
  return crossed || f.lastDataAt[0] >= 0;
}

/** Whether nothing of all that the server ever said had been acknowledged when it reset: the reply may be lost, however short. */
function isOnlyReply({ f, w }: CauseContext): boolean {
  if (f.sender !== 1 || f.lastDataAt[0] < 0 || f.lastDataAt[1] < 0) return false;
  if (f.synAckAt < 0 || w.from[f.synAckAt] !== 1) return false;
  const said = seqDelta(f.senderNext, seqAdd(w.seq[f.synAckAt], 1)) - (f.finAt[1] >= 0 ? 1 : 0);
  return said > 0 && unacknowledgedOfSender(f) === said;
}

/**
 * Whether the request of a client that still listened had been answered with an error, and was not done: an answer ends the waiting, and
 * not what was wanted. A timer that fires later has nothing to do with it.
 */
function wasRefused({ f, w, hints }: CauseContext, code: CauseCode): boolean {
  if (f.finAt[0] >= 0 || code === 'idle-timeout') return false;
  if (f.sender === 0) return refusedUpload(f, hints) !== null;
  // A server that closed with a FIN after its reply had ended the connection in order, but for an upload that was still coming.
  if (f.finAt[1] >= 0 && unreadRequest(f, hints) === null) return false;
  const status = errorStatus(w, f, hints);
  return status !== null && wasNotDone(status, hints?.http ?? null);
}

/** Refusals of a scan are what it came for. */
function isOfScan({ f, across }: CauseContext): boolean {
  return f.sender === 1 && across.scans.looksLikeScan(f.flow);
}

/** Whether it was an idle or empty connection whose last request was answered and acknowledged. */
function finished(c: CauseContext): boolean {
  const { f, kind } = c;
  if (f.family !== 'active' && !f.unprovoked && !answersIdleProbe(c)) return false;
  if ((unacknowledgedOfReceiver(f, kind) ?? 1) > 0 || (unacknowledgedOfSender(f) ?? 1) > 0) return false;
  const client = f.lastDataAt[0];
  const server = f.lastDataAt[1];
  if (client < 0 && server < 0) return f.sender === 0;
  return server > client && !waitedForRest(f, c.hints);
}
