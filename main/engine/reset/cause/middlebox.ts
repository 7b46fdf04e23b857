/** Causes of resets that a middlebox made, or probably made. */
import type { CauseRule } from './context.ts';
import { cause } from './context.ts';
import { idleConstant } from '../observe/idle-constants.ts';
import { idleOf } from '../observe/timing.ts';

/** A silence from which a middlebox's state may have expired. */
const EXPIRED_NS = 5_000_000_000;
/** A reset this long after everything else answers nothing. */
const UNPROVOKED_NS = 1_000_000_000;

const IDLE = cause('idle-timeout', 0.85, 'stateful-device-lost-flow', 'proxy-reset');
const LOST_FLOW = cause(
  'stateful-device-lost-flow',
  0.75,
  'firewall-reject',
  'nat-state-lost',
  'idle-timeout',
);
const LOST_EITHER = cause('stateful-device-lost-flow', 0.55, 'nat-state-lost', 'firewall-reject');
const LOST_NAT = cause('nat-state-lost', 0.65, 'stateful-device-lost-flow', 'firewall-reject');
const REJECTED = cause('firewall-reject', 0.6, 'stateful-device-lost-flow', 'injected');
const INJECTED = cause('injected', 0.85, 'firewall-reject', 'proxy-reset');
const INJECTED_ANSWER = cause('injected', 0.6, 'firewall-reject', 'stateful-device-lost-flow');

/** A code or text inside the reset names the cause. */
export const ownWords: CauseRule = (c) =>
  c.product?.cause === undefined ? null : cause(c.product.cause, 0.9, 'proxy-reset');

/** From this probability on a reset of which it cannot be told who made it is explained as a middlebox's. */
const RATHER_MIDDLEBOX = 0.5;

/** For resets that are ascribed to a middlebox, or rather to one than to the endpoint. */
export const byMiddlebox: CauseRule = (c) => {
  if (c.kind === 'endpoint' || c.middlebox < RATHER_MIDDLEBOX) return null;
  if (c.kind === 'unknown' && c.list.has('sender-lives-after-answer')) return null;
  const { f, list } = c;
  const injected = list.showsInjector;
  // Devices answer with RST+ACK as well, or reflect a probe: what comes after a silence is an answer whatever its flags.
  const lost = f.silenceBefore === 'answer' && f.silence >= EXPIRED_NS;
  if (((f.family === 'reply' && f.triggerAt >= 0) || lost) && !injected) {
    if (f.silence >= EXPIRED_NS) return f.sender === 0 ? LOST_NAT : LOST_FLOW;
    // The server pushes and is refused in the client's name: what stands in for the client has forgotten the flow.
    if (f.sender === 0) return LOST_EITHER;
    if (list.has('after-first-request')) return INJECTED_ANSWER;
    return REJECTED;
  }
  if (!injected && f.idle >= UNPROVOKED_NS && (f.idle >= EXPIRED_NS || idleConstant(idleOf(f)) !== null))
    return IDLE;
  return INJECTED;
};
