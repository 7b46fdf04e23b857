/** The first half of the hot path: takes packets from the reader, decodes them into batches. */
import type { PacketBatch } from './batch.ts';
import {
  BATCH_PACKETS,
  PAYLOAD_NOT_HERE,
  ROW_DIRECTION,
  ROW_INTERFACE,
  ROW_PACKET_AT,
  ROW_PAYLOAD_AT,
  ROW_PAYLOAD_FIRST,
  ROW_WIRE_LENGTH,
} from './batch.ts';
import type { Decoder } from './decode/decoder.ts';
import { KIND, KIND_TCP, KIND_UDP, PAYLOAD_AT, PAYLOAD_CAPTURED } from './decode/facts.ts';

export class DecodeStage {
  readonly #decoder: Decoder;
  readonly #emit: (batch: PacketBatch) => PacketBatch;
  /** By interface of the file. */
  readonly #linkTypes: number[] = [];
  #batch: PacketBatch;

  /**
   * @param first the batch to fill first
   * @param emit takes a batch with rows; gives the one to fill next, which may be the same, emptied
   */
  constructor(decoder: Decoder, first: PacketBatch, emit: (batch: PacketBatch) => PacketBatch) {
    this.#decoder = decoder;
    this.#batch = first;
    this.#emit = emit;
  }

  /** Another file begins. */
  startFile(): void {
    this.#linkTypes.length = 0;
  }

  addInterface(linkType: number): void {
    this.#linkTypes.push(linkType);
  }

  /** Parameters as PacketSink.onPacket. */
  packet(
    data: Uint8Array,
    start: number,
    capturedLength: number,
    wireLength: number,
    timeNs: number,
    interfaceId: number,
    direction: number,
    fileOffset: number,
  ): void {
    let batch = this.#batch;
    if (data !== batch.bytes) {
      if (batch.count > 0) batch = this.#batch = this.#emit(batch);
      batch.bytes = data;
    }
    const row = batch.count;
    const facts = batch.facts[row];
    const decoder = this.#decoder;
    decoder.facts = facts;
    decoder.decode(
      data,
      start,
      capturedLength,
      wireLength,
      interfaceId < this.#linkTypes.length ? this.#linkTypes[interfaceId] : -1,
      timeNs,
    );
    batch.times[row] = timeNs;
    batch.offsets[row] = fileOffset;
    facts[ROW_WIRE_LENGTH] = wireLength;
    facts[ROW_INTERFACE] = interfaceId;
    facts[ROW_DIRECTION] = direction;
    facts[ROW_PACKET_AT] = start;
    const kind = facts[KIND];
    if (decoder.bytes === data && (kind === KIND_TCP || kind === KIND_UDP)) {
      const payloadAt = facts[PAYLOAD_AT];
      facts[ROW_PAYLOAD_AT] = payloadAt - start;
      facts[ROW_PAYLOAD_FIRST] = facts[PAYLOAD_CAPTURED] > 0 ? data[payloadAt] : -1;
    } else {
      facts[ROW_PAYLOAD_AT] = PAYLOAD_NOT_HERE;
      facts[ROW_PAYLOAD_FIRST] = -1;
    }
    batch.count = row + 1;
    if (row + 1 === BATCH_PACKETS) this.#batch = this.#emit(batch);
  }

  /** Hands on what was decoded so far; the bytes that packets came from are not looked at after it. */
  flush(): void {
    if (this.#batch.count > 0) this.#batch = this.#emit(this.#batch);
    // The next chunk may reuse this one's memory under the same object.
    this.#batch.bytes = NOTHING;
  }
}

const NOTHING = new Uint8Array(0);
