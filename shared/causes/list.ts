/** The closed list of causes. */
import type { CauseDefinition } from './cause.ts';
import { aborted } from './aborted.ts';
import { applicationError } from './application-error.ts';
import { backscatter } from './backscatter.ts';
import { clientCancelled } from './client-cancelled.ts';
import { closedWithUnreadData } from './closed-with-unread-data.ts';
import { connectionRefused } from './connection-refused.ts';
import { connectionAgeLimit } from './connection-age-limit.ts';
import { dataAfterClose } from './data-after-close.ts';
import { firewallReject } from './firewall-reject.ts';
import { halfOpenScan } from './half-open-scan.ts';
import { healthCheck } from './health-check.ts';
import { hostFirewallReject } from './host-firewall-reject.ts';
import { icmpRefused } from './icmp-refused.ts';
import { idleTimeout } from './idle-timeout.ts';
import { injected } from './injected.ts';
import { keepaliveTimeout } from './keepalive-timeout.ts';
import { listenOverflow } from './listen-overflow.ts';
import { listenerGone } from './listener-gone.ts';
import { memoryPressure } from './memory-pressure.ts';
import { natStateLost } from './nat-state-lost.ts';
import { pathMtu } from './path-mtu.ts';
import { peerUnreachable } from './peer-unreachable.ts';
import { portReuse } from './port-reuse.ts';
import { processExit } from './process-exit.ts';
import { proxyReset } from './proxy-reset.ts';
import { requestTooLarge } from './request-too-large.ts';
import { resetLoop } from './reset-loop.ts';
import { resteered } from './resteered.ts';
import { staleConnection } from './stale-connection.ts';
import { statefulDeviceLostFlow } from './stateful-device-lost-flow.ts';
import { timeWait } from './time-wait.ts';
import { tlsFailure } from './tls-failure.ts';
import { translationMissing } from './translation-missing.ts';
import { unacceptableSegment } from './unacceptable-segment.ts';
import { unknown } from './unknown.ts';

/** Columns hold a cause as its index in this list: new ones go to the end. */
const LIST = [
  connectionRefused,
  firewallReject,
  hostFirewallReject,
  icmpRefused,
  closedWithUnreadData,
  aborted,
  processExit,
  listenerGone,
  listenOverflow,
  dataAfterClose,
  staleConnection,
  natStateLost,
  statefulDeviceLostFlow,
  idleTimeout,
  keepaliveTimeout,
  portReuse,
  timeWait,
  injected,
  proxyReset,
  tlsFailure,
  applicationError,
  requestTooLarge,
  clientCancelled,
  healthCheck,
  halfOpenScan,
  backscatter,
  pathMtu,
  unacceptableSegment,
  memoryPressure,
  unknown,
  translationMissing,
  peerUnreachable,
  resetLoop,
  resteered,
  connectionAgeLimit,
] as const;

export type CauseCode = (typeof LIST)[number]['code'];

export const CAUSES: readonly CauseDefinition<CauseCode>[] = LIST;

const BY_CODE = Object.fromEntries(CAUSES.map((cause) => [cause.code, cause])) as Readonly<
  Record<CauseCode, CauseDefinition<CauseCode>>
>;

export function causeOf(code: CauseCode): CauseDefinition<CauseCode> {
  return BY_CODE[code];
}
