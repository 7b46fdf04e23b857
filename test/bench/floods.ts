/**
 * Captures that put one thing in great number, for what a reader keeps of each: connections that are only asked for, resets of as many
 * connections, resets of one. Ethernet and IPv4; written as they are made, so that size costs no memory.
 */
export const FLOODS = ['syns', 'resets-of-flows', 'resets-of-one', 'connection'] as const;
export type Flood = (typeof FLOODS)[number];

const SYN = 2;
const RST = 4;
const PSH = 8;
const ACK = 16;

const RECORD = 16;
const ETHERNET = 14;
const IPV4 = 20;
const TCP = 20;
const HEADERS = RECORD + ETHERNET + IPV4 + TCP;
const EPOCH_SECONDS = 1_767_225_600;
const BUFFER = 4 << 20;
const MICROS_APART = 20;
/** Longer than any of the captures that follow each other. */
const FIRST_MICROS = 1000;

const CLIENT = 0x0a00_0000;
const SERVER = 0xc633_6401;
const SERVER_PORT = 443;

/**
 * @param count of SYNs, of resets, or of the packets of the one connection
 * @param first number of the first host; time begins later by as much, so that captures with numbers of their own follow each other
 */
export function writeFlood(flood: Flood, count: number, write: (bytes: Uint8Array) => void, first = 0): void {
  const out = new SegmentWriter(write, first * FIRST_MICROS);
  if (flood === 'syns') for (let i = 0; i < count; i++) out.fromClient(first + i, SYN, i, 0);
  else if (flood === 'resets-of-flows') for (let i = 0; i < count; i++) resetConnection(out, first + i);
  else if (flood === 'resets-of-one') {
    handshake(out, first);
    for (let i = 0; i < count; i++) out.fromServer(first, RST, 5001, 0);
  } else {
    handshake(out, first);
    for (let sent = 1001, i = 3; i < count; i++) {
      if (i % 2 === 0) out.fromServer(first, ACK, 5001, sent);
      else {
        out.fromClient(first, ACK | PSH, sent, 5001, 100);
        sent += 100;
      }
    }
  }
  out.finish();
}

function handshake(out: SegmentWriter, host: number): void {
  out.fromClient(host, SYN, 1000, 0);
  out.fromServer(host, SYN | ACK, 5000, 1001);
  out.fromClient(host, ACK, 1001, 5001);
}

/** A request that is taken, and no answer but a reset. */
function resetConnection(out: SegmentWriter, host: number): void {
  handshake(out, host);
  out.fromClient(host, ACK | PSH, 1001, 5001, 100);
  out.fromServer(host, ACK, 5001, 1101);
  out.fromServer(host, RST | ACK, 5001, 1101);
}

/** Each segment is a copy of one, in which a few numbers are others. Checksums are left out, as a sender's capture has them. */
class SegmentWriter {
  readonly #bytes = new Uint8Array(BUFFER);
  readonly #view = new DataView(this.#bytes.buffer);
  readonly #write: (bytes: Uint8Array) => void;
  #at = 0;
  #micros: number;
  #id = 0;

  constructor(write: (bytes: Uint8Array) => void, micros: number) {
    this.#write = write;
    this.#micros = micros;
    for (const word of [0xa1b2c3d4, (4 << 16) | 2, 0, 0, 262_144, 1]) {
      this.#view.setUint32(this.#at, word, true);
      this.#at += 4;
    }
  }

  fromClient(host: number, flags: number, seq: number, ack: number, payload = 0): void {
    this.#segment(clientOf(host), SERVER, portOf(host), SERVER_PORT, flags, seq, ack, payload);
  }

  fromServer(host: number, flags: number, seq: number, ack: number): void {
    this.#segment(SERVER, clientOf(host), SERVER_PORT, portOf(host), flags, seq, ack, 0);
  }

  finish(): void {
    this.#write(this.#bytes.subarray(0, this.#at));
    this.#at = 0;
  }

  #segment(
    source: number,
    destination: number,
    sourcePort: number,
    destinationPort: number,
    flags: number,
    seq: number,
    ack: number,
    payload: number,
  ): void {
    const size = HEADERS + payload;
    if (this.#at + size > BUFFER) this.finish();
    const view = this.#view;
    const record = this.#at;
    this.#bytes.fill(0, record, record + size);
    this.#micros += MICROS_APART;
    view.setUint32(record, EPOCH_SECONDS + Math.floor(this.#micros / 1e6), true);
    view.setUint32(record + 4, this.#micros % 1e6, true);
    view.setUint32(record + 8, size - RECORD, true);
    view.setUint32(record + 12, size - RECORD, true);
    view.setUint16(record + RECORD, 0x0200); // locally administered
    view.setUint16(record + RECORD + 6, 0x0200);
    view.setUint16(record + RECORD + 12, 0x0800);
    const ip = record + RECORD + ETHERNET;
    view.setUint16(ip, 0x4500);
    view.setUint16(ip + 2, IPV4 + TCP + payload);
    view.setUint16(ip + 4, (this.#id = (this.#id + 1) & 0xffff));
    view.setUint16(ip + 6, 0x4000);
    view.setUint16(ip + 8, 0x4006); // 64 hops, TCP
    view.setUint32(ip + 12, source);
    view.setUint32(ip + 16, destination);
    const tcp = ip + IPV4;
    view.setUint16(tcp, sourcePort);
    view.setUint16(tcp + 2, destinationPort);
    view.setUint32(tcp + 4, seq);
    view.setUint32(tcp + 8, ack);
    view.setUint16(tcp + 12, 0x5000 | flags);
    view.setUint16(tcp + 14, 64_000);
    this.#at += size;
  }
}

/** Sixteen connections of each address. */
const clientOf = (host: number): number => CLIENT + (host >> 4);
const portOf = (host: number): number => 1024 + ((host * 13) % 60_000);
