/**
 * Whether two files are captures of the same packets from different places, by a bounded look at both: the times of a clock that is
 * wrong make the one look as if it went on where the other ends.
 *
 * A packet that is sent again has another IP-ID or time stamp than the first time, so that what two files have in common with
 * those was captured twice. Devices on the way that draw other sequence numbers leave addresses, ports and the pauses between
 * connections; proxies leave the randoms of TLS hellos.
 */
import { Decoder } from '../engine/decode/decoder.ts';
import {
  ACK,
  DST0,
  DST_PORT,
  FLAGS,
  IP_ID,
  KIND,
  KIND_TCP,
  OPTIONS,
  OPT_TIMESTAMPS,
  PAYLOAD_AT,
  PAYLOAD_CAPTURED,
  PAYLOAD_LENGTH,
  SEQ,
  SRC0,
  SRC_PORT,
  TCP_ACK,
  TCP_FIN,
  TCP_RST,
  TCP_SYN,
  TS_VALUE,
} from '../engine/decode/facts.ts';
import { LIMITS, LimitCounter } from '../engine/limits.ts';
import { CaptureReader } from '../engine/read/capture-reader.ts';
import { CaptureClock, type InterfaceInfo, type PacketSink } from '../engine/read/sink.ts';
import { openCaptureFile } from './capture-file.ts';

/** Bytes read of the begin and of the end of a file. */
const HEAD_BYTES = 16 * 1024 * 1024;
const TAIL_BYTES = 1024 * 1024;

/** Packets that both must have, and the share of the smaller sample. */
const FEWEST_PACKETS = 3;
const LEAST_SHARE = 0.1;
/** Hellos of other segments that both must have: of the client and of the server. */
const FEWEST_HELLOS = 2;
/** Connections that both must begin at one distance of time, give or take this. */
const FEWEST_BEGINS = 3;
const BEGIN_NS = 100_000_000;

/** Keep-alives carry one byte at most, and repeat. */
const SHORTEST_DATA = 2;
/** Random of a hello in the first record of a stream: behind the headers of record and message, and the version. */
const RANDOM_AT = 5 + 4 + 2;
const RANDOM_END = RANDOM_AT + 32;
const TLS_HANDSHAKE = 22;
const TLS_MAJOR = 3;
const CLIENT_HELLO = 1;
const SERVER_HELLO = 2;
const ADDRESS_WORDS = 4;

export interface TrafficSample {
  /** Packets by what routers and address translators leave of them. */
  readonly packets: ReadonlySet<string>;
  /** Sequence number of the segment that a TLS hello is in, by its random. */
  readonly hellos: ReadonlyMap<string, number>;
  /** Time of the first SYN, by addresses and ports; nanoseconds since the file's first packet. */
  readonly begins: ReadonlyMap<string, number>;
}

/** @throws CaptureFileError where the file cannot be opened or read */
export async function sampleTraffic(path: string): Promise<TrafficSample> {
  const source = await openCaptureFile(path);
  try {
    const sink = new SampleSink();
    const reader = new CaptureReader(sink, new CaptureClock(), new LimitCounter());
    const head = await source.readAt(0, HEAD_BYTES);
    reader.feed(head);
    if (source.compression === 'none' && source.sizeBytes > head.length) {
      // As if all between begin and end were missing: the reader finds the next record, as it does in damaged files.
      const tailAt = Math.max(head.length, source.sizeBytes - TAIL_BYTES);
      reader.feed(await source.readAt(tailAt, source.sizeBytes - tailAt));
    }
    return sink;
  } finally {
    await source.close();
  }
}

