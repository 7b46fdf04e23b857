/**
 * The kernel witness's reason and the cause that the packets show, reconciled. The reason says by what mechanism the reset was
 * made; the packets often say more of why (an upload that was too large, a TLS alert). A cause that fits the reason stays
 * and is believed more; one that does not gives way to what the reason itself says.
 */
import type { Mechanism } from '../../../../shared/causes/cause.ts';
import type { CauseCode } from '../../../../shared/causes/list.ts';
import { causeOf } from '../../../../shared/causes/list.ts';
import type { Cause } from '../../../../shared/model/verdict.ts';
import { TCP_ACK, TCP_SYN } from '../../decode/facts.ts';
import { SEEN_ANY } from '../../flow/record.ts';
import type { CauseContext } from './context.ts';
import { cause } from './context.ts';
import { plainReason } from '../witness/reasons.ts';

const REFUSED = cause('connection-refused', 0.98, 'listener-gone');
const LISTENER_GONE = cause('listener-gone', 0.9, 'connection-refused');
const STALE = cause('stale-connection', 0.9, 'data-after-close', 'process-exit');
const AFTER_CLOSE = cause('data-after-close', 0.95, 'stale-connection');
const BACKSCATTER = cause('backscatter', 0.9, 'unacceptable-segment');
const REJECTED = cause('host-firewall-reject', 0.9, 'injected');

/** A cause of the packets that the kernel's reason bears out is as certain as that. */
const BORNE_OUT = 0.97;

/** What one of the kernel's reasons says. */
interface Reading {
  readonly mechanism: Mechanism;
  /** What it means where the packets show no cause that this mechanism brings about. */
  readonly itself: Cause | ((c: CauseContext) => Cause | null);
}

function reading(mechanism: Mechanism, itself: Reading['itself']): Reading {
  return { mechanism, itself };
}

const NO_CONNECTION = reading('no-connection', withoutConnection);
const UNFIT = reading('unfit-segment', cause('unacceptable-segment', 0.95));
const ABORT = reading('abort', cause('aborted', 0.95, 'process-exit'));

const READINGS: ReadonlyMap<string, Reading> = new Map([
  ['NO_SOCKET', NO_CONNECTION],
  // An ACK that meets a listening socket: there is no connection for it either (tcp_rcv_state_process).
  ['FLAGS', NO_CONNECTION],
  ['ABORT_ON_CLOSE', reading('unread-data', cause('closed-with-unread-data', 0.99, 'process-exit'))],
  ['ABORT_ON_DATA', reading('late-data', cause('data-after-close', 0.98))],
  ['ABORT_ON_LINGER', ABORT],
  ['ABORT_ON_MEMORY', reading('out-of-memory', cause('memory-pressure', 0.98))],
  // SO_LINGER with no time, tcp_disconnect, ss -K, and a listener that closes over its queue.
  ['STATE', ABORT],
  ['DISCONNECT_WITH_DATA', ABORT],
  ['TIMEWAIT_SOCKET', reading('time-wait', cause('time-wait', 0.95))],
  ['KEEPALIVE_TIMEOUT', reading('keep-alive', cause('keepalive-timeout', 0.99))],
  ['ACK_UNSENT_DATA', UNFIT],
  ['OLD_ACK', UNFIT],
  ['TOO_OLD_ACK', UNFIT],
  ['INVALID_ACK_SEQUENCE', UNFIT],
  ['RFC7323_PAWS', UNFIT],
  ['INVALID_SYN', UNFIT],
  ['MPTCP_RST_EMIDDLEBOX', reading('mptcp-interference', cause('aborted', 0.8, 'injected'))],
  ['MPTCP_RST_ERESOURCE', reading('out-of-memory', cause('memory-pressure', 0.6, 'aborted'))],
  ['MPTCP_RST_EUNSPEC', ABORT],
  ['MPTCP_RST_EMPTCP', ABORT],
  ['MPTCP_RST_EPROHIBIT', ABORT],
  ['MPTCP_RST_EWQ2BIG', ABORT],
  ['MPTCP_RST_EBADPERF', ABORT],
]);

/** Whether the kernel leaves it open: what its TCP sent no packet filter made and no device, though before Linux 6.10 it says no more. */
export function isPossible({ witness }: CauseContext, { code }: Cause): boolean {
  return witness.word !== 'sent' || code === 'unknown' || causeOf(code).mechanisms.length > 0;
}

/** @param shown what the packets alone say */
export function reconcileCause(c: CauseContext, shown: Cause): Cause {
  const { word, event } = c.witness;
  if (word === 'not-sent-out') return REJECTED;
  if (word !== 'sent') return shown;
  const known = READINGS.get(plainReason(event?.reason ?? null));
  if (known === undefined) return shown;
  const { mechanism, itself } = known;
  // The reset rejects a wrong answer to a host that opens a connection: the packets say more of that, see `recovery`.
  if (mechanism === 'unfit-segment' && c.f.halfOpen) return shown;
  const own = typeof itself === 'function' ? itself(c) : itself;
  if (own !== null && (own.code === shown.code || !fits(shown.code, mechanism))) return own;
  const alternatives = shown.alternatives.filter((code) => fits(code, mechanism));
  return { code: shown.code, confidence: Math.max(shown.confidence, BORNE_OUT), alternatives };
}

function fits(code: CauseCode, mechanism: Mechanism): boolean {
  return causeOf(code).mechanisms.includes(mechanism);
}

/** Nothing was there for the packet: what kind of packet was it? */
function withoutConnection(c: CauseContext): Cause | null {
  const { f, w } = c;
  if (f.family === 'active') return null;
  const trigger = f.triggerAt;
  const flags = trigger >= 0 ? w.flags[trigger] & (TCP_SYN | TCP_ACK) : 0;
  if (f.family === 'syn-reply' || flags === TCP_SYN) return f.simultaneous > 0 ? LISTENER_GONE : REFUSED;
  if (flags === (TCP_SYN | TCP_ACK) && f.synAt < 0) return BACKSCATTER;
  if (f.finAt[f.sender] >= 0) return AFTER_CLOSE;
  return (f.senderSeen & SEEN_ANY) !== 0 || f.receiverPackets > 0 ? STALE : null;
}
