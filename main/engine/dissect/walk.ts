/**
 * Walks the layers of a packet, each first by the decoder, which finds its end and the next one, then by the dissector that says
 * what stands in it.
 */
import { decodeLayer } from '../decode/decoder.ts';
import {
  DEFECT_CHECKSUM,
  DEFECT_CUT,
  DEFECT_FRAGMENTS,
  DEFECT_INNER,
  DEFECT_LENGTH,
  DEFECT_NOT_OPENED,
  DEFECT_OPTIONS,
  DEFECT_TOO_DEEP,
  DEFECTS,
} from '../decode/facts.ts';
import { LAYER_DONE, LAYER_LINK } from '../decode/layers.ts';
import { linkDecoder } from '../decode/link-types.ts';
import { Packet } from '../decode/packet.ts';
import type { LimitCounter } from '../limits.ts';
import { dissectApplication } from './application.ts';
import type { FrameBytes, PacketContext } from './context.ts';
import type { FieldSink } from './field-sink.ts';
import { dissectFrame } from './frame.ts';
import { dissectLayer, dissectTrailer } from './layer.ts';
import type { Step } from './step.ts';

/** Steps that a packet can have at most: the decoder ends by itself, since each step moves on or counts as an encapsulation. */
const MAX_STEPS = 128;

export class LayerWalk {
  readonly #packet: Packet;

  constructor(limits: LimitCounter) {
    this.#packet = new Packet(limits);
  }

  run(frame: FrameBytes, context: PacketContext, sink: FieldSink): void {
    const packet = this.#packet;
    const { data, start, capturedLength, wireLength, linkType } = frame;
    packet.linkType = linkType;
    packet.begin(data, start, capturedLength, wireLength, context.sinceFirstNs);
    sink.read(data, start, start + capturedLength);
    sink.isOutgoing = context.isOutgoing;
    sink.isSumUnfinished = false;
    const step: Step = {
      sink,
      packet,
      frame,
      context,
      protocols: [],
      layer: LAYER_LINK,
      from: start,
      end: packet.end,
      wireEnd: packet.wireEnd,
      etherType: 0,
      protocol: 0,
      linkType,
      to: start,
      next: LAYER_DONE,
    };
    step.next = linkDecoder(linkType)(packet);
    this.#take(step);
    for (let count = 0; step.next !== LAYER_DONE && count < MAX_STEPS; count++) {
      step.layer = step.next;
      step.from = packet.at;
      step.end = packet.end;
      step.wireEnd = packet.wireEnd;
      step.etherType = packet.etherType;
      step.protocol = packet.protocol;
      step.linkType = packet.linkType;
      step.next = decodeLayer(packet, step.layer);
      this.#take(step);
    }
    dissectApplication(step);
    if (packet.data === data) dissectTrailer(step);
    dissectFrame(step);
  }

  #take(step: Step): void {
    const { packet, sink } = step;
    const defects = packet.facts[DEFECTS];
    step.to = packet.data === sink.data ? packet.at : step.end;
    dissectLayer(step);
    if (step.next === LAYER_DONE && defects !== 0) noteDefects(step, defects);
    // A fragment that completes its datagram hands on the datagram: other bytes, of which only what follows is read.
    if (packet.data !== sink.data) sink.read(packet.data, packet.at, packet.end);
  }
}

const DEFECT_TEXTS: readonly (readonly [number, string])[] = [
  [
    DEFECT_CUT,
    'The capture kept only the beginning of this packet (snap length): this header is not all there.',
  ],
  [DEFECT_LENGTH, 'Malformed: a length in this header contradicts the bytes that are there.'],
  [DEFECT_OPTIONS, 'Malformed: the options do not fit the header.'],
  [DEFECT_TOO_DEEP, 'Not opened further: more headers inside each other than the limit allows.'],
  [DEFECT_CHECKSUM, 'Malformed: the header checksum is wrong, so its length is not believed.'],
];

function noteDefects({ sink, from, end }: Step, defects: number): void {
  const told = defects & ~(DEFECT_NOT_OPENED | DEFECT_INNER | DEFECT_FRAGMENTS);
  for (const [bit, text] of DEFECT_TEXTS) {
    if ((told & bit) !== 0)
      sink.note(bit === DEFECT_CUT ? 'warning' : 'error', text, Math.min(from, end), end);
  }
}
