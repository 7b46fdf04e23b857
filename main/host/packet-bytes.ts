/** Reads packets from the files again: one by one for people, many in their order for filters that need the bytes. */
import type { PacketNumber } from '../../shared/base/units.ts';
import type { FrameBytes } from '../engine/dissect/context.ts';
import { FILE_HEADER_BYTES, MAX_RECORD_HEADER_BYTES, packetInRecord } from '../engine/read/record-at.ts';
import type { ChunkSource } from '../capture/capture-file.ts';
import type { Analysis } from './analysis.ts';

/** A packet with its bytes. */
export interface ReadPacket extends FrameBytes {
  readonly packet: PacketNumber;
  readonly unreadable: null;
}

/** A packet whose bytes are not there, and why, in people's words. */
export interface UnreadablePacket {
  readonly packet: PacketNumber;
  readonly unreadable: string;
}

/** Bytes read at once: few where packets are asked for here and there, many where all are. */
const SMALLEST_WINDOW_BYTES = 64 * 1024;
const LARGEST_WINDOW_BYTES = 2 * 1024 * 1024;

/** A piece of a file. */
interface Window {
  readonly file: number;
  readonly from: number;
  readonly bytes: Uint8Array;
}

export class PacketBytes {
  readonly #analysis: Analysis;
  /** The beginning of each file, which says how its records are written. */
  readonly #headers = new Map<number, Uint8Array>();

  constructor(analysis: Analysis) {
    this.#analysis = analysis;
  }

  async read(packet: PacketNumber): Promise<ReadPacket | UnreadablePacket> {
    const { packets } = this.#analysis.session;
    if (!packets.holds(packet)) return letGo(packet);
    const file = packets.file(packet);
    const source = this.#analysis.source(file);
    if (source === undefined) return this.#noFile(packet);
    const from = packets.fileOffset(packet);
    const header = await this.#header(file, source);
    const bytes = await source.readAt(from, this.#longest(packet));
    return this.#inWindow(packet, header, { file, from, bytes }) ?? cut(packet);
  }

  /**
   * Reads packets in pieces of a file, each with the packets that lie in it: what is done with a piece is not interrupted, so
   * whoever takes long looks at the clock. The bytes stay good.
   * @param numbers ascending
   */
  async *inOrder(
    numbers: Iterable<PacketNumber>,
    signal: AbortSignal,
  ): AsyncGenerator<(ReadPacket | UnreadablePacket)[]> {
    const { packets } = this.#analysis.session;
    let window: Window | undefined;
    let header: Uint8Array = new Uint8Array(0);
    let windowBytes = SMALLEST_WINDOW_BYTES;
    let piece: (ReadPacket | UnreadablePacket)[] = [];
    for (const packet of numbers) {
      if (signal.aborted) return;
      if (!packets.holds(packet)) {
        piece.push(letGo(packet));
        continue;
      }
      const file = packets.file(packet);
      const inWindow = window?.file === file ? this.#inWindow(packet, header, window) : undefined;
      if (inWindow !== undefined) {
        piece.push(inWindow);
        continue;
      }
      if (piece.length > 0) yield piece;
      piece = [];
      const source = this.#analysis.source(file);
      if (source === undefined) {
        piece.push(this.#noFile(packet));
        continue;
      }
      const from = packets.fileOffset(packet);
      const isNext = window?.file === file && from - (window.from + window.bytes.length) < windowBytes;
      windowBytes = isNext ? Math.min(2 * windowBytes, LARGEST_WINDOW_BYTES) : SMALLEST_WINDOW_BYTES;
      header = await this.#header(file, source);
      const bytes = await source.readAt(from, Math.max(windowBytes, this.#longest(packet)));
      window = { file, from, bytes };
      piece.push(this.#inWindow(packet, header, window) ?? cut(packet));
    }
    if (piece.length > 0 && !signal.aborted) yield piece;
  }

  /** Most bytes that the packet's record can have up to the packet's end. */
  #longest(packet: PacketNumber): number {
    return MAX_RECORD_HEADER_BYTES + this.#analysis.session.packets.wire(packet);
  }

  async #header(file: number, source: ChunkSource): Promise<Uint8Array> {
    let header = this.#headers.get(file);
    if (header === undefined) {
      header = await source.readAt(0, FILE_HEADER_BYTES);
      this.#headers.set(file, header);
    }
    return header;
  }

  /** @returns undefined where the packet is not wholly in the window */
  #inWindow(packet: PacketNumber, header: Uint8Array, window: Window): ReadPacket | undefined {
    const { session } = this.#analysis;
    const at = session.packets.fileOffset(packet) - window.from;
    if (at < 0 || at + MAX_RECORD_HEADER_BYTES > window.bytes.length) {
      // The last record of a file may be shorter than the longest header.
      if (at < 0 || at >= window.bytes.length) return undefined;
    }
    const record = window.bytes.subarray(at);
    const { start, capturedLength, interfaceId } = packetInRecord(
      session.fileFormat(window.file),
      header,
      record,
    );
    if (start + capturedLength > record.length) return undefined;
    return {
      packet,
      data: window.bytes,
      start: at + start,
      capturedLength,
      wireLength: session.packets.wire(packet),
      linkType: session.linkType(window.file, interfaceId),
      interfaceId: session.fileFormat(window.file) === 'pcapng' ? interfaceId : -1,
      unreadable: null,
    };
  }

  #noFile(packet: PacketNumber): UnreadablePacket {
    // The oldest files of a ring are deleted while the capture goes on.
    if (this.#analysis.session.isBounded) return letGo(packet);
    return { packet, unreadable: 'The capture file is no longer open: open it again to see the bytes.' };
  }
}

function letGo(packet: PacketNumber): UnreadablePacket {
  const unreadable =
    'The capture has let go of this packet: it keeps the newest packets only. Capture with more files, or larger ones, to keep more.';
  return { packet, unreadable };
}

function cut(packet: PacketNumber): UnreadablePacket {
  const unreadable = 'The file ends inside of this packet, or has changed since it was read.';
  return { packet, unreadable };
}
