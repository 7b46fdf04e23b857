/**
 * What a reader hands on, packet by packet. The reader owns the bytes; the sink sees them only during the
 * call. Numbers only: at several million packets a second neither an object nor a string per packet is paid for.
 */
import type { ReadWarning } from '../../../shared/model/warning.ts';
import type { KernelEvent } from './kernel-event.ts';

/** Which way a packet crossed the capturing interface, where the file says so (pcapng epb_flags, SLL). */
export const DIRECTION_UNKNOWN = 0;
export const DIRECTION_INBOUND = 1;
export const DIRECTION_OUTBOUND = 2;

/** One capturing interface of a file; pcap files have exactly one. Ids are dense from 0 within the file. */
export interface InterfaceInfo {
  readonly id: number;
  /** LINKTYPE_ value (tcpdump.org/linktypes.html). */
  readonly linkType: number;
  /** Most bytes kept of a packet; 0 where the file sets no limit. */
  readonly snapLength: number;
  readonly name: string | undefined;
  readonly description: string | undefined;
  /**
   * Smallest step of the time stamps in nanoseconds (1, 1000, …; below 1 is reported as 1). Of stamps that are not the
   * wire's, how far they may be off.
   */
  readonly resolutionNs: number;
}

/** pcapng Interface Statistics: what the capturing machine itself counted. */
export interface InterfaceDrops {
  readonly interfaceId: number;
  readonly received: number | undefined;
  readonly droppedByInterface: number | undefined;
  readonly droppedByKernel: number | undefined;
}

export interface PacketSink {
  onInterface(info: InterfaceInfo): void;
  /**
   * One packet: its bytes are `data[start, start + capturedLength)`.
   * @param wireLength bytes it had on the wire (≥ capturedLength; a reader repairs files that say less)
   * @param timeNs nanoseconds since the clock's epoch, see `CaptureClock`
   * @param interfaceId of the file's interfaces
   * @param direction DIRECTION_*
   * @param fileOffset of the record or block in the (decompressed) file, bytes
   */
  onPacket(
    data: Uint8Array,
    start: number,
    capturedLength: number,
    wireLength: number,
    timeNs: number,
    interfaceId: number,
    direction: number,
    fileOffset: number,
  ): void;
  /** Records that hold no packet and yet have a frame number in Wireshark, so that those of the packets after them are higher. */
  onOtherFrames(count: number): void;
  /** A comment on the packet of the last `onPacket`. */
  onComment(text: string): void;
  /** A name the file itself gives to an address (pcapng Name Resolution Block). */
  onName(address: string, name: string): void;
  onDrops(drops: InterfaceDrops): void;
  /** What the capturing machine's kernel said of resets. Its time may lie before or after that of the packets around it. */
  onKernelEvent(event: KernelEvent): void;
  onWarning(warning: ReadWarning): void;
  /**
   * A whole block of a pcapng file, before what it says is handed on; for who copies files. Enhanced Packet Blocks may come
   * without: of their packets `onPacket` tells, and their block begins 28 bytes before the packet.
   * @param end of the block's content, where its second length stands
   * @param fileOffset of the block, bytes
   */
  readonly onBlock?: (
    type: number,
    data: Uint8Array,
    at: number,
    end: number,
    bigEndian: boolean,
    fileOffset: number,
  ) => void;
}

/**
 * The zero of all packet times of one analysis. Times are kept as float64 nanoseconds since this zero:
 * exact for ± 104 days (2^53 ns), which absolute nanoseconds would not be. The first packet read sets it.
 */
export class CaptureClock {
  /** Nanoseconds since 1970-01-01 UTC; undefined until a packet was read. */
  epochNs: bigint | undefined = undefined;
}
