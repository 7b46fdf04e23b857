/** What a flow carried, page by page, searched, or as messages. Its order comes from the index; only the bytes that are asked for are read. */
import { seqAdd } from '../../shared/base/seq.ts';
import type { FlowRecord, PacketNumber } from '../../shared/base/units.ts';
import { RpcError } from '../../shared/contract/errors.ts';
import type {
  Brought,
  Conflict,
  GapReason,
  ResetPiece,
  StreamPage,
  StreamPiece,
  StreamSide,
  StreamTotals,
  UnacknowledgedRange,
} from '../../shared/model/stream.ts';
import type { Side } from '../../shared/model/verdict.ts';
import { TCP_RST, TCP_SYN } from '../engine/decode/facts.ts';
import { MARK_DUPLICATE_CAPTURE, MARK_ICMP } from '../engine/flow/marks.ts';
import {
  BASE_SEQ,
  LAST_ACK,
  LAST_RESET,
  SEEN,
  SEEN_ACK,
  SEEN_DATA,
  SEEN_FIN,
  SEEN_FIN_ACKED,
  SEEN_SYN,
  SEEN_SYN_ACK,
} from '../engine/flow/record.ts';
import { LIMITS } from '../engine/limits.ts';
import { PAYLOAD_ELSEWHERE } from '../engine/store/packet-columns.ts';
import {
  RST_PREVIOUS_RESET,
  RST_RECEIVER,
  RST_SENDER,
  SIDE_LAST_ACK,
  SIDE_NEXT_SEQ,
  SIDE_SEEN,
} from '../engine/store/reset-log.ts';
import type { OutlinePiece, StreamOutline } from '../engine/stream/outline.ts';
import { NO_PACKET_OF_GAP, OutlineMaker } from '../engine/stream/outline.ts';
import type { Analysis } from './analysis.ts';
import { PacketBytes } from './packet-bytes.ts';

/** Packets between two looks at whether others wait, or nobody wants the answer any more. */
const SLICE = 16_384;

/** Pieces of one page: segments of a byte each would make an answer of millions of values. */
const MOST_PIECES = 20_000;

const SIDES = ['client', 'server'] as const satisfies readonly Side[];

/** The order of a flow's bytes, and what was in flight when its resets came. */
export interface FlowStream {
  readonly flow: FlowRecord;
  readonly outline: StreamOutline;
  readonly unacknowledged: readonly UnacknowledgedRange[];
  /** How far the other side acknowledged each direction, as an offset; Infinity for datagrams. */
  readonly acknowledged: readonly [number, number];
  readonly olderLeftOut: boolean;
}

export class StreamView {
  readonly #analysis: Analysis;
  readonly #bytes: PacketBytes;
  /** The one that was looked at last: pages and searches come in rows. */
  #kept: { readonly key: string; readonly stream: FlowStream } | undefined;

  constructor(analysis: Analysis) {
    this.#analysis = analysis;
    this.#bytes = new PacketBytes(analysis);
  }

