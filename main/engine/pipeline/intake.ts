/**
 * The hot path: takes packets from the reader, one at a time, to the end.
 *
 *   PacketSink ──▶ ordinary TCP segments ─────────────────────────────────────────▶ flow, marks, row of the index
 *                    └─ all else ──▶ Decoder (facts) ──▶ writeRow ──▶ FlowStage ──▶ flow, marks, row of the index
 *
 * The layers below say what a packet is, whatever it is; `OrdinarySegments` says the same of nearly all packets in a third of the
 * time, and leaves a packet to the layers before it has changed anything.
 *
 * Nothing is made per packet: numbers only.
 */
import type { Decoder } from '../decode/decoder.ts';
import type { Nanoseconds } from '../../../shared/base/units.ts';
import { KIND, KIND_TCP, KIND_UDP, LINK_DIRECTION, PAYLOAD_AT } from '../decode/facts.ts';
import type { TimeSpan } from '../files/file-state.ts';
import { LIMITS, type LimitCounter } from '../limits.ts';
import { DIRECTION_UNKNOWN } from '../read/sink.ts';
import { type PacketIndex, rowOf } from '../store/packet-index.ts';
import type { FlowStage } from './flow-stage.ts';
import type { OrdinarySegments } from './ordinary.ts';
import { PacketCursor, PAYLOAD_NOT_HERE } from './packet-cursor.ts';
import { writeRow } from './write-row.ts';

export class Intake {
  readonly #packets: PacketIndex;
  readonly #decoder: Decoder;
  readonly #flows: FlowStage;
  /** Undefined: all packets take the way through the layers, as tests want it for comparison. */
  readonly #ordinary: OrdinarySegments | undefined;
  readonly #limits: LimitCounter;
  /** LINKTYPE_ by interface of the file. */
  readonly #linkTypes: number[] = [];
  readonly #packet = new PacketCursor();

  constructor(
    packets: PacketIndex,
    decoder: Decoder,
    flows: FlowStage,
    ordinary: OrdinarySegments | undefined,
    limits: LimitCounter,
  ) {
    this.#packets = packets;
    this.#decoder = decoder;
    this.#flows = flows;
    this.#ordinary = ordinary;
    this.#limits = limits;
    decoder.facts = this.#packet.facts;
  }

  /** Another file begins. */
  startFile(): void {
    this.#linkTypes.length = 0;
  }

  addInterface(linkType: number): void {
    this.#linkTypes.push(linkType);
  }

  /** Parameters as PacketSink.onPacket. @param times notes when it came */
  packet(
    data: Uint8Array,
    start: number,
    capturedLength: number,
    wireLength: number,
    timeNs: number,
    interfaceId: number,
    direction: number,
    fileOffset: number,
    times: TimeSpan,
  ): void {
    if (this.#packets.next >= LIMITS.maxPackets) {
      this.#limits.hit('maxPackets');
      return;
    }
    times.note(timeNs as Nanoseconds);
    const linkType = interfaceId < this.#linkTypes.length ? this.#linkTypes[interfaceId] : -1;
    const isTaken = this.#ordinary?.take(
      data,
      start,
      capturedLength,
      wireLength,
      timeNs,
      linkType,
      direction,
      fileOffset,
    );
    if (isTaken === true) return;
    this.#throughLayers(
      data,
      start,
      capturedLength,
      wireLength,
      timeNs,
      linkType,
      interfaceId,
      direction,
      fileOffset,
    );
  }

  #throughLayers(
    data: Uint8Array,
    start: number,
    capturedLength: number,
    wireLength: number,
    timeNs: number,
    linkType: number,
    interfaceId: number,
    fileDirection: number,
    fileOffset: number,
  ): void {
    const packet = this.#packet;
    const decoder = this.#decoder;
    const packets = this.#packets;
    const { facts } = packet;
    decoder.decode(data, start, capturedLength, wireLength, linkType, timeNs);
    const hasPorts = facts[KIND] === KIND_TCP || facts[KIND] === KIND_UDP;
    packet.bytes = data;
    packet.payloadAt = hasPorts && decoder.bytes === data ? facts[PAYLOAD_AT] : PAYLOAD_NOT_HERE;
    packet.interfaceId = interfaceId;
    packet.timeNs = timeNs as Nanoseconds;
    const chunk = packets.begin(fileOffset, timeNs as Nanoseconds);
    packet.number = packets.next;
    packet.row = rowOf(packets.next);
    packet.chunk = chunk;
    const direction = fileDirection !== DIRECTION_UNKNOWN ? fileDirection : facts[LINK_DIRECTION];
    writeRow(packet, chunk, start, wireLength, direction, decoder.optionDigest);
    this.#flows.take(packet);
    packets.end();
  }
}
