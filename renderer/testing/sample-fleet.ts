/** A fleet of three hosts at two sites, in which one forged reset is proven. */
import type {
  FleetBucket,
  FleetCoverage,
  FleetFinding,
  FleetJoin,
  FleetReset,
  FleetSummary,
  FleetTalker,
  HostCoverage,
} from '../../shared/model/fleet.ts';

export const FLEET_FROM_MS = Date.UTC(2026, 10, 28, 0, 0);
export const FLEET_TO_MS = Date.UTC(2026, 10, 29, 0, 0);
const HOUR = 3_600_000;

export function sampleHost(host: string, site: string, changes: Partial<HostCoverage> = {}): HostCoverage {
  return {
    host,
    site,
    interface: 'eth0',
    fromMs: FLEET_FROM_MS,
    toMs: FLEET_TO_MS,
    gaps: [],
    packets: 4_200_000,
    resets: 512,
    lost: 0,
    spoolLostFiles: 0,
    clockBoundSeconds: 0.002,
    keyId: 'public',
    isAnonymised: false,
    engineVersions: ['1.0.0'],
    weightsVersions: ['2026.1'],
    ...changes,
  };
}

export function sampleCoverage(changes: Partial<FleetCoverage> = {}): FleetCoverage {
  return {
    hosts: [
      sampleHost('client-host', 'berlin'),
      sampleHost('firewall', 'berlin', { lost: 1_204 }),
      sampleHost('server-host', 'tokyo', {
        gaps: [{ fromMs: FLEET_FROM_MS + 9 * HOUR, toMs: FLEET_FROM_MS + 11.5 * HOUR }],
        clockBoundSeconds: null,
      }),
    ],
    moreHosts: 0,
    missing: [],
    shards: { answered: 1, total: 1 },
    sentence: '3 hosts at 2 sites from 2026-11-28 00:00 to 2026-11-29 00:00 UTC; 1 of them has a gap.',
    ...changes,
  };
}

export function sampleFleetSummary(changes: Partial<FleetSummary> = {}): FleetSummary {
  return {
    name: '/srv/fleet',
    store: 'folder',
    hosts: ['client-host', 'firewall', 'server-host'],
    sites: ['berlin', 'tokyo'],
    fromMs: FLEET_FROM_MS,
    toMs: FLEET_TO_MS,
    resets: 1_536,
    flows: 810_000,
    coverage: sampleCoverage(),
    ...changes,
  };
}

export function sampleFleetReset(reset: number, changes: Partial<FleetReset> = {}): FleetReset {
  return {
    capture: '-4611686018427387904',
    segment: 0,
    reset,
    host: 'client-host',
    site: 'berlin',
    timeMs: FLEET_TO_MS - (reset + 1) * 61_000,
    client: `10.0.0.1:${40_000 + reset}`,
    server: '192.0.2.7:443',
    serverName: 'shop.example',
    claimed: 'server',
    origin: 'middlebox',
    originLabel: 'Device on the path, 2 hops in front of the server',
    confidence: 0.97,
    cause: 'injected',
    matters: reset % 2 === 0,
    count: 1,
    summary: 'A device on the path reset the connection in the name of the server.',
    next: 'Ask who runs the firewall two hops in front of the server.',
    file: 'ring-00001.pcapng',
    frame: 266 + reset,
    caseName: 'case-20261128T235959.000Z-0001-192.0.2.7_443.pcapng',
    ...changes,
  };
}

export function sampleFleetFinding(changes: Partial<FleetFinding> = {}): FleetFinding {
  return {
    server: '192.0.2.7:443',
    serverName: 'shop.example',
    claimed: 'server',
    origin: 'middlebox',
    originSide: 'path',
    cause: 'injected',
    count: 940,
    matters: 610,
    hosts: 2,
    sites: ['berlin', 'tokyo'],
    firstMs: FLEET_FROM_MS + HOUR,
    lastMs: FLEET_TO_MS - HOUR,
    meanConfidence: 0.96,
    example: { capture: '-4611686018427387904', segment: 0, reset: 0 },
    ...changes,
  };
}

export function sampleFleetTalker(at: number, changes: Partial<FleetTalker> = {}): FleetTalker {
  return {
    server: `192.0.2.${7 + at}:443`,
    serverName: at === 0 ? 'shop.example' : null,
    resets: 940 - at * 97,
    matters: 610 - at * 70,
    middlebox: 900 - at * 110,
    clients: 71 - at * 4,
    hosts: at === 0 ? 2 : 1,
    ...changes,
  };
}

/** Hours of a day at two sites. */
export function sampleFleetBuckets(): FleetBucket[] {
  return Array.from({ length: 24 }, (_, hour) =>
    ['berlin', 'tokyo'].map((site, at) => {
      const middlebox = Math.round(20 + 18 * Math.sin((hour + at * 8) / 3.8) + (hour === 15 ? 55 : 0));
      return {
        site,
        fromMs: FLEET_FROM_MS + hour * HOUR,
        endpoint: 9 + ((hour * 7 + at * 3) % 11),
        middlebox,
        unknown: (hour * 5 + at) % 4,
        matters: Math.round(middlebox / 2),
      };
    }),
  ).flat();
}

export function sampleFleetJoin(changes: Partial<FleetJoin> = {}): FleetJoin {
  return {
    reset: sampleFleetReset(0),
    witnesses: [
      {
        host: 'firewall',
        site: 'berlin',
        interface: 'eth1',
        sees: 'seen',
        isNearerSender: true,
        by: 'match-key',
        because: ['it saw both directions'],
      },
      {
        host: 'server-host',
        site: 'tokyo',
        interface: 'eth0',
        sees: 'absent',
        isNearerSender: true,
        by: 'match-key',
        because: ['it lost nothing then', 'it saw both directions', 'its clock is right to 2 ms'],
      },
    ],
    verdict: 'forged',
    between: ['firewall', 'server-host'],
    sentence:
      'server-host holds the connection and lost nothing there, and this reset never passed it: something between firewall and server-host made it.',
    next: 'Look at what stands between firewall and server-host.',
    ...changes,
  };
}
