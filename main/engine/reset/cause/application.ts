/** Causes that the application said before its stack reset the connection. */
import { errorStatus, fatalAlert, goAwayOf, saidBefore } from '../observe/said.ts';
import { PAYLOAD_TOO_LARGE, isOfGateway } from '../observe/messages.ts';
import type { CauseRule } from './context.ts';
import { cause } from './context.ts';

const TLS = cause('tls-failure', 0.95, 'application-error', 'aborted');
const TOO_LARGE = cause('request-too-large', 0.9, 'application-error', 'closed-with-unread-data');
const ERROR = cause('application-error', 0.7, 'closed-with-unread-data', 'aborted');
const UPLOAD_ERROR = cause('application-error', 0.75, 'request-too-large', 'closed-with-unread-data');
const BAD_GATEWAY = cause('proxy-reset', 0.75, 'application-error', 'aborted');
const GOAWAY_ERROR = cause('application-error', 0.8, 'aborted', 'closed-with-unread-data');
/** The text with which gRPC announces that a connection has reached its age (MAX_CONNECTION_AGE). */
const MAX_AGE = /max_age/u;
const AGE_ANNOUNCED = cause('connection-age-limit', 0.9, 'aborted');
const OTHER_LEG = cause('proxy-reset', 0.7, 'aborted', 'closed-with-unread-data');

export const tlsAlert: CauseRule = (c) =>
  c.kind !== 'middlebox' && fatalAlert(c.w, c.f, c.hints) !== null ? TLS : null;

/** An HTTP or other error reply, then the reset of whoever sent it, or of its client in answer. */
export const errorReply: CauseRule = (c) => {
  const { f, hints } = c;
  if (c.kind === 'middlebox' || hints === undefined) return null;
  const status = errorStatus(c.w, f, hints);
  if (status !== null) {
    if (status.code === PAYLOAD_TOO_LARGE) return TOO_LARGE;
    if (isOfGateway(status.code)) return BAD_GATEWAY;
    // The other side still uploads: the error came early, and what it sends meets a closing socket.
    return f.lastDataAt[f.receiver] > f.lastDataAt[f.sender] ? UPLOAD_ERROR : ERROR;
  }
  const error = hints.error;
  return error !== null && error.direction === f.sender && saidBefore(c.w, f, error.packet) ? ERROR : null;
};

/** The sender had said on HTTP/2 why it would end the connection. */
export const goAwaySaid: CauseRule = (c) => {
  if (c.kind === 'middlebox' || (c.f.family !== 'active' && !c.f.unprovoked)) return null;
  const goAway = goAwayOf(c.w, c.f, c.hints);
  if (goAway === null) return null;
  if (goAway.code !== 'NO_ERROR') return GOAWAY_ERROR;
  return MAX_AGE.test(goAway.text ?? '') ? AGE_ANNOUNCED : null;
};

/** The same host reset another connection, in which it plays the other role, just before. */
export const otherLeg: CauseRule = (c) => {
  const { f, kind } = c;
  // A connection that carried nothing had nothing to hand on: two resets in one moment are then chance.
  const carried = f.dataPacketsBefore[0] + f.dataPacketsBefore[1] > 0;
  return f.otherLegReset >= 0 && f.family === 'active' && kind !== 'middlebox' && carried ? OTHER_LEG : null;
};
