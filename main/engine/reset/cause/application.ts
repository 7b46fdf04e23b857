/** Causes that the application said before its stack reset the connection. */
import { errorStatus, fatalAlert, saidBefore } from '../observe/said.ts';
import type { CauseRule } from './context.ts';
import { cause } from './context.ts';

const TLS = cause('tls-failure', 0.9, 'application-error', 'aborted');
const TOO_LARGE = cause('request-too-large', 0.9, 'application-error', 'closed-with-unread-data');
const ERROR = cause('application-error', 0.7, 'closed-with-unread-data', 'aborted');
const UPLOAD_ERROR = cause('application-error', 0.75, 'request-too-large', 'closed-with-unread-data');
const BAD_GATEWAY = cause('proxy-reset', 0.75, 'application-error', 'aborted');
const OTHER_LEG = cause('proxy-reset', 0.7, 'aborted', 'closed-with-unread-data');

const PAYLOAD_TOO_LARGE = 413;

export const tlsAlert: CauseRule = (c) =>
  c.kind !== 'middlebox' && fatalAlert(c.w, c.f, c.hints) !== null ? TLS : null;

/** An HTTP or other error reply, then the reset of whoever sent it, or of its client in answer. */
export const errorReply: CauseRule = (c) => {
  const { f, hints } = c;
  if (c.kind === 'middlebox' || hints === undefined) return null;
  const status = errorStatus(c.w, f, hints);
  if (status !== null) {
    if (status.code === PAYLOAD_TOO_LARGE) return TOO_LARGE;
    if (status.code >= 502 && status.code <= 504) return BAD_GATEWAY;
    // The other side still uploads: the error came early, and what it sends meets a closing socket.
    return f.lastDataAt[f.receiver] > f.lastDataAt[f.sender] ? UPLOAD_ERROR : ERROR;
  }
  const error = hints.error;
  return error !== null && error.direction === f.sender && saidBefore(c.w, f, error.packet) ? ERROR : null;
};

/** The same host reset another connection, in which it plays the other role, just before. */
export const otherLeg: CauseRule = (c) => {
  const { f, kind } = c;
  // A connection that carried nothing had nothing to hand on: two resets in one moment are then chance.
  const carried = f.dataPacketsBefore[0] + f.dataPacketsBefore[1] > 0;
  return f.otherLegReset >= 0 && f.family === 'active' && kind !== 'middlebox' && carried ? OTHER_LEG : null;
};
