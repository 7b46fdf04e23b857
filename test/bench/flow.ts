/**
 * One TCP connection as it passes the capture point: state, and the ways a packet of it is drafted. What the
 * connection does, and when, is decided in tcp-script.ts.
 *
 * Times are those of passing the capture point, between clients and servers: an answer of the client comes
 * client.rtt later, one of the server server.rtt later.
 */
import type { Addressing } from './frame-writer.ts';
import type { Client, Server } from './hosts.ts';
import type { Draft } from './outbox.ts';
import { OPTIONS_NONE, OPTIONS_SYN, OPTIONS_TIMESTAMPS, Outbox, PROTOCOL_TCP } from './outbox.ts';
import type { Message } from './payloads.ts';
import type { Random } from './random.ts';

export const FIN = 1;
export const SYN = 2;
export const RST = 4;
export const PSH = 8;
export const ACK = 16;

export const CLIENT = 0;
export const SERVER = 1;

/** What one host of the connection keeps. `next` is SND.NXT. */
export interface End {
  next: number;
  ttl: number;
  ipId: number;
  window: number;
  /** Milliseconds of its timestamp clock at the capture's start. */
  tsBase: number;
  /** Last timestamp value it has sent. */
  tsSent: number;
}

export class Flow implements Addressing {
  client: Client;
  server: Server;
  clientPort = 0;
  serverPort = 0;
  v6 = false;
  timestamps = true;
  mss = 1460;
  /** Payload bytes of a full segment. */
  segment = 1448;
  readonly ends: readonly [End, End] = [newEnd(), newEnd()];
  readonly outbox = new Outbox();
  /** Time of the last planned packet; the next round starts after it. */
  now = 0.5;
  /** What to do next: a step of the script. */
  step = 0;
  /** How the connection ends: an index of ENDINGS. */
  ending = 0;
  requestsLeft = 0;
  requestsSent = 0;
  uploads = false;
  /** What is left to send of the message under way, and by whom. */
  pending: Message = { at: 0, length: 0 };
  pendingSent = 0;
  congestionWindow = 10;

  constructor(client: Client, server: Server) {
    this.client = client;
    this.server = server;
  }

  /** Makes the slot a new connection. */
  begin(client: Client, server: Server, random: Random, time: number): void {
    this.client = client;
    this.server = server;
    client.nextPort = client.nextPort >= 60_998 ? 32_768 : client.nextPort + 1;
    this.clientPort = client.nextPort;
    this.serverPort = server.port;
    this.v6 = random.chance(0.08);
    this.timestamps = client.timestamps && server.timestamps;
    this.mss = this.v6 ? 1440 : 1460;
    this.segment = this.mss - (this.timestamps ? 12 : 0);
    for (const [end, host] of [
      [this.ends[CLIENT], client],
      [this.ends[SERVER], server],
    ] as const) {
      end.next = random.u32();
      end.ttl = host.ttl;
      end.ipId = random.u32() & 0xffff;
      end.window = 501 + random.between(0, 1500);
      end.tsBase = random.u32() >>> 2;
      end.tsSent = 0;
    }
    this.outbox.clear();
    this.now = time;
    this.congestionWindow = 10;
    this.requestsSent = 0;
  }

  /** A segment of `from` that carries `length` bytes of its stream from `seq` on, acknowledging all it has seen. */
  segmentAt(time: number, from: number, seq: number, ack: number, flags: number): Draft {
    const end = this.ends[from];
    const draft = this.outbox.add();
    draft.time = time;
    draft.from = from;
    draft.protocol = PROTOCOL_TCP;
    draft.seq = seq;
    draft.ack = ack;
    draft.flags = flags;
    draft.payloadAt = 0;
    draft.payloadLength = 0;
    draft.window = end.window;
    draft.ttl = end.ttl;
    draft.dontFragment = true;
    end.ipId = (end.ipId + 1) & 0xffff;
    draft.ipId = end.ipId;
    draft.options = this.timestamps ? OPTIONS_TIMESTAMPS : OPTIONS_NONE;
    end.tsSent = (end.tsBase + Math.floor(time * 1000)) | 0;
    draft.tsValue = end.tsSent;
    draft.tsEcho = this.ends[1 - from].tsSent;
    return draft;
  }

  /** A segment without data at the sender's SND.NXT. */
  plain(time: number, from: number, flags: number): Draft {
    return this.segmentAt(time, from, this.ends[from].next, this.ends[1 - from].next, flags);
  }

  /** SYN or SYN-ACK; takes the sequence number that it occupies. */
  synchronise(time: number, from: number): Draft {
    const draft = this.plain(time, from, from === CLIENT ? SYN : SYN | ACK);
    if (from === CLIENT) {
      draft.ack = 0;
      draft.tsEcho = 0;
    } else {
      draft.ipId = 0; // Linux answers SYNs without a socket's counter
    }
    draft.window = 64_240;
    draft.options = OPTIONS_SYN;
    this.ends[from].next = (this.ends[from].next + 1) | 0;
    return draft;
  }

  finish(time: number, from: number): Draft {
    const draft = this.plain(time, from, FIN | ACK);
    this.ends[from].next = (this.ends[from].next + 1) | 0;
    return draft;
  }

  /** A reset made by a stack without a socket: no options, window 0, IP-ID 0 (Linux). */
  bareReset(time: number, from: number, seq: number, ack: number, flags: number): Draft {
    const draft = this.segmentAt(time, from, seq, ack, flags);
    draft.options = OPTIONS_NONE;
    draft.window = 0;
    draft.ipId = 0;
    return draft;
  }

  /** Seconds until `from` answers something that passes the capture point now. */
  answersAfter(from: number): number {
    return from === CLIENT ? this.client.rtt : this.server.rtt;
  }
}

function newEnd(): End {
  return { next: 0, ttl: 64, ipId: 0, window: 501, tsBase: 0, tsSent: 0 };
}
