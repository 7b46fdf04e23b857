/** Whether a reset ended work that was not finished, or is the noise of a close, a scan or a probe. */
import type { CauseCode } from '../../../../shared/causes/list.ts';
import { causeOf } from '../../../../shared/causes/list.ts';
import type { Obeyed, OriginKind } from '../../../../shared/model/verdict.ts';
import type { EmitterTable } from '../observe/emitters.ts';
import type { ResetFacts } from '../observe/facts.ts';
import { unacknowledgedOfReceiver, unacknowledgedOfSender } from '../observe/unacknowledged.ts';

/** An unread rest up to this is a TLS close_notify or a line of farewell. */
const FAREWELL_BYTES = 64;
/** Refusals of a client that tries this many ports are a scan's. */
const SCAN_PORTS = 12;

export function matters(
  f: ResetFacts,
  emitters: EmitterTable,
  kind: OriginKind,
  code: CauseCode,
  obeyed: Obeyed,
): boolean {
  const cause = causeOf(code);
  if (f.copy) return false;
  // A wrong segment is noise while a connection is opened; data out of order that a reset answers was work.
  if (cause.isNoise === true && (code !== 'unacceptable-segment' || f.missingBefore === 0)) return false;
  // The connection was ended before, by a reset or by both FINs.
  if (f.resetsBefore[0] + f.resetsBefore[1] > 0) return false;
  // A host that resets has ended its own side, whatever the other one makes of it; a forged reset has ended nothing.
  if (kind !== 'endpoint' && (obeyed === 'ignored' || obeyed === 'challenged')) return false;
  const lost = (unacknowledgedOfReceiver(f) ?? 0) > FAREWELL_BYTES;
  const closing = f.finAt[f.sender] >= 0;
  if (closing && f.finAt[f.receiver] >= 0) return lost;
  if (f.family === 'syn-reply') return emitters.profile(f.flow, f.receiver).triedPorts < SCAN_PORTS;
  if (closing) return lost || f.triggerBytes > FAREWELL_BYTES;
  if (f.finAt[f.receiver] >= 0) return lost || (unacknowledgedOfSender(f) ?? 0) > FAREWELL_BYTES;
  // A timer that fires on a connection without work under way ends none, whoever keeps it.
  if (kind === 'middlebox') return code !== 'idle-timeout' || f.silenceBefore !== 'reset' || !finished(f);
  if (cause.leavesUnfinished === 'always') return true;
  if (cause.leavesUnfinished === 'by-server' && f.sender === 1) return true;
  return !finished(f);
}

/** Whether it was an idle or empty connection whose last request was answered and acknowledged. */
function finished(f: ResetFacts): boolean {
  if (f.family !== 'active' && !f.unprovoked) return false;
  if ((unacknowledgedOfReceiver(f) ?? 1) > 0 || (unacknowledgedOfSender(f) ?? 1) > 0) return false;
  const client = f.lastDataAt[0];
  const server = f.lastDataAt[1];
  if (client < 0 && server < 0) return f.sender === 0;
  return server > client;
}
