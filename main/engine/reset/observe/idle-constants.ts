/**
 * Idle timeouts that products ship with. A silence of just this length before a reset speaks of a timer; which product
 * it was remains a hint, since many share a number.
 */

export interface IdleConstant {
  readonly seconds: number;
  /** Products, for people. */
  readonly names: string;
  /** Devices on the path use it (rather than only applications on the host). */
  readonly device: boolean;
}

/** Ascending. Vendors' documentation unless marked "observed". */
export const IDLE_CONSTANTS: readonly IdleConstant[] = [
  { seconds: 30, names: 'Google Cloud NAT (transitory), conntrack LAST_ACK', device: true },
  { seconds: 60, names: 'AWS Application and Classic Load Balancer, nginx proxy timeouts', device: true },
  { seconds: 75, names: 'nginx keepalive_timeout', device: false },
  { seconds: 120, names: 'IIS, conntrack FIN_WAIT and TIME_WAIT', device: false },
  { seconds: 180, names: 'Citrix NetScaler client idle timeout (observed)', device: true },
  { seconds: 240, names: 'Azure Load Balancer and SNAT (4 minutes)', device: true },
  { seconds: 300, names: 'F5 BIG-IP, FortiGate NGFW match, conntrack unacknowledged', device: true },
  { seconds: 350, names: 'AWS Network Load Balancer, Gateway Load Balancer, NAT gateway', device: true },
  { seconds: 360, names: 'Citrix NetScaler server idle timeout', device: true },
  { seconds: 600, names: 'Google Cloud connection tracking', device: true },
  { seconds: 900, names: 'IPVS, Docker and Kubernetes ipvs mode', device: true },
  { seconds: 1200, names: 'Google Cloud NAT (established)', device: true },
  { seconds: 1800, names: 'Juniper SRX', device: true },
  { seconds: 3600, names: 'FortiGate session-ttl, PAN-OS, Cisco ASA, Envoy TCP proxy', device: true },
  { seconds: 7200, names: 'keep-alive start of Linux, Windows and BSD', device: false },
  { seconds: 432_000, names: 'Linux conntrack established (5 days)', device: true },
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
