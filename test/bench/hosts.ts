/** Who talks in a generated capture: servers of one site, and clients that come in over the internet. */
import type { Random } from './random.ts';

export type Application = 'tls' | 'http' | 'other';

export interface Host {
  /** Network order; 4 bytes, and the same host's IPv6 address, 16 bytes. */
  readonly v4: Uint8Array;
  readonly v6: Uint8Array;
  readonly mac: Uint8Array;
  /** TTL as seen at the capture point: initial value minus routers passed. */
  readonly ttl: number;
  /** Linux sets timestamps, Windows does not. */
  readonly timestamps: boolean;
}

export interface Server extends Host {
  readonly name: string;
  readonly port: number;
  readonly application: Application;
  /** Seconds between a packet passing the capture point and the server's answer passing it. */
  readonly rtt: number;
  readonly vlan: number;
}

export interface Client extends Host {
  readonly rtt: number;
  nextPort: number;
}

/** The router that all clients come through. */
const GATEWAY = Uint8Array.of(0x02, 0, 0x5e, 0, 0, 1);

const PORTS: readonly (readonly [number, Application])[] = [
  [443, 'tls'],
  [443, 'tls'],
  [443, 'tls'],
  [80, 'http'],
  [8080, 'http'],
  [5432, 'other'],
  [9000, 'other'],
];

export function makeServers(random: Random, count: number): Server[] {
  return Array.from({ length: count }, (_, i) => {
    const [port, application] = PORTS[i % PORTS.length];
    const windows = random.chance(0.2);
    return {
      v4: Uint8Array.of(198, 51, 100 + (i >> 8), i & 0xff),
      v6: v6Address(0x51, i),
      mac: Uint8Array.of(0x02, 0, 0x10, 0, i >> 8, i & 0xff),
      ttl: (windows ? 128 : 64) - random.between(0, 2),
      timestamps: !windows,
      name: `s${i}.example.net`,
      port,
      application,
      rtt: 0.000_15 + random.exponential(0.000_4),
      vlan: i % 10 === 9 ? 100 + (i % 7) : -1,
    };
  });
}

export function makeClients(random: Random, count: number): Client[] {
  return Array.from({ length: count }, (_, i) => {
    const windows = random.chance(0.4);
    return {
      v4: Uint8Array.of(10, i >> 16, (i >> 8) & 0xff, i & 0xff),
      v6: v6Address(0xc1, i),
      mac: GATEWAY,
      ttl: (windows ? 128 : 64) - random.between(4, 20),
      timestamps: !windows,
      rtt: 0.004 + random.exponential(0.03),
      nextPort: random.between(32_768, 60_000),
    };
  });
}

function v6Address(net: number, host: number): Uint8Array {
  const address = new Uint8Array(16);
  address.set([0x20, 0x01, 0x0d, 0xb8, 0, net]);
  address[13] = host >> 16;
  address[14] = (host >> 8) & 0xff;
  address[15] = host & 0xff;
  return address;
}
