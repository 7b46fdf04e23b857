/** Causes by the kernel's own reason, together with what the packets show. */
import { TCP_ACK, TCP_SYN } from '../../decode/facts.ts';
import { SEEN_ANY } from '../../flow/record.ts';
import type { CauseContext, CauseRule } from '../cause/context.ts';
import { cause } from '../cause/context.ts';
import type { Cause } from '../../../../shared/model/verdict.ts';
import { plainReason } from './reasons.ts';

const REFUSED = cause('connection-refused', 0.98, 'listener-gone');
const LISTENER_GONE = cause('listener-gone', 0.9, 'connection-refused');
const STALE = cause('stale-connection', 0.9, 'data-after-close', 'process-exit');
const AFTER_CLOSE = cause('data-after-close', 0.95, 'stale-connection');
const BACKSCATTER = cause('backscatter', 0.9, 'unacceptable-segment');
const REJECTED = cause('host-firewall-reject', 0.9, 'injected');
const UNACCEPTABLE = cause('unacceptable-segment', 0.95);

/** Reasons that settle the cause whatever the packets are. */
const SETTLED: ReadonlyMap<string, Cause> = new Map([
  ['ABORT_ON_CLOSE', cause('closed-with-unread-data', 0.99, 'process-exit')],
  ['ABORT_ON_DATA', cause('data-after-close', 0.98)],
  ['ABORT_ON_LINGER', cause('aborted', 0.97, 'process-exit')],
  ['ABORT_ON_MEMORY', cause('memory-pressure', 0.98)],
  // SO_LINGER with no time, tcp_disconnect and ss -K.
  ['STATE', cause('aborted', 0.95, 'process-exit')],
  ['DISCONNECT_WITH_DATA', cause('aborted', 0.95, 'process-exit')],
  ['TIMEWAIT_SOCKET', cause('time-wait', 0.95)],
  ['KEEPALIVE_TIMEOUT', cause('keepalive-timeout', 0.99)],
  ['ACK_UNSENT_DATA', UNACCEPTABLE],
  ['FLAGS', UNACCEPTABLE],
  ['OLD_ACK', UNACCEPTABLE],
  ['TOO_OLD_ACK', UNACCEPTABLE],
  ['INVALID_ACK_SEQUENCE', UNACCEPTABLE],
  ['RFC7323_PAWS', UNACCEPTABLE],
  ['INVALID_SYN', UNACCEPTABLE],
  ['MPTCP_RST_EMIDDLEBOX', cause('aborted', 0.8, 'injected')],
  ['MPTCP_RST_ERESOURCE', cause('memory-pressure', 0.6, 'aborted')],
  ['MPTCP_RST_EUNSPEC', cause('aborted', 0.7)],
  ['MPTCP_RST_EMPTCP', cause('aborted', 0.7)],
  ['MPTCP_RST_EPROHIBIT', cause('aborted', 0.7)],
  ['MPTCP_RST_EWQ2BIG', cause('aborted', 0.7)],
  ['MPTCP_RST_EBADPERF', cause('aborted', 0.7)],
]);

export const kernelCause: CauseRule = (c) => {
  const { word, said } = c.testimony;
  if (word === 'not-sent-out') return REJECTED;
  if (word !== 'sent') return null;
  const reason = plainReason(said?.reason ?? null);
  if (reason === 'NO_SOCKET') return withoutSocket(c);
  const settled = SETTLED.get(reason);
  // A wrong answer to a host that opens a connection: the packets say more of it, see `recovery`.
  return settled === UNACCEPTABLE && c.f.halfOpen ? null : (settled ?? null);
};

/** Nothing was there for the packet: what kind of packet was it? */
function withoutSocket(c: CauseContext): Cause | null {
  const { f, w } = c;
  if (f.family === 'active') return null;
  const trigger = f.triggerAt;
  const flags = trigger >= 0 ? w.flags[trigger] & (TCP_SYN | TCP_ACK) : 0;
  if (f.family === 'syn-reply' || flags === TCP_SYN) return f.simultaneous > 0 ? LISTENER_GONE : REFUSED;
  if (flags === (TCP_SYN | TCP_ACK) && f.synAt < 0) return BACKSCATTER;
  if (f.finAt[f.sender] >= 0) return AFTER_CLOSE;
  return (f.senderSeen & SEEN_ANY) !== 0 || f.receiverPackets > 0 ? STALE : null;
}