  async stream(flow: FlowRecord, signal: AbortSignal): Promise<FlowStream> {
    const { session } = this.#analysis;
    const key = `${session.flows.id(flow)} ${session.flowView.lastPacket(flow)} ${session.packets.oldest}`;
    if (this.#kept?.key === key) return this.#kept.stream;
    const stream = await this.#make(flow, signal);
    this.#kept = { key, stream };
    return stream;
  }

  async #make(flow: FlowRecord, signal: AbortSignal): Promise<FlowStream> {
    const { session } = this.#analysis;
    const { packets, flowView, resets } = session;
    const isTcp = flowView.isTcp(flow);
    const maker = new OutlineMaker(isTcp ? [this.#firstByte(flow, 0), this.#firstByte(flow, 1)] : null);
    const resetOf = this.#resetsOf(flow);
    const unacknowledged: UnacknowledgedRange[] = [];
    const numbers = session.flowPackets(flow);
    for (const [i, number] of numbers.entries()) {
      const packet = number as PacketNumber;
      if (i % SLICE === SLICE - 1) await rest(signal);
      // It may have been let go since the list of packets was made.
      if (!packets.holds(packet)) continue;
      if ((packets.marks(packet) & (MARK_DUPLICATE_CAPTURE | MARK_ICMP)) !== 0) continue;
      const flags = isTcp ? packets.flags(packet) : 0;
      if ((flags & TCP_RST) !== 0) {
        const reset = resetOf.get(packet);
        if (reset === undefined) continue;
        maker.mark(packet);
        unacknowledged.push(...this.#inFlight(resets, reset, maker));
        continue;
      }
      const payload = packets.payload(packet);
      if (payload === 0) continue;
      // A SYN's data starts behind the number that the SYN itself takes.
      const seq = (flags & TCP_SYN) !== 0 ? seqAdd(packets.seq(packet), 1) : packets.seq(packet);
      maker.add(packets.direction(packet), seq, payload, packet);
    }
    const acknowledged = (direction: 0 | 1): number => {
      if (!isTcp) return Infinity;
      const seen = flowView.directionWord(flow, otherDirection(direction), SEEN);
      const ack = flowView.directionWord(flow, otherDirection(direction), LAST_ACK);
      return (seen & SEEN_ACK) === 0 ? 0 : maker.offsetOf(direction, ack);
    };
    return {
      flow,
      unacknowledged,
      acknowledged: [acknowledged(0), acknowledged(1)],
      outline: maker.finish(),
      olderLeftOut: numbers.length >= LIMITS.maxListedPackets,
    };
  }

  #firstByte(flow: FlowRecord, direction: 0 | 1): number {
    const { flowView } = this.#analysis.session;
    const seen = flowView.directionWord(flow, direction, SEEN);
    const base = flowView.directionWord(flow, direction, BASE_SEQ);
    return (seen & (SEEN_SYN | SEEN_SYN_ACK)) !== 0 ? seqAdd(base, 1) : base;
  }

  /** The flow's resets by their packets; of a burst the first one. */
  #resetsOf(flow: FlowRecord): ReadonlyMap<number, number> {
    const { resets, flows } = this.#analysis.session;
    const found = new Map<number, number>();
    let id = flows.word(flow, LAST_RESET);
    for (let left = LIMITS.maxResetsOfFlow * 2; id >= resets.first && left > 0; left--) {
      found.set(resets.packet(id), id);
      id = resets.get(id, RST_PREVIOUS_RESET);
    }
    return found;
  }

  #inFlight(
    resets: Analysis['session']['resets'],
    reset: number,
    maker: OutlineMaker,
  ): UnacknowledgedRange[] {
    const claimed = resets.direction(reset);
    const { session } = this.#analysis;
    const told = session.hasReset(reset)
      ? session.findAccount(reset)?.verdict.unacknowledgedBytes
      : undefined;
    const ranges: UnacknowledgedRange[] = [];
    for (const direction of [0, 1] as const) {
      const [own, other] = direction === claimed ? [RST_SENDER, RST_RECEIVER] : [RST_RECEIVER, RST_SENDER];
      const seen = resets.get(reset, own + SIDE_SEEN);
      if ((seen & SEEN_DATA) === 0) continue;
      if ((resets.get(reset, other + SIDE_SEEN) & SEEN_ACK) === 0) continue;
      // A FIN takes a number, and is no byte.
      const fin = (seen & SEEN_FIN) !== 0 && (seen & SEEN_FIN_ACKED) === 0 ? 1 : 0;
      const to = maker.offsetOf(direction, resets.get(reset, own + SIDE_NEXT_SEQ)) - fin;
      // The verdict knows whether the reset's own number acknowledges anything. Where it was let go the last ACK tells.
      const open = told?.[SIDES[direction]] ?? null;
      const from = Math.max(
        0,
        open === null ? maker.offsetOf(direction, resets.get(reset, other + SIDE_LAST_ACK)) : to - open,
      );
      if (to > from) ranges.push({ from: SIDES[direction], offset: from, length: to - from, reset });
    }
    return ranges;
  }

  /** @param place null for the page of so many bytes that holds the packet's */
  async page(
    flow: FlowRecord,
    side: StreamSide,
    place: number | null,
    packet: number | null,
    bytes: number,
    signal: AbortSignal,
  ): Promise<StreamPage> {
    const stream = await this.stream(flow, signal);
    const { outline } = stream;
    const { session } = this.#analysis;
    const shown = directionOf(side);
    const total = outline.total(shown);
    const from = Math.min(total, place ?? this.#pageOf(outline, shown, packet, bytes));
    const touched = firstOf(outline.pieces(shown, from, from + bytes), MOST_PIECES + 1);
    const left = touched.length > MOST_PIECES ? touched.pop() : undefined;
    const full = Math.min(total, from + bytes);
    const to = left === undefined ? full : shown === null ? left.place : left.offset;
    const parts = touched.map((piece) => clipped(piece, shown, from, to));
    const read = await this.payloads(parts, signal);
    const pieces: StreamPiece[] = [];
    for (const part of parts) pieces.push(...this.#piecesOf(stream, shown, part, read));
    const conflicts = await this.#conflicts(stream, pieces, signal);
    return {
      revision: session.revision,
      protocol: session.flowView.isTcp(flow) ? 'tcp' : 'udp',
      looksLike: this.#looksLike(flow),
      place: from,
      next: to,
      total,
      totals: { client: totals(outline, 0), server: totals(outline, 1) },
      pieces: this.#withResets(outline, shown, pieces, from, to),
      unacknowledged: stream.unacknowledged.filter((range) => pieces.some((piece) => touches(piece, range))),
      conflicts,
      olderLeftOut: stream.olderLeftOut,
    };
  }

  #pageOf(outline: StreamOutline, shown: 0 | 1 | null, packet: number | null, bytes: number): number {
    if (packet === null) return 0;
    const piece = outline.pieceOf(packet);
    const mark = outline.marks(shown).find((one) => one.packet === packet);
    const place = piece === undefined ? (mark?.place ?? 0) : shown === null ? piece.place : piece.offset;
    // What stands at the very end belongs to the page before it.
    return Math.floor(Math.max(0, piece === undefined ? place - 1 : place) / bytes) * bytes;
  }

  #looksLike(flow: FlowRecord): StreamPage['looksLike'] {
    const protocol = this.#analysis.session.hints(flow)?.protocol;
    return protocol === 'http' || protocol === 'tls' ? protocol : null;
  }

