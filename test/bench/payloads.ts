/**
 * The bytes that packets carry. Everything lies in one pool with prefix sums of its 16-bit words, so that the
 * checksum of any even-aligned stretch costs two look-ups instead of a walk over 1,448 bytes.
 *
 * Invariant: every offset handed out is even, and RUN bytes of the pool follow it.
 */
import type { Random } from './random.ts';

const RANDOM_BYTES = 1 << 20;
const CAPACITY = 24 << 20;
/** Longest payload of one packet, rounded up. */
const RUN = 1536;

/** A message's first bytes in the pool; what follows them in the stream is random. */
export interface Message {
  readonly at: number;
  readonly length: number;
}

const text = new TextEncoder();

export class Payloads {
  readonly bytes = new Uint8Array(CAPACITY);
  readonly #sums = new Float64Array(CAPACITY / 2 + 1);
  readonly #messages = new Map<string, Message>();
  readonly #random: Random;
  #used = 0;

  constructor(random: Random) {
    this.#random = random;
    const words = new Int32Array(this.bytes.buffer, 0, RANDOM_BYTES / 4);
    for (let i = 0; i < words.length; i++) words[i] = random.u32();
    this.#seal(RANDOM_BYTES);
  }

  /** One's complement sum of the 16-bit words of [at, at + length), not folded. */
  sum(at: number, length: number): number {
    const words = length >> 1;
    const first = at >> 1;
    const whole = this.#sums[first + words] - this.#sums[first];
    return (length & 1) === 0 ? whole : whole + this.bytes[at + length - 1] * 256;
  }

  /** Where a payload of random bytes starts. */
  filler(): number {
    return this.#random.between(0, (RANDOM_BYTES - RUN) >> 1) << 1;
  }

  /** One TLS application-data record of `length` bytes all told. */
  tlsRecord(length: number): Message {
    return this.#message(`record ${length}`, length, () =>
      Uint8Array.of(0x17, 0x03, 0x03, (length - 5) >> 8, (length - 5) & 0xff),
    );
  }

  clientHello(serverName: string): Message {
    return this.#message(`hello ${serverName}`, undefined, () => clientHello(serverName));
  }

  /** ServerHello and an encrypted flight, in one packet. */
  serverHello(): Message {
    return this.#message('server hello', undefined, serverHello);
  }

  httpRequest(host: string, method: string, target: string, bodyLength: number): Message {
    const length = bodyLength > 0 ? `Content-Length: ${bodyLength}\r\n` : '';
    const head = `${method} ${target} HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: bench/1.0\r\n${length}Accept: */*\r\n\r\n`;
    return this.#message(head, head.length + bodyLength, () => text.encode(head));
  }

  httpResponse(bodyLength: number): Message {
    const head = `HTTP/1.1 200 OK\r\nServer: bench\r\nContent-Type: application/octet-stream\r\nContent-Length: ${bodyLength}\r\n\r\n`;
    return this.#message(head, head.length + bodyLength, () => text.encode(head));
  }

  dnsQuery(name: string): Message {
    return this.#message(`dns? ${name}`, undefined, () => dnsMessage(name, undefined));
  }

  dnsAnswer(name: string, address: readonly number[]): Message {
    return this.#message(`dns! ${name}`, undefined, () => dnsMessage(name, address));
  }

  #message(key: string, length: number | undefined, make: () => Uint8Array): Message {
    const known = this.#messages.get(key);
    if (known !== undefined) return known;
    const head = make();
    const at = this.#used;
    const end = at + ((head.length + RUN + 1) & ~1);
    if (end > CAPACITY) throw new Error('the payload pool is full: fewer distinct messages, please');
    this.bytes.set(head, at);
    const from = this.filler();
    this.bytes.copyWithin(at + head.length, from, from + end - at - head.length);
    this.#seal(end);
    const message = { at, length: length ?? head.length };
    this.#messages.set(key, message);
    return message;
  }

  #seal(end: number): void {
    for (let i = this.#used; i < end; i += 2) {
      this.#sums[(i >> 1) + 1] = this.#sums[i >> 1] + ((this.bytes[i] << 8) | this.bytes[i + 1]);
    }
    this.#used = end;
  }
}

function clientHello(serverName: string): Uint8Array {
  const name = text.encode(serverName);
  const extension = (type: number, body: readonly number[]): number[] => [
    type >> 8,
    type & 0xff,
    body.length >> 8,
    body.length & 0xff,
    ...body,
  ];
  const u16 = (value: number): number[] => [value >> 8, value & 0xff];
  const extensions = [
    ...extension(0, [...u16(name.length + 3), 0, ...u16(name.length), ...name]),
    ...extension(16, [...u16(12), 2, 0x68, 0x32, 8, ...text.encode('http/1.1')]),
    ...extension(10, [...u16(4), 0, 29, 0, 23]),
    ...extension(13, [...u16(4), 4, 3, 8, 4]),
    ...extension(43, [2, 3, 4]),
    ...extension(51, [...u16(36), 0, 29, 0, 32, ...Array.from({ length: 32 }, (_, i) => i * 7)]),
  ];
  const random = Array.from({ length: 32 }, (_, i) => (i * 37 + name.length) & 0xff);
  const suites = [0x13, 0x01, 0x13, 0x02, 0xc0, 0x2f];
  const body = [3, 3, ...random, 32, ...random, ...u16(suites.length), ...suites, 1, 0];
  body.push(...u16(extensions.length), ...extensions);
  return Uint8Array.from([22, 3, 1, ...u16(body.length + 4), 1, 0, ...u16(body.length), ...body]);
}

function serverHello(): Uint8Array {
  const random = Array.from({ length: 32 }, (_, i) => (i * 91) & 0xff);
  const extensions = [0, 43, 0, 2, 3, 4, 0, 51, 0, 36, 0, 29, 0, 32, ...random];
  const body = [3, 3, ...random, 32, ...random, 0x13, 0x01, 0, 0, extensions.length, ...extensions];
  const hello = [22, 3, 3, 0, body.length + 4, 2, 0, 0, body.length, ...body];
  const sealed = 1024;
  return Uint8Array.from(
    [...hello, 20, 3, 3, 0, 1, 1, 23, 3, 3, sealed >> 8, sealed & 0xff].concat(
      Array.from({ length: sealed }, (_, i) => (i * 151 + (i >> 3)) & 0xff),
    ),
  );
}

/** A query for `name`, or the answer to it with one A record (RFC 1035 §4). */
function dnsMessage(name: string, address: readonly number[] | undefined): Uint8Array {
  const labels = name.split('.').flatMap((label) => [label.length, ...text.encode(label)]);
  const id = [name.length, name.charCodeAt(0)];
  const flags = address === undefined ? [1, 0] : [0x81, 0x80];
  const counts = [0, 1, 0, address === undefined ? 0 : 1, 0, 0, 0, 0];
  const question = [...labels, 0, 0, 1, 0, 1];
  const answer = address === undefined ? [] : [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...address];
  return Uint8Array.from([...id, ...flags, ...counts, ...question, ...answer]);
}
