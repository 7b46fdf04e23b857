/**
 * A TCP conversation, told step by step, as a capture point sees it:
 *
 *   const talk = new Conversation({ server: { hops: 8, delay: 0.02 } })
 *     .handshake()
 *     .clientSends('GET / HTTP/1.1\r\n\r\n')
 *     .serverAcks()
 *     .rst({ from: 'server' });
 *   writePcap({ packets: talk.packets });
 *
 * It keeps sequence numbers, acknowledgements, IP-IDs, time stamps and the clock right. Whatever a step is told to do
 * otherwise (`seq`, `ttl` …) changes that packet only, so a forged packet is written as what it is: a step with overrides.
 *
 * Time: when the other side speaks, its `delay` passes first; when the same side goes on, 10 µs.
 */
import { Peer, type PeerOptions, type Side } from './conversation-peer.ts';
import {
  ethernet,
  icmpError,
  ip,
  tcp,
  tcpFlags,
  toBytes,
  type NetworkPacket,
  type TcpOptions,
} from './packet-builder.ts';

export type { PeerOptions, Side } from './conversation-peer.ts';

/** 2023-11-14 22:13:20 UTC. */
export const DEFAULT_START_NS = 1_700_000_000_000_000_000n;
const SAME_SIDE_GAP_NS = 10_000n;

export interface ConversationPacket {
  readonly timeNs: bigint;
  readonly data: Uint8Array;
}

export interface ConversationOptions {
  readonly client?: PeerOptions;
  readonly server?: PeerOptions;
  readonly startNs?: bigint;
  readonly vlan?: number;
  /** Puts the link layer (or a tunnel) around each packet; Ethernet with the sides' MAC addresses unless said. */
  readonly link?: (packet: NetworkPacket, from: Side) => Uint8Array;
}

/** What one packet has otherwise than its side would send it. */
export interface SegmentOverrides {
  readonly seq?: number;
  readonly ack?: number;
  readonly flags?: string | number;
  readonly window?: number;
  /** TTL at the capture point. */
  readonly ttl?: number;
  readonly ipId?: number;
  readonly df?: boolean;
  readonly tos?: number;
  readonly mac?: string;
  /** Replaces all options; `{}` for none. */
  readonly options?: TcpOptions;
  readonly payload?: Uint8Array | string | number;
  /** Seconds after the packet before, instead of the side's own delay. */
  readonly after?: number;
}

export interface ResetOptions extends SegmentOverrides {
  readonly from: Side;
  /**
   * 'abort' (the default): the side ends its own connection: RST-ACK at SND.NXT, options as usual.
   * 'reply': an answer to the other side's last segment without a connection behind it, by RFC 9293 §3.10.7.1:
   * no options, window 0, IP-ID 0; seq is that segment's ack, or seq 0 with an ACK where it had none.
   */
  readonly style?: 'abort' | 'reply';
}

interface SentSegment {
  readonly side: Side;
  readonly seq: number;
  readonly ack: number;
  readonly flags: number;
  /** Sequence space taken: payload, SYN and FIN. */
  readonly length: number;
  readonly packet: NetworkPacket;
  readonly fields: SegmentOverrides;
}

export class Conversation {
  readonly client: Peer;
  readonly server: Peer;
  /** What was captured so far. */
  readonly packets: ConversationPacket[] = [];
  readonly #startNs: bigint;
  #nowNs: bigint;
  readonly #link: (packet: NetworkPacket, from: Side, mac: string) => Uint8Array;
  #last: SentSegment | undefined = undefined;
  readonly #lastOf: Partial<Record<Side, SentSegment>> = {};
  readonly #lastDataOf: Partial<Record<Side, SentSegment>> = {};
  #hidden = false;

