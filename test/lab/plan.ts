/** What a topology looks like, before any of it exists; all variation comes from the seed. */
import { Random } from '../bench/random.ts';

export type Family = 4 | 6;

export interface TopologyPlan {
  readonly name: string;
  /** Distinguishes the addresses of topologies: 10.<net>.<link>.x and fd00:<net>:<link>::x. */
  readonly net: number;
  /** Routers in a row: r1 next to the client. Link i joins node i and node i + 1; node 0 is the client. */
  readonly routers: number;
  readonly clientTtl: number;
  readonly serverTtl: number;
  readonly clientTimestamps: boolean;
  readonly serverTimestamps: boolean;
  /** One way, per link, microseconds. */
  readonly delaysUs: readonly number[];
  /** The router that translates the client's IPv4 source address; null for none. */
  readonly nat: number | null;
  /** Whether the answers take a way of their own, past the routers between the first and the last. */
  readonly asymmetric: boolean;
  /** The link that is a VLAN trunk; null for none. The middle capture is then made on it. */
  readonly trunk: { readonly link: number; readonly vlan: number } | null;
  /** The router the middle capture is made at (its client-side interface), where there is no trunk. */
  readonly middle: number;
  /** Whether a place captures on all interfaces (Linux cooked capture) rather than on Ethernet. */
  readonly cooked: { readonly client: boolean; readonly middle: boolean; readonly server: boolean };
  /** The device that moves sequence numbers, at the server's end of a link, and whose; null for none. */
  readonly renumber: {
    readonly link: number;
    readonly secret: number;
    readonly moves: readonly ('client' | 'server')[];
  } | null;
  readonly seed: number;
}

interface Shape {
  readonly name: string;
  readonly routers: number;
  readonly ttl: readonly [client: number, server: number];
  readonly timestamps: readonly [client: boolean, server: boolean];
  readonly nat?: number;
  readonly asymmetric?: boolean;
  readonly trunk?: number;
  /** Behind which router numbers are moved, and whose. */
  readonly renumber?: { readonly link: number; readonly moves: readonly ('client' | 'server')[] };
  readonly cooked?: Partial<TopologyPlan['cooked']>;
}

/** The first two make the short run: between them NAT, VLAN, all kinds of TTL, timestamps on and off. */
const SHAPES: readonly Shape[] = [
  { name: 'plain', routers: 2, ttl: [64, 64], timestamps: [true, true] },
  { name: 'nat-trunk', routers: 3, ttl: [128, 255], timestamps: [false, true], nat: 1, trunk: 2 },
  { name: 'near', routers: 1, ttl: [64, 128], timestamps: [true, true] },
  {
    name: 'far',
    routers: 5,
    ttl: [255, 64],
    timestamps: [true, true],
    cooked: { server: true, middle: true },
  },
  { name: 'asymmetric', routers: 4, ttl: [64, 64], timestamps: [true, true], asymmetric: true },
  {
    name: 'nat-deep',
    routers: 4,
    ttl: [64, 128],
    timestamps: [true, false],
    nat: 2,
    cooked: { client: true },
  },
  { name: 'trunk', routers: 3, ttl: [128, 64], timestamps: [false, false], trunk: 1 },
  {
    name: 'cooked',
    routers: 2,
    ttl: [255, 255],
    timestamps: [true, true],
    cooked: { client: true, middle: true, server: true },
  },
  {
    name: 'held-out-asymmetric-nat',
    routers: 4,
    ttl: [128, 255],
    timestamps: [true, true],
    nat: 1,
    asymmetric: true,
    cooked: { server: true },
  },
  {
    name: 'held-out-far-trunk',
    routers: 5,
    ttl: [255, 128],
    timestamps: [true, true],
    trunk: 3,
    cooked: { client: true },
  },
  {
    name: 'renumbered',
    routers: 3,
    ttl: [64, 64],
    timestamps: [true, true],
    renumber: { link: 1, moves: ['client', 'server'] },
  },
  {
    name: 'renumbered-client',
    routers: 2,
    ttl: [128, 64],
    timestamps: [false, true],
    nat: 1,
    renumber: { link: 1, moves: ['client'] },
  },
];

/** Topologies that no weight may be fitted to: what is measured on them was not learned from them. */
export const isHeldOut = (topology: string): boolean => topology.startsWith('held-out-');

const SHORT_TOPOLOGIES = 2;
/** The short run adds one of those whose numbers are moved, with this share of its scenarios. */
export const SHORT_RENUMBERED_SHARE = 4;
export const isRenumbered = ({ renumber }: TopologyPlan): boolean => renumber !== null;

/** Which topologies a run is about, each with whether all scenarios run there. */
export function choosePlans(seed: number, short: boolean): { plan: TopologyPlan; isWhole: boolean }[] {
  const plans = planTopologies(seed);
  if (!short) return plans.map((plan) => ({ plan, isWhole: true }));
  const renumbered = plans.filter(isRenumbered);
  return [
    ...plans.slice(0, SHORT_TOPOLOGIES).map((plan) => ({ plan, isWhole: true })),
    { plan: renumbered[seed % renumbered.length], isWhole: false },
  ];
}