  brought(packet: number): Brought {
    const { packets } = this.#analysis.session;
    const number = packet as PacketNumber;
    return packets.holds(number)
      ? { packet, frame: packets.frame(number), timeNs: packets.time(number) }
      : { packet, frame: 0, timeNs: 0 };
  }

  #piecesOf(
    stream: FlowStream,
    shown: 0 | 1 | null,
    part: OutlinePiece,
    read: ReadonlyMap<number, Uint8Array | GapReason>,
  ): StreamPiece[] {
    const from = SIDES[part.direction];
    const place = shown === null ? part.place : part.offset;
    const gap = (skip: number, reason: GapReason): StreamPiece => ({
      kind: 'gap',
      from,
      place: place + skip,
      offset: part.offset + skip,
      length: part.length - skip,
      reason,
    });
    if (part.packet === NO_PACKET_OF_GAP) {
      const isAcknowledged = part.offset < stream.acknowledged[part.direction];
      return [gap(0, isAcknowledged ? 'not-captured' : 'lost')];
    }
    const payload = read.get(part.packet) ?? 'let-go';
    if (typeof payload === 'string') return [gap(0, payload)];
    const bytes = payload.slice(part.at, part.at + part.length);
    const data: StreamPiece = {
      kind: 'data',
      from,
      place,
      offset: part.offset,
      bytes,
      ...this.brought(part.packet),
    };
    if (bytes.length === part.length) return [data];
    return bytes.length === 0 ? [gap(0, 'cut')] : [data, gap(bytes.length, 'cut')];
  }

  /** Puts the resets between the bytes, where they came. What stands at a page's begin ends the one before. */
  #withResets(
    outline: StreamOutline,
    shown: 0 | 1 | null,
    pieces: readonly StreamPiece[],
    from: number,
    to: number,
  ): StreamPiece[] {
    const all: StreamPiece[] = [...pieces];
    for (const piece of this.resetPieces(outline, shown)) {
      const { place } = piece;
      if (place > to || place < from || (place === from && from > 0)) continue;
      const at = all.findIndex((one) => one.place >= place && one.kind !== 'reset');
      all.splice(at < 0 ? all.length : at, 0, piece);
    }
    return all;
  }

  resetPieces(outline: StreamOutline, shown: 0 | 1 | null): ResetPiece[] {
    const { session } = this.#analysis;
    const found: ResetPiece[] = [];
    for (const { packet, place } of outline.marks(shown)) {
      const record = this.#resetWith(packet);
      if (record === undefined) continue;
      const reset = session.join.primary(record);
      const row = session.hasReset(reset) ? session.resetRow(reset) : undefined;
      found.push({
        kind: 'reset',
        place,
        reset,
        claimed: SIDES[session.resets.direction(record)],
        origin: row?.kind ?? null,
        label: row?.label ?? '',
        confidence: row?.confidence ?? 0,
        ...this.brought(packet),
      });
    }
    return found;
  }

  #resetWith(packet: number): number | undefined {
    const { packets } = this.#analysis.session;
    const number = packet as PacketNumber;
    return packets.holds(number) ? this.#resetsOf(packets.flow(number)).get(packet) : undefined;
  }

  /** The payloads of the packets that brought some pieces, as far as they were captured; or why there is none. */
  async payloads(
    parts: readonly Pick<OutlinePiece, 'packet'>[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<number, Uint8Array | GapReason>> {
    const { packets } = this.#analysis.session;
    const numbers = [...new Set(parts.map(({ packet }) => packet))]
      .filter((packet) => packet !== NO_PACKET_OF_GAP)
      .sort((a, b) => a - b) as PacketNumber[];
    const read = new Map<number, Uint8Array | GapReason>();
    for await (const piece of this.#bytes.inOrder(numbers, signal)) {
      for (const one of piece) {
        if (one.unreadable !== null || !packets.holds(one.packet)) {
          read.set(one.packet, 'let-go');
          continue;
        }
        const payloadAt = packets.payloadAt(one.packet);
        if (payloadAt === PAYLOAD_ELSEWHERE) {
          read.set(one.packet, 'elsewhere');
          continue;
        }
        const start = Math.min(payloadAt, one.capturedLength);
        const end = Math.min(start + packets.payload(one.packet), one.capturedLength);
        read.set(one.packet, one.data.subarray(one.start + start, one.start + end));
      }
    }
    if (signal.aborted) throw new RpcError('cancelled', 'cancelled');
    return read;
  }

  /** What came twice and differs, among the bytes of a page. */
  async #conflicts(
    stream: FlowStream,
    pieces: readonly StreamPiece[],
    signal: AbortSignal,
  ): Promise<Conflict[]> {
    const data = pieces.filter((piece) => piece.kind === 'data');
    const bounds = SIDES.map((side) => {
      const own = data.filter(({ from }) => from === side);
      const last = own.at(-1);
      return { from: own.at(0)?.offset ?? 0, to: last === undefined ? 0 : last.offset + last.bytes.length };
    });
    const repeats = stream.outline.repeats
      .filter(({ direction, offset, length }) => {
        const { from, to } = bounds[direction];
        return offset < to && offset + length > from;
      })
      .slice(0, LIMITS.maxStreamConflicts);
    if (repeats.length === 0) return [];
    const read = await this.payloads(repeats, signal);
    const found: Conflict[] = [];
    for (const repeat of repeats) {
      const payload = read.get(repeat.packet);
      if (payload === undefined || typeof payload === 'string') continue;
      const again = payload.subarray(repeat.at, repeat.at + repeat.length);
      for (const piece of data) {
        if (piece.from !== SIDES[repeat.direction]) continue;
        const from = Math.max(piece.offset, repeat.offset);
        const to = Math.min(piece.offset + piece.bytes.length, repeat.offset + again.length);
        let first = -1;
        let last = -1;
        let differing = 0;
        for (let at = from; at < to; at++) {
          if (piece.bytes[at - piece.offset] === again[at - repeat.offset]) continue;
          if (first < 0) first = at;
          last = at;
          differing++;
        }
        if (first < 0) continue;
        const other = this.brought(repeat.packet);
        found.push({
          from: piece.from,
          offset: first,
          length: last - first + 1,
          differing,
          frame: piece.frame,
          otherFrame: other.frame,
          otherPacket: other.packet,
        });
      }
    }
    return found;
  }
}

