/** One side of a `Conversation`: who it is, how its stack behaves, and where its numbers stand. */
import type { TcpOptions } from './packet-builder.ts';

export type Side = 'client' | 'server';

export interface PeerOptions {
  /** IPv4 or IPv6; both sides of one family. */
  readonly address?: string;
  readonly port?: number;
  readonly mac?: string;
  /** TTL as sent, 64 unless said; the capture shows `ttl - hops`. */
  readonly ttl?: number;
  /** Routers between this side and the capture point. */
  readonly hops?: number;
  /**
   * How the IPv4 identification goes: 'counter' one up per packet (the default), 'zero', 'random' (of a fixed seed),
   * or a number: that one always.
   */
  readonly ipId?: 'counter' | 'zero' | 'random' | number;
  readonly df?: boolean;
  readonly tos?: number;
  readonly initialSeq?: number;
  /** As sent after the handshake (501 unless said) and with the SYN (64240). */
  readonly window?: number;
  readonly synWindow?: number;
  readonly mss?: number;
  /** Window scale shift; undefined offers none. */
  readonly windowScale?: number | undefined;
  readonly sackPermitted?: boolean;
  readonly timestamps?: boolean;
  /** Time stamp clock at the start, milliseconds. */
  readonly timestampBase?: number;
  /** Time from the capture point to this side's stack and back, seconds. */
  readonly delay?: number;
}

const DEFAULTS = {
  client: {
    address: '10.0.0.1',
    port: 40_000,
    mac: '02:00:00:00:00:01',
    initialSeq: 1_000_000,
    timestampBase: 100_000,
    firstIpId: 0x1000,
  },
  server: {
    address: '192.0.2.80',
    port: 80,
    mac: '02:00:00:00:00:02',
    initialSeq: 2_000_000_000,
    timestampBase: 7_000_000,
    firstIpId: 0x8000,
  },
} as const;

export class Peer {
  readonly side: Side;
  readonly address: string;
  readonly port: number;
  readonly mac: string;
  readonly ttl: number;
  readonly hops: number;
  readonly df: boolean;
  readonly tos: number;
  readonly window: number;
  readonly synWindow: number;
  readonly mss: number;
  readonly windowScale: number | undefined;
  readonly sackPermitted: boolean;
  readonly offersTimestamps: boolean;
  readonly delayNs: bigint;

  /** Initial sequence number, and the next one to send (SND.NXT). */
  readonly initialSeq: number;
  next: number;
  /** What it has received in order and acknowledges (RCV.NXT); undefined before the first segment. */
  received: number | undefined = undefined;
  /** Whether both sides offered time stamps. */
  timestamps: boolean;
  /** Time stamp last received, echoed. */
  lastTimestamp = 0;

  readonly #timestampBase: number;
  readonly #ipIds: 'counter' | 'zero' | 'random' | number;
  #ipId: number;

  constructor(side: Side, options: PeerOptions) {
    const defaults = DEFAULTS[side];
    this.side = side;
    this.address = options.address ?? defaults.address;
    this.port = options.port ?? defaults.port;
    this.mac = options.mac ?? defaults.mac;
    this.ttl = options.ttl ?? 64;
    this.hops = options.hops ?? 0;
    this.df = options.df ?? true;
    this.tos = options.tos ?? 0;
    this.window = options.window ?? 501;
    this.synWindow = options.synWindow ?? 64_240;
    this.mss = options.mss ?? 1460;
    this.windowScale = 'windowScale' in options ? options.windowScale : 7;
    this.sackPermitted = options.sackPermitted ?? true;
    this.offersTimestamps = options.timestamps ?? true;
    this.timestamps = this.offersTimestamps;
    this.delayNs = BigInt(Math.round((options.delay ?? 0) * 1e9));
    this.initialSeq = (options.initialSeq ?? defaults.initialSeq) >>> 0;
    this.next = this.initialSeq;
    this.#timestampBase = options.timestampBase ?? defaults.timestampBase;
    this.#ipIds = options.ipId ?? 'counter';
    this.#ipId = defaults.firstIpId;
  }

  /** Identification of its next packet. */
  nextIpId(): number {
    if (typeof this.#ipIds === 'number') return this.#ipIds;
    if (this.#ipIds === 'zero') return 0;
    const step = this.#ipIds === 'random' ? (this.#ipId * 25_173 + 13_849) & 0xffff : this.#ipId + 1;
    this.#ipId = step & 0xffff;
    return this.#ipId;
  }

  /** Its time stamp clock, of 1 kHz. */
  timestampAt(elapsedNs: bigint): number {
    return (this.#timestampBase + Number(elapsedNs / 1_000_000n)) >>> 0;
  }

  /** The options of its SYN or SYN-ACK. */
  synOptions(elapsedNs: bigint): TcpOptions {
    return {
      mss: this.mss,
      sackPermitted: this.sackPermitted,
      ws: this.windowScale,
      ts: this.timestamps ? [this.timestampAt(elapsedNs), this.lastTimestamp] : undefined,
    };
  }
}
