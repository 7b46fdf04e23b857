/**
 * Writes one packet as a pcap record (microseconds, little endian) with Ethernet, an optional VLAN tag, IPv4 or
 * IPv6, and TCP, UDP or an ICMP error, all checksums right. Straight into one big buffer: no object per packet.
 */
import type { Client, Server } from './hosts.ts';
import type { Draft } from './outbox.ts';
import {
  OPTIONS_NONE,
  OPTIONS_SACK,
  OPTIONS_SYN,
  PROTOCOL_ICMP_UNREACHABLE,
  PROTOCOL_TCP,
  PROTOCOL_UDP,
} from './outbox.ts';
import type { Payloads } from './payloads.ts';

const BUFFER = 8 << 20;
const LONGEST_RECORD = 2048;
const WHOLE_PACKETS = 262_144;

/** What all packets of a flow share. */
export interface Addressing {
  client: Client;
  server: Server;
  clientPort: number;
  serverPort: number;
  v6: boolean;
  timestamps: boolean;
  mss: number;
}

export class FrameWriter {
  readonly #out = new Uint8Array(BUFFER);
  readonly #view = new DataView(this.#out.buffer);
  readonly #payloads: Payloads;
  readonly #flush: (bytes: Uint8Array) => void;
  readonly #epochSeconds: number;
  readonly #snap: number;
  #at = 0;
  /** Bytes of the file so far. */
  written = 0;

  constructor(
    payloads: Payloads,
    epochSeconds: number,
    flush: (bytes: Uint8Array) => void,
    snap = WHOLE_PACKETS,
  ) {
    this.#payloads = payloads;
    this.#snap = snap;
    this.#epochSeconds = epochSeconds;
    this.#flush = flush;
    const header = [0xa1b2c3d4, (4 << 16) | 2, 0, 0, snap, 1];
    for (const word of header) this.#u32le(word);
    this.written = this.#at;
  }

  finish(): void {
    this.#flush(this.#out.subarray(0, this.#at));
    this.#at = 0;
  }

  write(flow: Addressing, draft: Draft): void {
    if (this.#at + LONGEST_RECORD > BUFFER) this.finish();
    const record = this.#at;
    const micros = Math.round(draft.time * 1e6);
    this.#u32le(this.#epochSeconds + Math.floor(micros / 1e6));
    this.#u32le(micros % 1e6);
    this.#at += 8; // the lengths, known at the end
    this.#link(flow, draft.from);
    const icmp = draft.protocol === PROTOCOL_ICMP_UNREACHABLE;
    const headers = transportHeaders(flow, draft);
    const total = headers + (icmp ? 0 : draft.payloadLength);
    const pseudo = flow.v6 ? this.#ipv6(flow, draft, total) : this.#ipv4(flow, draft, total);
    if (draft.protocol === PROTOCOL_TCP) this.#tcp(flow, draft, headers, pseudo);
    else if (draft.protocol === PROTOCOL_UDP) this.#udp(flow, draft, pseudo);
    else this.#icmpUnreachable(flow, draft);
    if (this.#at - record < 16 + 60) this.#padTo(record + 16 + 60); // Ethernet's minimum without FCS
    const length = this.#at - record - 16;
    const captured = Math.min(length, this.#snap);
    this.#view.setUint32(record + 8, captured, true);
    this.#view.setUint32(record + 12, length, true);
    this.#at = record + 16 + captured;
    this.written += this.#at - record;
  }

  #link(flow: Addressing, from: number): void {
    this.#bytes(from === 0 ? flow.server.mac : flow.client.mac);
    this.#bytes(from === 0 ? flow.client.mac : flow.server.mac);
    if (flow.server.vlan >= 0) {
      this.#u16(0x8100);
      this.#u16(flow.server.vlan);
    }
    this.#u16(flow.v6 ? 0x86dd : 0x0800);
  }

  /** Gives the sum of the pseudo header (RFC 9293 §3.1). */
  #ipv4(flow: Addressing, draft: Draft, length: number): number {
    const start = this.#at;
    const protocol = draft.protocol === PROTOCOL_TCP ? 6 : draft.protocol === PROTOCOL_UDP ? 17 : 1;
    this.#u16(0x4500);
    this.#u16(20 + length);
    this.#u16(draft.ipId);
    this.#u16(draft.dontFragment ? 0x4000 : 0);
    this.#u16((draft.ttl << 8) | protocol);
    this.#u16(0);
    this.#bytes(draft.from === 0 ? flow.client.v4 : flow.server.v4);
    this.#bytes(draft.from === 0 ? flow.server.v4 : flow.client.v4);
    const addresses = this.#sum(start + 12, 8);
    this.#view.setUint16(start + 10, fold(this.#sum(start, 12) + addresses));
    return addresses + protocol + length;
  }

  #ipv6(flow: Addressing, draft: Draft, length: number): number {
    const protocol = draft.protocol === PROTOCOL_TCP ? 6 : 17;
    this.#u16(0x6000);
    this.#u16(0);
    this.#u16(length);
    this.#u16((protocol << 8) | draft.ttl);
    const addresses = this.#at;
    this.#bytes(draft.from === 0 ? flow.client.v6 : flow.server.v6);
    this.#bytes(draft.from === 0 ? flow.server.v6 : flow.client.v6);
    return this.#sum(addresses, 32) + protocol + length;
  }

