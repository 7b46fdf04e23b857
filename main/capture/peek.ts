/** Looks at the first and last packets of a file without reading it. */
import { LimitCounter } from '../engine/limits.ts';
import { CaptureReader } from '../engine/read/capture-reader.ts';
import { CaptureClock, type InterfaceInfo, type PacketSink } from '../engine/read/sink.ts';
import { openCaptureFile } from './capture-file.ts';
import type { ChunkSource } from './chunk-source.ts';

export interface FilePeek {
  readonly path: string;
  /** Size on disk, bytes. */
  readonly sizeBytes: number;
  /** Time of the first packet, nanoseconds since 1970; undefined where there is none. */
  readonly firstNs: bigint | undefined;
  /** Latest time among the last packets; undefined where that cannot be had cheaply (compressed files). */
  readonly lastNs: bigint | undefined;
  readonly linkTypes: readonly number[];
}

/** Bytes read of the beginning of most files, and of a file whose first packet stands behind long other blocks. */
const HEAD_BYTES = [64 * 1024, 8 * 1024 * 1024];

/** Bytes read of the end, which hold several packets of the largest kind. */
const TAIL_BYTES = 1024 * 1024;

/** @throws CaptureFileError where the file cannot be opened or read */
export async function peekFile(path: string): Promise<FilePeek> {
  const source = await openCaptureFile(path);
  try {
    let head: Uint8Array = new Uint8Array(0);
    let peek = new PeekSink();
    let whole = 0;
    for (const length of HEAD_BYTES) {
      // A buffer for the whole of a small file is as large as it is: thousands may be looked at before memory is collected.
      const isSmall = source.compression === 'none' && source.sizeBytes < length;
      head = await source.readAt(0, isSmall ? source.sizeBytes : length);
      peek = new PeekSink();
      whole = peek.read([head]);
      if (peek.firstNs !== undefined || head.length < length) break;
    }
    const isAll = source.compression === 'none' && head.length >= source.sizeBytes;
    return {
      path,
      sizeBytes: source.sizeBytes,
      firstNs: peek.firstNs,
      lastNs: isAll ? peek.lastNs : await peekEnd(source, head.subarray(0, whole), peek.firstNs),
      linkTypes: [...peek.linkTypes],
    };
  } finally {
    await source.close();
  }
}

/**
 * Reads the file as if everything between its begin and its end were missing: the reader then finds the next record by itself, as it
 * does in damaged files. The begin is read again because the first records tell what the others are like.
 * @param head whole records
 */
async function peekEnd(
  source: ChunkSource,
  head: Uint8Array,
  firstNs: bigint | undefined,
): Promise<bigint | undefined> {
  if (source.compression !== 'none' || firstNs === undefined) return undefined;
  const tailAt = Math.max(head.length, source.sizeBytes - TAIL_BYTES);
  const tail = await source.readAt(tailAt, source.sizeBytes - tailAt);
  const peek = new PeekSink();
  peek.read([head, tail]);
  return peek.lastNs;
}

class PeekSink implements PacketSink {
  readonly linkTypes = new Set<number>();
  readonly #clock = new CaptureClock();
  #first: number | undefined = undefined;
  #last = Number.NEGATIVE_INFINITY;

  /** @returns how many bytes whole records take. The reader is never told that the pieces end, so that it does not warn of the cut there. */
  read(pieces: readonly Uint8Array[]): number {
    const reader = new CaptureReader(this, this.#clock, new LimitCounter());
    for (const piece of pieces) reader.feed(piece);
    return reader.bytes;
  }

  get firstNs(): bigint | undefined {
    return this.#absolute(this.#first);
  }

  get lastNs(): bigint | undefined {
    return this.#absolute(this.#last);
  }

  onInterface(info: InterfaceInfo): void {
    this.linkTypes.add(info.linkType);
  }

  onPacket(
    _data: Uint8Array,
    _start: number,
    _capturedLength: number,
    _wireLength: number,
    timeNs: number,
  ): void {
    this.#first ??= timeNs;
    this.#last = Math.max(this.#last, timeNs);
  }

  onOtherFrames(): void {}
  onComment(): void {}
  onName(): void {}
  onDrops(): void {}
  onKernelEvent(): void {}
  onWarning(): void {}

  #absolute(timeNs: number | undefined): bigint | undefined {
    const epochNs = this.#clock.epochNs;
    if (epochNs === undefined || timeNs === undefined || !Number.isFinite(timeNs)) return undefined;
    return epochNs + BigInt(timeNs);
  }
}
