/**
 * Idle timeouts that products ship with. A silence of just this length before a reset speaks of a timer; which product
 * it was remains a hint, since many share a number.
 */

import { countText } from '../../../../shared/format/count.ts';

export interface IdleConstant {
  readonly seconds: number;
  /** Products, for people. */
  readonly names: string;
}

/** Ascending. Vendors' documentation unless marked "observed". */
export const IDLE_CONSTANTS: readonly IdleConstant[] = [
  { seconds: 30, names: 'Google Cloud NAT (transitory), conntrack LAST_ACK' },
  { seconds: 60, names: 'AWS Application and Classic Load Balancer, nginx proxy timeouts' },
  { seconds: 75, names: 'nginx keepalive_timeout' },
  { seconds: 120, names: 'IIS, conntrack FIN_WAIT and TIME_WAIT' },
  { seconds: 180, names: 'Citrix NetScaler client idle timeout (observed)' },
  { seconds: 240, names: 'Azure Load Balancer and SNAT (4 minutes)' },
  { seconds: 300, names: 'F5 BIG-IP, FortiGate NGFW match, conntrack unacknowledged' },
  { seconds: 350, names: 'AWS Network Load Balancer, Gateway Load Balancer, NAT gateway' },
  { seconds: 360, names: 'Citrix NetScaler server idle timeout' },
  { seconds: 600, names: 'Google Cloud connection tracking' },
  { seconds: 900, names: 'IPVS, Docker and Kubernetes ipvs mode' },
  { seconds: 1200, names: 'Google Cloud NAT (established)' },
  { seconds: 1800, names: 'Juniper SRX' },
  { seconds: 3600, names: 'FortiGate session-ttl, PAN-OS, Cisco ASA, Envoy TCP proxy' },
  { seconds: 7200, names: 'keep-alive start of Linux, Windows and BSD' },
  { seconds: 432_000, names: 'Linux conntrack established (5 days)' },
];

/**
 * Keep-alive timeouts of application servers and the like, ascending; the shorter ones are too common as think times to speak of a
 * device on the path, so they name a host's timer only.
 */
const SERVER_TIMERS: readonly IdleConstant[] = [
  { seconds: 2, names: 'gunicorn --keep-alive' },
  {
    seconds: 5,
    names: 'Node.js server.keepAliveTimeout, Apache KeepAliveTimeout and uvicorn --timeout-keep-alive',
  },
  { seconds: 6, names: 'Node.js server.keepAliveTimeout of 5 s, with the second that newer versions add' },
  { seconds: 10, names: 'HAProxy timeout http-keep-alive as often set' },
  { seconds: 15, names: 'KeepAliveTimeout of older Apache configurations' },
  { seconds: 20, names: 'Tomcat connectionTimeout and Puma persistent_timeout' },
  { seconds: 30, names: 'Jetty idleTimeout' },
  { seconds: 60, names: 'AWS Application Load Balancer, Tomcat and nginx proxy timeouts' },
  { seconds: 65, names: 'keepalive_timeout in the nginx.conf that nginx ships, Puma 7' },
  { seconds: 72, names: 'keepAliveTimeout of Fastify' },
  { seconds: 75, names: 'nginx keepalive_timeout' },
  {
    seconds: 120,
    names:
      'IIS and HTTP.sys connectionTimeout; .NET HttpClient before version 6 keeps idle connections as long',
  },
  { seconds: 130, names: 'Kestrel KeepAliveTimeout' },
  { seconds: 180, names: 'Traefik idleTimeout' },
];

/** Timers of servers fire this much early at most, and this much late. */
const SERVER_EARLY_SHARE = 0.02;
const SERVER_LATE_S = 1.2;
const SERVER_LATE_SHARE = 0.1;

/** The timer of a server, or else of a device, that a silence of this many nanoseconds matches; null for none. */
export function knownTimer(silenceNs: number): IdleConstant | null {
  const seconds = silenceNs / 1e9;
  for (const timer of SERVER_TIMERS) {
    if (
      seconds >= timer.seconds * (1 - SERVER_EARLY_SHARE) &&
      seconds <= timer.seconds + Math.min(SERVER_LATE_S, SERVER_LATE_SHARE * timer.seconds)
    )
      return timer;
  }
  return idleConstant(silenceNs);
}

/** Keep-alive probes begin after it: no device's timer. */
const KEEP_ALIVE_START_S = 7200;

/**
 * The longest timers that a silence outlasted and that none survived shows to be longer, longest first, two at most. State that is
 * found lost at the next use was lost at any time before.
 */
export function outlastedTimers(silenceNs: number, survivedNs: number): readonly IdleConstant[] {
  const found: IdleConstant[] = [];
  for (let i = IDLE_CONSTANTS.length - 1; i >= 0 && found.length < MOST_OUTLASTED; i--) {
    const constant = IDLE_CONSTANTS[i];
    if (constant.seconds * 1e9 <= survivedNs) break;
    const fits = (constant.seconds - EARLY_S) * 1e9 <= silenceNs;
    if (fits && constant.seconds !== KEEP_ALIVE_START_S) found.push(constant);
  }
  return found;
}

const MOST_OUTLASTED = 2;

/** Timers fire this much early at most (coarse clocks), and this much late. */
const EARLY_S = 1;
const LATE_S = 2;
const LATE_SHARE = 0.03;

/** The constant that a silence of this many nanoseconds matches, or null. */
export function idleConstant(idleNs: number): IdleConstant | null {
  if (idleNs < 0) return null;
  const idle = idleNs / 1e9;
  for (const constant of IDLE_CONSTANTS) {
    const late = Math.max(LATE_S, constant.seconds * LATE_SHARE);
    if (idle >= constant.seconds - EARLY_S && idle <= constant.seconds + late) return constant;
  }
  return null;
}

/** "350 s (AWS Network Load Balancer …)" */
export function timerText({ seconds, names }: IdleConstant): string {
  return `${countText(seconds)} s (${names})`;
}