/** Seed 1 is the list as it stands; any other draws anew what a topology of its kind leaves open. */
function vary(shape: Shape, seed: number, random: Random): Shape {
  if (seed === 1) return shape;
  const ttl = (): number => [64, 64, 128, 255][random.between(0, 4)];
  const least =
    shape.asymmetric === true ? 3 : shape.trunk === undefined && shape.renumber === undefined ? 1 : 2;
  const routers = random.between(least, 6);
  return {
    ...shape,
    routers,
    ttl: [ttl(), ttl()],
    timestamps: [random.chance(0.6), random.chance(0.8)],
    // Past the first router answers may have a way of their own, on which nobody translates them back.
    nat:
      shape.nat === undefined || shape.asymmetric === true || shape.renumber !== undefined
        ? shape.nat
        : random.between(1, routers + 1),
    trunk: shape.trunk === undefined ? undefined : random.between(1, routers),
  };
}

export function planTopologies(seed: number): TopologyPlan[] {
  return SHAPES.map((listed, index) => {
    const random = new Random(seed * 101 + index);
    const shape = vary(listed, seed, random);
    const links = shape.routers + 1;
    return {
      name: shape.name,
      net: index + 1,
      routers: shape.routers,
      clientTtl: shape.ttl[0],
      serverTtl: shape.ttl[1],
      clientTimestamps: shape.timestamps[0],
      serverTimestamps: shape.timestamps[1],
      // From a switch to a continent: a few links of very different length.
      delaysUs: Array.from({ length: links }, () => Math.round(80 * Math.exp(random.unit() * 4.6))),
      nat: shape.nat ?? null,
      asymmetric: shape.asymmetric ?? false,
      trunk: shape.trunk === undefined ? null : { link: shape.trunk, vlan: random.between(2, 4000) },
      middle: Math.ceil((shape.routers + 1) / 2),
      cooked: { client: false, middle: false, server: false, ...shape.cooked },
      renumber:
        shape.renumber === undefined ? null : { ...shape.renumber, secret: random.between(1, 2 ** 31) },
      seed: seed * 7919 + index,
    };
  });
}

export const CLIENT = 'client';
export const SERVER = 'server';
export const routerName = (k: number): string => `r${k}`;

/** The nodes in the order of the path: the client, the routers, the server. */
export function pathNodes(plan: TopologyPlan): string[] {
  const routers = Array.from({ length: plan.routers }, (_, i) => routerName(i + 1));
  return [CLIENT, ...routers, SERVER];
}

/** The address of one end of a link: `left` is the end nearer to the client. */
export function linkAddress(plan: TopologyPlan, link: number, end: 'left' | 'right', family: Family): string {
  const host = end === 'left' ? 1 : 2;
  if (family === 4) return `10.${plan.net}.${link}.${host}`;
  // As RFC 5952 writes it, so that addresses compare as texts.
  return link === 0 ? `fd00:${plan.net}::${host}` : `fd00:${plan.net}:${link}::${host}`;
}

/** What the translating router puts in the client's place. */
export const natAddress = (plan: TopologyPlan): string | null =>
  plan.nat === null ? null : `10.${plan.net}.${plan.nat}.77`;

/** An address beside the server's, for a service that hosts are translated to or share. */
export const serviceAddress = (plan: TopologyPlan, family: Family): string =>
  `${serverAddress(plan, family).replace(/2$/, '')}50`;

export const hostPort = (address: string, port: number): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

/** The link past the routers, where answers have a way of their own. */
export const bypassLink = (plan: TopologyPlan): number => plan.routers + 1;

export const clientAddress = (plan: TopologyPlan, family: Family): string =>
  linkAddress(plan, 0, 'left', family);
export const serverAddress = (plan: TopologyPlan, family: Family): string =>
  linkAddress(plan, plan.routers, 'right', family);

/** Which node an address speaks for. A translated address speaks for the client behind it. */
export function addressOwners(plan: TopologyPlan): Map<string, string> {
  const owners = new Map<string, string>();
  const nodes = pathNodes(plan);
  for (let link = 0; link <= plan.routers; link++)
    for (const family of [4, 6] as const) {
      owners.set(linkAddress(plan, link, 'left', family), nodes[link]);
      owners.set(linkAddress(plan, link, 'right', family), nodes[link + 1]);
    }
  if (plan.asymmetric)
    for (const family of [4, 6] as const) {
      owners.set(linkAddress(plan, bypassLink(plan), 'left', family), nodes[1]);
      owners.set(linkAddress(plan, bypassLink(plan), 'right', family), nodes[plan.routers]);
    }
  for (const family of [4, 6] as const) owners.set(serviceAddress(plan, family), SERVER);
  const nat = natAddress(plan);
  if (nat !== null) owners.set(nat, CLIENT);
  return owners;
}

/** The index of the wire's link that joins node `link` and node `link + 1`, as rules name it. */
export function wireIndex(plan: TopologyPlan, link: number): number {
  // A trunk is two wires in a row: those after it move up by one.
  return plan.trunk !== null && link > plan.trunk.link ? link + 1 : link;
}

export const endpoints = (plan: TopologyPlan, family: Family): { client: string; server: string } => ({
  client: clientAddress(plan, family),
  server: serverAddress(plan, family),
});
