/**
 * Idle timeouts that products ship with. A silence of just this length before a reset speaks of a timer; which product
 * it was remains a hint, since many share a number.
 */

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
