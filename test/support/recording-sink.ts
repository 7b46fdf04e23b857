/** A sink that keeps all it is told, and the two ways tests feed a reader. */
import type { CaptureFormat } from '../../main/engine/read/capture-format.ts';
import { CaptureReader } from '../../main/engine/read/capture-reader.ts';
import { LimitCounter } from '../../main/engine/limits.ts';
import {
  CaptureClock,
  type InterfaceDrops,
  type InterfaceInfo,
  type PacketSink,
} from '../../main/engine/read/sink.ts';
import type { KernelEvent } from '../../main/engine/read/kernel-event.ts';
import type { ReadWarning } from '../../shared/model/warning.ts';

export interface RecordedPacket {
  readonly data: Uint8Array;
  readonly wireLength: number;
  readonly timeNs: number;
  readonly interfaceId: number;
  readonly direction: number;
  readonly fileOffset: number;
  readonly comments: string[];
}

export class RecordingSink implements PacketSink {
  readonly interfaces: InterfaceInfo[] = [];
  readonly packets: RecordedPacket[] = [];
  readonly otherFrames: { after: number; count: number }[] = [];
  readonly names: [address: string, name: string][] = [];
  readonly drops: InterfaceDrops[] = [];
  readonly kernel: KernelEvent[] = [];
  readonly warnings: ReadWarning[] = [];

  onInterface(info: InterfaceInfo): void {
    this.interfaces.push(info);
  }

  onPacket(
    data: Uint8Array,
    start: number,
    capturedLength: number,
    wireLength: number,
    timeNs: number,
    interfaceId: number,
    direction: number,
    fileOffset: number,
  ): void {
    this.packets.push({
      data: data.slice(start, start + capturedLength),
      wireLength,
      timeNs,
      interfaceId,
      direction,
      fileOffset,
      comments: [],
    });
  }

  onOtherFrames(count: number): void {
    this.otherFrames.push({ after: this.packets.length, count });
  }

  onComment(text: string): void {
    this.packets.at(-1)?.comments.push(text);
  }

  onName(address: string, name: string): void {
    this.names.push([address, name]);
  }

  onDrops(drops: InterfaceDrops): void {
    this.drops.push(drops);
  }

  onKernelEvent(event: KernelEvent): void {
    this.kernel.push(event);
  }

  onWarning(warning: ReadWarning): void {
    this.warnings.push(warning);
  }
}

export interface Recording extends RecordingSink {
  readonly format: CaptureFormat;
  readonly epochNs: bigint | undefined;
  readonly limits: LimitCounter;
  /** The reader's own counters, after the end. */
  readonly counted: { readonly packets: number; readonly bytes: number };
}

/**
 * Reads a whole file. Each chunk lies in a buffer that is overwritten afterwards, so that a reader that keeps
 * bytes of a chunk beyond `feed` is found out.
 * @param chunkBytes size of the chunks; the whole file at once unless said
 */
export function record(file: Uint8Array, chunkBytes = Math.max(1, file.length)): Recording {
  const sink = new RecordingSink();
  const clock = new CaptureClock();
  const limits = new LimitCounter();
  const reader = new CaptureReader(sink, clock, limits);
  const buffer = new Uint8Array(chunkBytes);
  for (let at = 0; at < file.length; at += chunkBytes) {
    const length = Math.min(chunkBytes, file.length - at);
    buffer.set(file.subarray(at, at + length));
    reader.feed(buffer.subarray(0, length));
    buffer.fill(0xee);
  }
  reader.end();
  return Object.assign(sink, {
    format: reader.format,
    epochNs: clock.epochNs,
    limits,
    counted: { packets: reader.packets, bytes: reader.bytes },
  });
}

/** Absolute times of the packets, nanoseconds since 1970. */
export function absoluteTimes(recording: Recording): bigint[] {
  return recording.packets.map((packet) => (recording.epochNs ?? 0n) + BigInt(packet.timeNs));
}
