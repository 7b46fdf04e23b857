/**
 * Connections as they pass several capture points of one path:
 *
 *   const path = new Path({ routers: 5, delay: 0.02 }, [{ at: 0 }, { at: 3, clock: (ns) => ns + 2e9 }]);
 *   path.connection().handshake().clientSends(100).serverSends(200);
 *   joinCaptures(...path.captures);
 *
 * A packet takes one off its TTL at each router and the path's delay spread evenly over it, and is stamped by each point's own clock.
 */
import type { ConversationPacket } from './conversation.ts';
import { ethernet, ip, tcp } from './packet-builder.ts';

type Side = 'client' | 'server';
const START_NS = 1_700_000_000_000_000_000n;

export interface PathOptions {
  /** Between client and server. */
  readonly routers: number;
  /** One way, seconds. */
  readonly delay: number;
  /** What each packet waits longer, seconds. */
  readonly jitter?: () => number;
}

export interface CapturePoint {
  /** Routers between the client and this point. */
  readonly at: number;
  /** What its clock shows, nanoseconds since the begin. */
  readonly clock?: (trueNs: number) => number;
  /** What is seen here in the place of an address. */
  readonly addresses?: Readonly<Record<string, string>>;
  readonly ports?: Readonly<Record<number, number>>;
  /** TTL that all packets have here, as a device sets it. */
  readonly ttl?: number;
  /** Added to the client's numbers on their way from here. */
  readonly seqShift?: number;
  /** Whether packets of that number of the connection are missing here. */
  readonly misses?: (packet: number) => boolean;
}

export interface ConnectionOptions {
  readonly client?: string;
  readonly server?: string;
  readonly clientPort?: number;
  /** Seconds after the begin. */
  readonly start?: number;
  /** The one whose SYN it is sits at the other end of the path. */
  readonly isTurned?: boolean;
}

export class Path {
  readonly #options: PathOptions;
  readonly #points: readonly CapturePoint[];
  readonly #captures: { readonly trueNs: number; readonly packet: ConversationPacket }[][];
  #connections = 0;

  constructor(options: PathOptions, points: readonly CapturePoint[]) {
    this.#options = options;
    this.#points = points;
    this.#captures = points.map(() => []);
  }

  connection(options: ConnectionOptions = {}): PathConnection {
    return new PathConnection(this, this.#connections++, options);
  }

  /** Packets of each point in the order in which they passed it. */
  get captures(): ConversationPacket[][] {
    return this.#captures.map((capture) =>
      [...capture].sort((a, b) => a.trueNs - b.trueNs).map(({ packet }) => packet),
    );
  }

  /** @returns when it arrives, seconds */
  pass(sent: SentPacket): number {
    const { routers, delay, jitter } = this.#options;
    const isFromLeft = (sent.from === 'client') !== (sent.isTurned ?? false);
    let late = 0;
    const inOrder = this.#points.map((_, i) => i).sort((a, b) => this.#points[a].at - this.#points[b].at);
    for (const i of isFromLeft ? inOrder : inOrder.reverse()) {
      const point = this.#points[i];
      late += jitter?.() ?? 0;
      const passed = isFromLeft ? point.at : routers - point.at;
      const trueNs = (sent.at + (delay * (passed + 0.5)) / (routers + 1) + late) * 1e9;
      if (point.misses?.(sent.number) === true) continue;
      this.#captures[i].push({ trueNs, packet: this.#packet(point, sent, passed, trueNs) });
    }
    return sent.at + delay + late + (jitter?.() ?? 0);
  }

  #packet(point: CapturePoint, sent: SentPacket, passed: number, trueNs: number): ConversationPacket {
    const address = (one: string): string => point.addresses?.[one] ?? one;
    const port = (one: number): number => point.ports?.[one] ?? one;
    const isClient = sent.from === 'client';
    const shift = point.seqShift ?? 0;
    const segment = tcp({
      srcPort: port(sent.srcPort),
      dstPort: port(sent.dstPort),
      seq: (sent.seq + (isClient ? shift : 0)) >>> 0,
      ack: sent.ack === 0 ? 0 : (sent.ack + (isClient ? 0 : shift)) >>> 0,
      flags: sent.flags,
      payload: sent.payload,
    });
    const ttl = point.ttl ?? (sent.ttl ?? 64) - passed;
    const packet = ip({ src: address(sent.src), dst: address(sent.dst), ttl, id: sent.ipId }, segment);
    const ns = Math.round(point.clock?.(trueNs) ?? trueNs);
    return { timeNs: START_NS + BigInt(ns), data: ethernet({}, packet) };
  }
}

interface SentPacket {
  /** Of the connection's packets. */
  readonly number: number;
  readonly from: Side;
  readonly isTurned?: boolean;
  readonly at: number;
  readonly src: string;
  readonly dst: string;
  readonly srcPort: number;
  readonly dstPort: number;
  readonly seq: number;
  readonly ack: number;
  readonly flags: string;
  readonly payload: number;
  readonly ttl?: number;
  readonly ipId: number;
}

/** Packet after packet: each is sent when the one before it has arrived. */
export class PathConnection {
  readonly #path: Path;
  readonly #options: ConnectionOptions;
  readonly #number: number;
  readonly #next: Record<Side, number>;
  #now: number;
  #packets = 0;

  constructor(path: Path, number: number, options: ConnectionOptions) {
    this.#path = path;
    this.#number = number;
    this.#options = options;
    this.#now = options.start ?? number;
    this.#next = { client: 1_000_003 * (number + 1), server: 2_000_000_011 + 7_000_033 * number };
  }

  handshake(): this {
    return this.send('client', 'S').send('server', 'SA').send('client', 'A');
  }

  clientSends(payload: number): this {
    return this.send('client', 'PA', payload);
  }

  serverSends(payload: number): this {
    return this.send('server', 'PA', payload);
  }

  wait(seconds: number): this {
    this.#now += seconds;
    return this;
  }

  send(from: Side, flags: string, payload = 0): this {
    const { client = '10.0.0.1', server = '192.0.2.80', clientPort = 40_000 + this.#number } = this.#options;
    const isClient = from === 'client';
    this.#now = this.#path.pass({
      ...{ number: this.#packets++, from, at: this.#now, flags, payload },
      isTurned: this.#options.isTurned ?? false,
      src: isClient ? client : server,
      dst: isClient ? server : client,
      srcPort: isClient ? clientPort : 80,
      dstPort: isClient ? 80 : clientPort,
      seq: this.#next[from],
      ack: flags === 'S' ? 0 : this.#next[isClient ? 'server' : 'client'],
      ipId: (this.#number * 4096 + this.#packets) & 0xffff,
    });
    this.#next[from] += payload + (/[SF]/u.test(flags) ? 1 : 0);
    return this;
  }
}
