/** Causes of resets that a middlebox made, or probably made. */
import type { CauseCode } from '../../../../shared/model/cause.ts';
import type { Cause } from '../../../../shared/model/verdict.ts';
import type { EvidenceList } from '../evidence/evidence-list.ts';
import type { CauseRule } from './context.ts';
import { cause } from './context.ts';
import { idleConstant } from '../observe/idle-constants.ts';
import { SHORTEST_EXPIRY_NS } from '../observe/silence.ts';

/** A silence after which the first packet meets devices that forgot the connection: the shortest timers for established ones. */
const FORGOTTEN_NS = 30_000_000_000;
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
const LOST_EITHER = cause('stateful-device-lost-flow', 0.4, 'nat-state-lost', 'firewall-reject');
const LOST_NAT = cause('nat-state-lost', 0.65, 'stateful-device-lost-flow', 'firewall-reject');
const REJECTED = cause('firewall-reject', 0.7, 'stateful-device-lost-flow', 'injected');
const INJECTED = cause('injected', 0.9, 'firewall-reject', 'proxy-reset');
const INJECTED_ANSWER = cause('injected', 0.6, 'firewall-reject', 'stateful-device-lost-flow');

const RESTEERED = cause('resteered', 0.75, 'stale-connection', 'stateful-device-lost-flow');
const MAYBE_RESTEERED = cause('resteered', 0.5, 'stale-connection', 'stateful-device-lost-flow');

/** What only a device on the path does. */
const OF_DEVICES: ReadonlySet<CauseCode> = new Set([
  'injected',
  'firewall-reject',
  'nat-state-lost',
  'stateful-device-lost-flow',
]);

/** What shows that the side whose name the device took sends something new through it afterwards. */
const GOES_ON = ['sender-goes-on', 'sender-goes-on-soon', 'sender-hears-on'] as const;

export function isOfDevice({ code }: Cause): boolean {
  return OF_DEVICES.has(code);
}

/** A code or text inside the reset names the cause. */
export const ownWords: CauseRule = (c) =>
  c.product?.cause === undefined ? null : cause(c.product.cause, 0.9, 'proxy-reset');

/**
 * Another host of the address answers a packet of a connection that it does not know: it is farther away and slower than the host
 * of the handshake; or it refuses the first packet whose TTL is not that of the SYN, and by which a router chose another way.
 */
export const steeredAway: CauseRule = ({ f, w, kind }) => {
  if (kind === 'middlebox') return null;
  if (f.otherHost !== 'no') return f.otherHost === 'likely' ? RESTEERED : MAYBE_RESTEERED;
  const apart = f.steeredAt >= 0 && f.steeredAt === f.triggerAt && w.ttl[f.steeredAt] !== w.ttl[f.synAt];
  const isFirst = f.established && f.packetsBefore[1] <= 2 && f.dataPacketsBefore[1] === 0 && f.finAt[0] < 0;
  return apart && isFirst && f.family === 'reply' && f.triggerBytes > 0 ? MAYBE_RESTEERED : null;
};

/** From this probability on a reset of which it cannot be told who made it is explained as a middlebox's. */
const RATHER_MIDDLEBOX = 0.5;

/** For resets that are ascribed to a middlebox, or rather to one than to the endpoint. */
export const byMiddlebox: CauseRule = (c) => {
  if (c.kind === 'endpoint' || c.middlebox < RATHER_MIDDLEBOX) return null;
  if (c.kind === 'unknown' && c.list.has('sender-lives-after-answer')) return null;
  const { f, list } = c;
  // Nothing is injected into a connection because somebody used it again: what had forgotten it answers.
  if (
    f.brokenSilence >= FORGOTTEN_NS &&
    f.established &&
    !list.has('after-first-request') &&
    !livesOn(list)
  ) {
    return f.sender === 0 ? LOST_NAT : LOST_FLOW;
  }
  const injected = list.showsInjector;
  // Devices answer with RST+ACK as well, or reflect a probe: what comes after a silence is an answer whatever its flags.
  const lost = f.silenceBefore === 'answer' && f.silence >= SHORTEST_EXPIRY_NS;
  if (((f.family === 'reply' && f.triggerAt >= 0) || lost) && !injected) {
    if (f.silence >= SHORTEST_EXPIRY_NS) return f.sender === 0 ? LOST_NAT : LOST_FLOW;
    // The server pushes and is refused in the client's name: what stands in for the client has forgotten the flow; unless the client's
    // new data still passes it.
    if (f.sender === 0) return GOES_ON.some((code) => list.has(code)) ? INJECTED_ANSWER : LOST_EITHER;
    if (list.has('after-first-request')) return INJECTED_ANSWER;
    return REJECTED;
  }
  if (
    !injected &&
    f.idle >= UNPROVOKED_NS &&
    (f.idle >= SHORTEST_EXPIRY_NS || idleConstant(f.silence) !== null)
  )
    return IDLE;
  return INJECTED;
};

/** Whether the packet that the reset answers had passed to the host all the same: then nothing in between refused it. */
function livesOn(list: EvidenceList): boolean {
  return list.has('sender-took-answered-data');
}
