/** How each lesson is played, by its name. */
import type { LessonRun } from './define.ts';
import { run as lingerZero } from './linger-zero/run.ts';
import { run as dataAfterClose } from './data-after-close/run.ts';
import { run as halfClose } from './half-close/run.ts';
import { run as healthCheck } from './health-check/run.ts';
import { run as requestTooLarge } from './request-too-large/run.ts';
import { run as listenOverflow } from './listen-overflow/run.ts';
import { run as proxyBetween } from './proxy-between/run.ts';
import { run as balancerTimers } from './balancer-timers/run.ts';
import { run as unreadData } from './unread-data/run.ts';
import { run as processKilled } from './process-killed/run.ts';
import { run as keepAliveRace } from './keep-alive-race/run.ts';
import { run as refused } from './refused/run.ts';
import { run as firewallRejects } from './firewall-rejects/run.ts';
import { run as hostFirewall } from './host-firewall/run.ts';
import { run as idleFirewall } from './idle-firewall/run.ts';
import { run as natFlushed } from './nat-flushed/run.ts';
import { run as injectedByIps } from './injected-by-ips/run.ts';
import { run as severalTtls } from './several-ttls/run.ts';
import { run as forgedIgnored } from './forged-ignored/run.ts';
import { run as twoPoints } from './two-points/run.ts';
import { run as staleAfterReboot } from './stale-after-reboot/run.ts';
import { run as portReuse } from './port-reuse/run.ts';
import { run as largeUpload } from './large-upload/run.ts';
import { run as scanBackscatter } from './scan-backscatter/run.ts';
import { run as tlsAlert } from './tls-alert/run.ts';
import { run as conntrackInvalid } from './conntrack-invalid/run.ts';
import { run as asymmetricTranslation } from './asymmetric-translation/run.ts';
import { run as cannotTell } from './cannot-tell/run.ts';
import { run as mirrorPort } from './mirror-port/run.ts';
import { run as offload } from './offload/run.ts';
import { run as pathMtu } from './path-mtu/run.ts';

export const PLAYS: Readonly<Record<string, LessonRun>> = {
  'linger-zero': lingerZero,
  'data-after-close': dataAfterClose,
  'half-close': halfClose,
  'health-check': healthCheck,
  'request-too-large': requestTooLarge,
  'listen-overflow': listenOverflow,
  'proxy-between': proxyBetween,
  'balancer-timers': balancerTimers,
  'unread-data': unreadData,
  'process-killed': processKilled,
  'keep-alive-race': keepAliveRace,
  refused: refused,
  'firewall-rejects': firewallRejects,
  'host-firewall': hostFirewall,
  'idle-firewall': idleFirewall,
  'nat-flushed': natFlushed,
  'injected-by-ips': injectedByIps,
  'several-ttls': severalTtls,
  'forged-ignored': forgedIgnored,
  'two-points': twoPoints,
  'stale-after-reboot': staleAfterReboot,
  'port-reuse': portReuse,
  'large-upload': largeUpload,
  'scan-backscatter': scanBackscatter,
  'tls-alert': tlsAlert,
  'conntrack-invalid': conntrackInvalid,
  'asymmetric-translation': asymmetricTranslation,
  'cannot-tell': cannotTell,
  'mirror-port': mirrorPort,
  offload: offload,
  'path-mtu': pathMtu,
};
