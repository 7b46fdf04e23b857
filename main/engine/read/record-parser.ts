import type { CaptureFormat } from './capture-format.ts';

/** What `CaptureReader` asks of the parser of one file format. */
export interface RecordParser {
  /**
   * Reads the whole records in `data[from, to)` and hands their packets on.
   * @param base offset in the file of `data[0]`, bytes
   * @param final no byte follows `to`: everything must be consumed, the rest is reported as damage
   * @returns where it stopped; with `final` always `to`
   */
  parse(data: Uint8Array, from: number, to: number, base: number, final: boolean): number;
  /**
   * Bytes, counted from where `parse` stopped, without which it cannot go on; more than were left there.
   * At most `LIMITS.maxBlockBytes` and a header, which bounds what is carried from chunk to chunk.
   */
  readonly need: number;
  /** Of pcap it is sure with the first packet only. */
  readonly format: CaptureFormat;
  /** Packets handed on; counts the packet of the running `onPacket` call already. */
  readonly packets: number;
}
