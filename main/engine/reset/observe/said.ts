/** What an application said before its connection was reset. */
import type { PacketNumber } from '../../../../shared/base/units.ts';
import type { FlowHints, Http2GoAway, HttpStatusHint, TlsAlert } from '../../../../shared/model/hints.ts';
import type { ResetFacts } from './facts.ts';
import type { FlowWindow } from './flow-window.ts';

/** A message this long before the reset no longer explains it. */
const SAID_BEFORE_NS = 10_000_000_000;
/** Streams that were taken may go on for so long after GOAWAY (gRPC lets them run until its grace period ends). */
const GRACE_NS = 600_000_000_000;
/** Data of the sender this shortly before the reset belongs to a stream that was still running. */
const STILL_RUNNING_NS = 5_000_000_000;
const ERRORS_FROM = 400;

/** Whether a packet of the flow stands shortly before the reset. */
export function saidBefore(w: FlowWindow, f: ResetFacts, packet: PacketNumber): boolean {
  const at = w.indexOf(packet);
  if (at < 0) return packet < f.packet && f.idle < SAID_BEFORE_NS;
  return at < f.at && f.time - w.time[at] <= SAID_BEFORE_NS;
}

/** The TLS alert that tells of a failure, of either side; null for the polite close_notify and for what cannot be read. */
export function fatalAlert(w: FlowWindow, f: ResetFacts, hints: FlowHints | undefined): TlsAlert | null {
  const alert = hints?.lastTlsAlert ?? null;
  if (alert === null || alert.description === 'close_notify') return null;
  // After the handshake an encrypted alert is nearly always close_notify.
  if (alert.encrypted || (alert.level !== 'fatal' && alert.description === null)) return null;
  return saidBefore(w, f, alert.packet) ? alert : null;
}

/** The HTTP error that the resetting side replied. */
export function errorStatus(
  w: FlowWindow,
  f: ResetFacts,
  hints: FlowHints | undefined,
): HttpStatusHint | null {
  const status = hints?.httpStatus ?? null;
  if (status === null || status.code < ERRORS_FROM || status.direction !== f.sender) return null;
  return saidBefore(w, f, status.packet) ? status : null;
}

/** The end that the resetting side had announced on HTTP/2 in clear (RFC 9113 §6.8). */
export function goAwayOf(w: FlowWindow, f: ResetFacts, hints: FlowHints | undefined): Http2GoAway | null {
  const goAway = hints?.http2?.goAway ?? null;
  if (goAway === null || goAway.direction !== f.sender || goAway.packet >= f.packet) return null;
  const at = w.indexOf(goAway.packet);
  return at < 0 || f.time - w.time[at] <= GRACE_NS ? goAway : null;
}

/** Whether streams that GOAWAY had let finish were still running when the reset came, or newer ones had not been taken. */
export function streamsWereOpen(w: FlowWindow, f: ResetFacts, hints: FlowHints | undefined): boolean {
  const goAway = goAwayOf(w, f, hints);
  if (goAway === null) return false;
  if ((hints?.http2?.newestStream ?? 0) > goAway.lastStream) return true;
  const last = f.lastDataAt[f.sender];
  return last >= 0 && w.packet[last] > goAway.packet && f.time - w.time[last] <= STILL_RUNNING_NS;
}
