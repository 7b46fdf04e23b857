/** All lessons, in the order in which they are learned within their themes. */
import type { Lesson } from '../../shared/model/lesson.ts';
import { LESSON_THEMES } from '../../shared/model/lesson.ts';
import { lesson as lingerZero } from './linger-zero/lesson.ts';
import { lesson as dataAfterClose } from './data-after-close/lesson.ts';
import { lesson as halfClose } from './half-close/lesson.ts';
import { lesson as healthCheck } from './health-check/lesson.ts';
import { lesson as requestTooLarge } from './request-too-large/lesson.ts';
import { lesson as listenOverflow } from './listen-overflow/lesson.ts';
import { lesson as proxyBetween } from './proxy-between/lesson.ts';
import { lesson as balancerTimers } from './balancer-timers/lesson.ts';
import { lesson as unreadData } from './unread-data/lesson.ts';
import { lesson as processKilled } from './process-killed/lesson.ts';
import { lesson as keepAliveRace } from './keep-alive-race/lesson.ts';
import { lesson as refused } from './refused/lesson.ts';
import { lesson as firewallRejects } from './firewall-rejects/lesson.ts';
import { lesson as hostFirewall } from './host-firewall/lesson.ts';
import { lesson as idleFirewall } from './idle-firewall/lesson.ts';
import { lesson as natFlushed } from './nat-flushed/lesson.ts';
import { lesson as injectedByIps } from './injected-by-ips/lesson.ts';
import { lesson as severalTtls } from './several-ttls/lesson.ts';
import { lesson as forgedIgnored } from './forged-ignored/lesson.ts';
import { lesson as twoPoints } from './two-points/lesson.ts';
import { lesson as staleAfterReboot } from './stale-after-reboot/lesson.ts';
import { lesson as portReuse } from './port-reuse/lesson.ts';
import { lesson as largeUpload } from './large-upload/lesson.ts';
import { lesson as scanBackscatter } from './scan-backscatter/lesson.ts';
import { lesson as tlsAlert } from './tls-alert/lesson.ts';
import { lesson as conntrackInvalid } from './conntrack-invalid/lesson.ts';
import { lesson as asymmetricTranslation } from './asymmetric-translation/lesson.ts';
import { lesson as cannotTell } from './cannot-tell/lesson.ts';
import { lesson as mirrorPort } from './mirror-port/lesson.ts';
import { lesson as offload } from './offload/lesson.ts';
import { lesson as pathMtu } from './path-mtu/lesson.ts';

const ALL: readonly Lesson[] = [
  lingerZero,
  dataAfterClose,
  halfClose,
  healthCheck,
  requestTooLarge,
  listenOverflow,
  proxyBetween,
  balancerTimers,
  unreadData,
  processKilled,
  keepAliveRace,
  refused,
  firewallRejects,
  hostFirewall,
  idleFirewall,
  natFlushed,
  injectedByIps,
  severalTtls,
  forgedIgnored,
  staleAfterReboot,
  portReuse,
  largeUpload,
  tlsAlert,
  conntrackInvalid,
  asymmetricTranslation,
  pathMtu,
  offload,
  mirrorPort,
  scanBackscatter,
  twoPoints,
  cannotTell,
];

export const LESSONS: readonly Lesson[] = LESSON_THEMES.flatMap((theme) =>
  ALL.filter((lesson) => lesson.theme === theme),
);