/** Others get their turn. */
export async function rest(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  if (signal.aborted) throw new RpcError('cancelled', 'cancelled');
}

export function directionOf(side: StreamSide): 0 | 1 | null {
  return side === 'both' ? null : side === 'client' ? 0 : 1;
}

export function sideOf(direction: 0 | 1): Side {
  return SIDES[direction];
}

function otherDirection(direction: 0 | 1): 0 | 1 {
  return direction === 0 ? 1 : 0;
}

function totals(outline: StreamOutline, direction: 0 | 1): StreamTotals {
  return {
    bytes: outline.total(direction),
    missing: outline.missing(direction),
    repeated: outline.repeated[direction],
  };
}

function firstOf<T>(all: Iterable<T>, most: number): T[] {
  const first: T[] = [];
  for (const one of all) {
    first.push(one);
    if (first.length === most) break;
  }
  return first;
}

/** The part of a piece within [from, to) of what is shown. */
function clipped(piece: OutlinePiece, shown: 0 | 1 | null, from: number, to: number): OutlinePiece {
  const place = shown === null ? piece.place : piece.offset;
  const skip = Math.max(0, from - place);
  const length = Math.min(place + piece.length, to) - place - skip;
  return {
    ...piece,
    offset: piece.offset + skip,
    place: piece.place + skip,
    at: piece.at + skip,
    length,
  };
}

function touches(piece: StreamPiece, range: UnacknowledgedRange): boolean {
  if (piece.kind === 'reset' || piece.from !== range.from) return false;
  const length = piece.kind === 'gap' ? piece.length : piece.bytes.length;
  return piece.offset < range.offset + range.length && piece.offset + length > range.offset;
}