export function isSameTraffic(one: TrafficSample, other: TrafficSample): boolean {
  let packets = 0;
  for (const packet of one.packets) if (other.packets.has(packet)) packets++;
  const fewer = Math.min(one.packets.size, other.packets.size);
  if (packets >= FEWEST_PACKETS && packets >= LEAST_SHARE * fewer) return true;

  let hellos = 0;
  for (const [random, seq] of one.hellos) {
    const there = other.hellos.get(random);
    if (there !== undefined && there !== seq) hellos++;
  }
  return hellos >= FEWEST_HELLOS || mostAtOneDistance(one, other) >= FEWEST_BEGINS;
}

function mostAtOneDistance(one: TrafficSample, other: TrafficSample): number {
  const distances: number[] = [];
  for (const [endpoints, timeNs] of one.begins) {
    const there = other.begins.get(endpoints);
    if (there !== undefined) distances.push(there - timeNs);
  }
  distances.sort((a, b) => a - b);
  let most = 0;
  for (let from = 0, to = 0; to < distances.length; to++) {
    while (distances[to] - distances[from] > BEGIN_NS) from++;
    most = Math.max(most, to + 1 - from);
  }
  return most;
}

class SampleSink implements PacketSink, TrafficSample {
  readonly packets = new Set<string>();
  readonly hellos = new Map<string, number>();
  readonly begins = new Map<string, number>();
  readonly #decoder = new Decoder(new LimitCounter());
  readonly #linkTypes: number[] = [];

  onInterface(info: InterfaceInfo): void {
    this.#linkTypes.push(info.linkType);
  }

  onPacket(
    data: Uint8Array,
    start: number,
    capturedLength: number,
    wireLength: number,
    timeNs: number,
    interfaceId: number,
  ): void {
    if (this.packets.size >= LIMITS.maxTrafficSample) return;
    const linkType = interfaceId < this.#linkTypes.length ? this.#linkTypes[interfaceId] : -1;
    this.#decoder.decode(data, start, capturedLength, wireLength, linkType, timeNs);
    const { facts } = this.#decoder;
    if (facts[KIND] !== KIND_TCP) return;
    const flags = facts[FLAGS];
    const length = facts[PAYLOAD_LENGTH];
    if ((flags & TCP_RST) !== 0) return;
    if ((flags & (TCP_SYN | TCP_FIN)) === 0 && length < SHORTEST_DATA) return;
    const hasStamp = (facts[OPTIONS] & OPT_TIMESTAMPS) !== 0;
    const sent = hasStamp ? facts[TS_VALUE] : facts[IP_ID];
    // Without one of the two what is sent again looks the same.
    if (hasStamp || sent > 0) this.packets.add(`${flags} ${facts[SEQ]} ${facts[ACK]} ${length} ${sent}`);
    if ((flags & (TCP_SYN | TCP_ACK)) === TCP_SYN) this.#noteBegin(timeNs);
    if (facts[PAYLOAD_CAPTURED] >= RANDOM_END) this.#noteHello(facts[PAYLOAD_AT], facts[SEQ]);
  }

  #noteBegin(timeNs: number): void {
    const { facts } = this.#decoder;
    const words = [
      ...facts.subarray(SRC0, SRC0 + ADDRESS_WORDS),
      ...facts.subarray(DST0, DST0 + ADDRESS_WORDS),
    ];
    const endpoints = [...words, facts[SRC_PORT], facts[DST_PORT]].join(' ');
    if (!this.begins.has(endpoints)) this.begins.set(endpoints, timeNs);
  }

  #noteHello(at: number, seq: number): void {
    const { bytes } = this.#decoder;
    const isHello = bytes[at] === TLS_HANDSHAKE && bytes[at + 1] === TLS_MAJOR;
    if (isHello && (bytes[at + 5] === CLIENT_HELLO || bytes[at + 5] === SERVER_HELLO)) {
      this.hellos.set(bytes.subarray(at + RANDOM_AT, at + RANDOM_END).join(' '), seq);
    }
  }

  onOtherFrames(): void {}
  onComment(): void {}
  onName(): void {}
  onDrops(): void {}
  onKernelEvent(): void {}
  onWarning(): void {}
}
