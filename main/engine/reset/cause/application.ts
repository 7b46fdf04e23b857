/** Causes that the application said before its stack reset the connection. */
import type { PacketNumber } from '../../../../shared/base/units.ts';
import type { CauseRule } from './context.ts';
import { cause } from './context.ts';

/** A message this long before the reset no longer explains it. */
const SAID_BEFORE_NS = 10_000_000_000;

const TLS = cause('tls-failure', 0.9, 'application-error', 'aborted');
const TOO_LARGE = cause('request-too-large', 0.9, 'application-error', 'closed-with-unread-data');
const ERROR = cause('application-error', 0.7, 'closed-with-unread-data', 'aborted');
const UPLOAD_ERROR = cause('application-error', 0.75, 'request-too-large', 'closed-with-unread-data');
const BAD_GATEWAY = cause('proxy-reset', 0.75, 'application-error', 'aborted');
const OTHER_LEG = cause('proxy-reset', 0.7, 'aborted', 'closed-with-unread-data');

const PAYLOAD_TOO_LARGE = 413;

export const tlsAlert: CauseRule = (c) => {
  const alert = c.hints?.lastTlsAlert ?? null;
  if (alert === null || alert.description === 'close_notify' || c.kind === 'middlebox') return null;
  // After the handshake an encrypted alert is nearly always close_notify.
  if (alert.encrypted || (alert.level !== 'fatal' && alert.description === null)) return null;
  return before(c, alert.packet) ? TLS : null;
};

/** An HTTP or other error reply, then the reset of whoever sent it, or of its client in answer. */
export const errorReply: CauseRule = (c) => {
  const { f, hints } = c;
  if (c.kind === 'middlebox' || hints === undefined) return null;
  const status = hints.httpStatus;
  if (status !== null && status.code >= 400 && status.direction === f.sender && before(c, status.packet)) {
    if (status.code === PAYLOAD_TOO_LARGE) return TOO_LARGE;
    if (status.code >= 502 && status.code <= 504) return BAD_GATEWAY;
    // The other side still uploads: the error came early, and what it sends meets a closing socket.
    return f.lastDataAt[f.receiver] > f.lastDataAt[f.sender] ? UPLOAD_ERROR : ERROR;
  }
  const error = hints.error;
  return error !== null && error.direction === f.sender && before(c, error.packet) ? ERROR : null;
};

/** The same host reset another connection, in which it plays the other role, just before. */
export const otherLeg: CauseRule = (c) => {
  const { f, kind } = c;
  // A connection that carried nothing had nothing to hand on: two resets in one moment are then chance.
  const carried = f.dataPacketsBefore[0] + f.dataPacketsBefore[1] > 0;
  return f.otherLegReset >= 0 && f.family === 'active' && kind !== 'middlebox' && carried ? OTHER_LEG : null;
};

function before(c: Parameters<CauseRule>[0], packet: PacketNumber): boolean {
  const at = c.w.indexOf(packet);
  if (at < 0) return packet < c.f.packet && c.f.idle < SAID_BEFORE_NS;
  return at < c.f.at && c.f.time - c.w.time[at] <= SAID_BEFORE_NS;
}