  constructor(options: ConversationOptions = {}) {
    this.client = new Peer('client', options.client ?? {});
    this.server = new Peer('server', options.server ?? {});
    this.#startNs = options.startNs ?? DEFAULT_START_NS;
    this.#nowNs = this.#startNs;
    this.#link =
      options.link ??
      ((packet, from, mac) =>
        ethernet({ src: mac, dst: this.#other(from).mac, vlan: options.vlan, padTo: 60 }, packet));
  }

  get nowNs(): bigint {
    return this.#nowNs;
  }

  wait(seconds: number): this {
    this.#nowNs += BigInt(Math.round(seconds * 1e9));
    return this;
  }

  syn(overrides: SegmentOverrides = {}): this {
    const { client } = this;
    const options = client.synOptions(this.#elapsed('client', overrides));
    return this.segment('client', { flags: 'S', window: client.synWindow, options, ...overrides });
  }

  synAck(overrides: SegmentOverrides = {}): this {
    const { client, server } = this;
    const timestamps = client.offersTimestamps && server.offersTimestamps;
    client.timestamps = timestamps;
    server.timestamps = timestamps;
    const options = server.synOptions(this.#elapsed('server', overrides));
    return this.segment('server', { flags: 'SA', window: server.synWindow, options, ...overrides });
  }

  handshake(): this {
    return this.syn().synAck().clientAcks();
  }

  /** Data in segments of at most the other side's MSS, PSH on the last. */
  clientSends(data: Uint8Array | string | number, overrides: SegmentOverrides = {}): this {
    return this.#sends('client', data, overrides);
  }

  serverSends(data: Uint8Array | string | number, overrides: SegmentOverrides = {}): this {
    return this.#sends('server', data, overrides);
  }

  clientAcks(overrides: SegmentOverrides = {}): this {
    return this.segment('client', overrides);
  }

  serverAcks(overrides: SegmentOverrides = {}): this {
    return this.segment('server', overrides);
  }

  /** A request and its answer, both acknowledged. */
  exchange(request: Uint8Array | string | number, response: Uint8Array | string | number): this {
    return this.clientSends(request).serverAcks().serverSends(response).clientAcks();
  }

  /** A FIN of that side alone; `closes` tells the whole farewell. */
  clientCloses(overrides: SegmentOverrides = {}): this {
    return this.segment('client', { flags: 'FA', ...overrides });
  }

  serverCloses(overrides: SegmentOverrides = {}): this {
    return this.segment('server', { flags: 'FA', ...overrides });
  }

  /** FIN, ACK, FIN, ACK, begun by `first`. */
  closes(first: Side = 'client'): this {
    const second = first === 'client' ? 'server' : 'client';
    return this.segment(first, { flags: 'FA' })
      .segment(second)
      .segment(second, { flags: 'FA' })
      .segment(first);
  }

  /** A reset. Neither side's numbers move, whoever sent it. */
  rst(options: ResetOptions): this {
    const { from, style = 'abort', ...overrides } = options;
    if (style === 'abort') return this.segment(from, { flags: 'RA', ...overrides });
    const answered = this.#lastOf[this.#other(from).side];
    if (!answered) throw new Error(`the ${from} has nothing to answer`);
    const bare = { window: 0, ipId: 0, options: {} };
    const numbers =
      (answered.flags & tcpFlags('A')) !== 0
        ? { flags: 'R', seq: answered.ack, ack: 0 }
        : { flags: 'RA', seq: 0, ack: (answered.seq + answered.length) >>> 0 };
    return this.segment(from, { ...bare, ...numbers, ...overrides });
  }

  /** A SYN and the refusal of a closed port. */
  refused(overrides: SegmentOverrides = {}): this {
    return this.syn().rst({ from: 'server', style: 'reply', ...overrides });
  }

  /** A keep-alive probe: one below SND.NXT, without data. */
  keepAlive(from: Side, overrides: SegmentOverrides = {}): this {
    return this.segment(from, { seq: (this[from].next - 1) >>> 0, ...overrides });
  }

  /** The side's last data, SYN or FIN once more, with a new IP-ID and a new time stamp. */
  retransmit(from: Side, overrides: SegmentOverrides = {}): this {
    const sent = this.#lastDataOf[from];
    if (!sent) throw new Error(`the ${from} has nothing to send again`);
    const { flags, payload, window, options } = sent.fields;
    return this.segment(from, { flags, payload, window, options, seq: sent.seq, ...overrides });
  }

  /** The last packet captured once more, byte for byte, as a mirror port does. */
  capturedTwice(afterSeconds = 0.000_002): this {
    const last = this.packets.at(-1);
    if (!last) throw new Error('nothing was captured yet');
    this.wait(afterSeconds);
    this.packets.push({ timeNs: this.#nowNs, data: last.data });
    return this;
  }

  /** Steps that happen, but that the capture missed. */
  uncaptured(steps: (talk: this) => unknown): this {
    this.#hidden = true;
    steps(this);
    this.#hidden = false;
    return this;
  }

  /** An ICMP error about the last segment of `about`, sent to it by the router at `router`. */
  icmp(options: {
    readonly router: string;
    readonly about: Side;
    readonly type: number;
    readonly code?: number;
    readonly ttl?: number;
    readonly quoteBytes?: number;
  }): this {
    const quoted = this.#lastOf[options.about];
    if (!quoted) throw new Error(`the ${options.about} has sent nothing`);
    const to = this[options.about];
    this.#pass(this.#other(options.about).side, undefined);
    const error = icmpError(options, quoted.packet);
    this.#capture(
      ip({ src: options.router, dst: to.address, ttl: options.ttl ?? 60 }, error),
      this.#other(to.side),
    );
    return this;
  }

  /** One segment of `from`: an ACK without data unless told otherwise. */
  segment(from: Side, overrides: SegmentOverrides = {}): this {
    const peer = this[from];
    const other = this.#other(from);
    this.#pass(from, overrides.after);
    const flags = tcpFlags(overrides.flags ?? 'A');
    const seq = (overrides.seq ?? peer.next) >>> 0;
    const ack = (overrides.ack ?? ((flags & tcpFlags('A')) !== 0 ? (peer.received ?? 0) : 0)) >>> 0;
    const payload = toBytes(overrides.payload);
    const elapsed = this.#nowNs - this.#startNs;
    const usual: TcpOptions = peer.timestamps ? { ts: [peer.timestampAt(elapsed), peer.lastTimestamp] } : {};
    const options = overrides.options ?? usual;
    const bytes = tcp({
      srcPort: peer.port,
      dstPort: other.port,
      seq,
      ack,
      flags,
      window: overrides.window ?? peer.window,
      options,
      payload,
    });
    const packet = ip(
      {
        src: peer.address,
        dst: other.address,
        ttl: overrides.ttl ?? peer.ttl - peer.hops,
        id: overrides.ipId ?? peer.nextIpId(),
        df: overrides.df ?? peer.df,
        tos: overrides.tos ?? peer.tos,
      },
      bytes,
    );
    const length =
      payload.length + ((flags & tcpFlags('S')) !== 0 ? 1 : 0) + ((flags & tcpFlags('F')) !== 0 ? 1 : 0);
    this.#remember({ side: from, seq, ack, flags, length, packet, fields: overrides }, options);
    this.#capture(packet, peer, overrides.mac);
    return this;
  }

  #sends(from: Side, data: Uint8Array | string | number, overrides: SegmentOverrides): this {
    const bytes = toBytes(data);
    const size = this.#other(from).mss - (this[from].timestamps ? 12 : 0);
    for (let at = 0; at < bytes.length; at += size) {
      const isLast = at + size >= bytes.length;
      const payload = bytes.subarray(at, at + size);
      const { after, ...rest } = overrides;
      this.segment(from, {
        flags: isLast ? 'PA' : 'A',
        payload,
        ...rest,
        ...(at === 0 && after !== undefined ? { after } : {}),
      });
    }
    return this;
  }

  /** Moves both sides' numbers on, as if the segment arrived. Resets and forgeries out of line move nothing. */
  #remember(sent: SentSegment, options: TcpOptions): void {
    const peer = this[sent.side];
    const other = this.#other(sent.side);
    this.#last = sent;
    this.#lastOf[sent.side] = sent;
    if ((sent.flags & tcpFlags('R')) !== 0) return;
    if (sent.length > 0) this.#lastDataOf[sent.side] = sent;
    if (options.ts) other.lastTimestamp = options.ts[0];
    if ((sent.flags & tcpFlags('S')) !== 0) {
      peer.next = sent.seq;
      other.received = sent.seq;
    }
    if (sent.seq !== peer.next) return;
    peer.next = (sent.seq + sent.length) >>> 0;
    if (other.received === sent.seq) other.received = peer.next;
  }

  #pass(from: Side, after: number | undefined): void {
    this.#nowNs += this.#gapNs(from, after);
  }

  #gapNs(from: Side, after: number | undefined): bigint {
    if (after !== undefined) return BigInt(Math.round(after * 1e9));
    if (this.#last === undefined) return 0n;
    return this.#last.side === from ? SAME_SIDE_GAP_NS : this[from].delayNs + SAME_SIDE_GAP_NS;
  }

  /** Time since the start at which the next segment of `from` will be sent. */
  #elapsed(from: Side, overrides: SegmentOverrides): bigint {
    return this.#nowNs + this.#gapNs(from, overrides.after) - this.#startNs;
  }

  #capture(packet: NetworkPacket, from: Peer, mac = from.mac): void {
    if (this.#hidden) return;
    this.packets.push({ timeNs: this.#nowNs, data: this.#link(packet, from.side, mac) });
  }

  #other(side: Side): Peer {
    return side === 'client' ? this.server : this.client;
  }
}

/** The packets of several conversations in the order of their times. */
export function interleave(
  ...talks: readonly { readonly packets: readonly ConversationPacket[] }[]
): ConversationPacket[] {
  const all = talks.flatMap((talk) => talk.packets);
  return all.sort((a, b) => (a.timeNs < b.timeNs ? -1 : a.timeNs > b.timeNs ? 1 : 0));
}