  #tcp(flow: Addressing, draft: Draft, headerLength: number, pseudo: number): void {
    const start = this.#at;
    this.#u16(draft.from === 0 ? flow.clientPort : flow.serverPort);
    this.#u16(draft.from === 0 ? flow.serverPort : flow.clientPort);
    this.#u32(draft.seq);
    this.#u32(draft.ack);
    this.#u16(((headerLength >> 2) << 12) | draft.flags);
    this.#u16(draft.window);
    this.#u32(0); // checksum, urgent pointer
    this.#options(flow, draft);
    const sum = this.#sum(start, headerLength) + this.#payload(draft);
    this.#view.setUint16(start + 16, fold(sum + pseudo));
  }

  #options(flow: Addressing, draft: Draft): void {
    if (draft.options === OPTIONS_NONE) return;
    if (draft.options === OPTIONS_SYN) {
      this.#u32(0x0204_0000 | flow.mss);
      if (!flow.timestamps) {
        this.#u32(0x0101_0402);
        this.#u32(0x0103_0308);
        return;
      }
      this.#u32(0x0402_080a);
      this.#u32(draft.tsValue);
      this.#u32(draft.tsEcho);
      this.#u32(0x0103_0307);
      return;
    }
    if (flow.timestamps) {
      this.#u32(0x0101_080a);
      this.#u32(draft.tsValue);
      this.#u32(draft.tsEcho);
    }
    if (draft.options === OPTIONS_SACK) {
      this.#u32(0x0101_050a);
      this.#u32(draft.sackLeft);
      this.#u32(draft.sackRight);
    }
  }

  #udp(flow: Addressing, draft: Draft, pseudo: number): void {
    const start = this.#at;
    this.#u16(draft.from === 0 ? flow.clientPort : flow.serverPort);
    this.#u16(draft.from === 0 ? flow.serverPort : flow.clientPort);
    this.#u16(8 + draft.payloadLength);
    this.#u16(0);
    const sum = this.#sum(start, 8) + this.#payload(draft);
    this.#view.setUint16(start + 6, fold(sum + pseudo) || 0xffff);
  }

  /** Port unreachable (RFC 792) from the server, quoting the client's UDP datagram of `payloadLength` bytes. */
  #icmpUnreachable(flow: Addressing, draft: Draft): void {
    const start = this.#at;
    this.#u32(0x0303_0000);
    this.#u32(0);
    this.#u16(0x4500);
    this.#u16(28 + draft.payloadLength);
    this.#u16(draft.ipId);
    this.#u16(0x4000);
    this.#u16((flow.client.ttl << 8) | 17);
    this.#u16(0);
    this.#bytes(flow.client.v4);
    this.#bytes(flow.server.v4);
    this.#view.setUint16(start + 18, fold(this.#sum(start + 8, 20)));
    this.#u16(flow.clientPort);
    this.#u16(flow.serverPort);
    this.#u16(8 + draft.payloadLength);
    this.#u16(0);
    this.#view.setUint16(start + 2, fold(this.#sum(start, this.#at - start)));
  }

  #payload(draft: Draft): number {
    const { payloadAt, payloadLength } = draft;
    if (payloadLength === 0) return 0;
    this.#out.set(this.#payloads.bytes.subarray(payloadAt, payloadAt + payloadLength), this.#at);
    this.#at += payloadLength;
    return this.#payloads.sum(payloadAt, payloadLength);
  }

  #sum(at: number, length: number): number {
    let sum = 0;
    for (let i = at; i < at + length; i += 2) sum += (this.#out[i] << 8) | this.#out[i + 1];
    return sum;
  }

  #padTo(end: number): void {
    this.#out.fill(0, this.#at, end);
    this.#at = end;
  }

  #bytes(bytes: Uint8Array): void {
    for (let i = 0; i < bytes.length; i++) this.#out[this.#at + i] = bytes[i];
    this.#at += bytes.length;
  }

  #u16(value: number): void {
    this.#out[this.#at] = value >> 8;
    this.#out[this.#at + 1] = value;
    this.#at += 2;
  }

  #u32(value: number): void {
    this.#view.setUint32(this.#at, value);
    this.#at += 4;
  }

  #u32le(value: number): void {
    this.#view.setUint32(this.#at, value, true);
    this.#at += 4;
  }
}

/** Bytes between the IP header and the payload. */
function transportHeaders(flow: Addressing, draft: Draft): number {
  if (draft.protocol === PROTOCOL_UDP) return 8;
  if (draft.protocol === PROTOCOL_ICMP_UNREACHABLE) return 8 + 28;
  if (draft.options === OPTIONS_NONE) return 20;
  if (draft.options === OPTIONS_SYN) return flow.timestamps ? 40 : 32;
  return 20 + (flow.timestamps ? 12 : 0) + (draft.options === OPTIONS_SACK ? 12 : 0);
}

/** The checksum field for a sum of 16-bit words (RFC 1071). */
function fold(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded % 0x1_0000) + Math.floor(folded / 0x1_0000);
  return ~folded & 0xffff;
}
