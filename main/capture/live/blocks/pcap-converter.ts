/**
 * Turns the pcap stream of tcpdump into pcapng as it comes. What it makes can be walked, cut and extended like the
 * stream of any other source.
 */
import { readU32 } from '../../../engine/read/bytes.ts';
import type { PcapHeader } from '../../../engine/read/pcap-header.ts';
import { readPcapHeader, sniffPcapMagic } from '../../../engine/read/pcap-header.ts';
import { BlockError } from './block-walker.ts';
import type { InterfaceStatistics } from './pcapng-blocks.ts';
import { BlockWriter, writeInterface, writePacket, writeSection, writeStatistics } from './pcapng-blocks.ts';
import { LIVE_CAPTURE_LIMITS } from '../live-limits.ts';

const NANOS_EXPONENT = 9;
const MICROS_EXPONENT = 6;
const LITTLE_ENDIAN = false;

export class PcapConverter {
  readonly #interface: string;
  readonly #application: string;
  readonly #out = new BlockWriter(LITTLE_ENDIAN, 64 * 1024);
  #carry = new Uint8Array(0);
  #header: PcapHeader | undefined;
  #read = 0;

  /** @param application that made the capture, for the section header */
  constructor(interfaceName: string, application: string) {
    this.#interface = interfaceName;
    this.#application = application;
  }

  /** Bytes of a record that is not whole yet. */
  get pendingBytes(): number {
    return this.#carry.length;
  }

  /** @returns whole pcapng blocks, maybe none @throws BlockError where this cannot be pcap */
  push(chunk: Uint8Array): Uint8Array {
    const data = this.#carry.length === 0 ? chunk : Buffer.concat([this.#carry, chunk]);
    let at = 0;
    if (this.#header === undefined) {
      if (data.length < 4 || data.length < (sniffPcapMagic(data, 0)?.fileHeaderBytes ?? 0)) {
        this.#carry = new Uint8Array(data);
        return this.#out.take();
      }
      at = this.#open(data).fileHeaderBytes;
    }
    at = this.#records(data, at);
    this.#carry = new Uint8Array(data.subarray(at));
    this.#read += at;
    return this.#out.take();
  }

  /** Drop counters that the program told on the side, as the block that pcapng has for them. */
  statistics(
    timeNs: bigint,
    received: number | null,
    dropped: number | null,
    byInterface: number | null,
  ): Uint8Array {
    const told: InterfaceStatistics = {
      interfaceId: 0,
      received,
      droppedByInterface: byInterface,
      droppedByKernel: dropped,
    };
    writeStatistics(this.#out, timeNs, told);
    return this.#out.take();
  }

  #open(data: Uint8Array): PcapHeader {
    const header = readPcapHeader(data, 0);
    if (header === undefined)
      throw new BlockError('this is no pcap: it does not begin with its magic number');
    this.#header = header;
    writeSection(this.#out, this.#application);
    writeInterface(this.#out, {
      linkType: header.linkType,
      snapLength: header.snapLength,
      name: this.#interface,
      comment: '',
      resolutionExponent: header.unitNs === 1 ? NANOS_EXPONENT : MICROS_EXPONENT,
    });
    return header;
  }

  #records(data: Uint8Array, from: number): number {
    const { bigEndian, unitNs, recordHeaderBytes } = this.#header as PcapHeader;
    const unitsPerSecond = 1e9 / unitNs;
    let at = from;
    while (at + recordHeaderBytes <= data.length) {
      const captured = readU32(data, at + 8, bigEndian);
      if (captured > LIVE_CAPTURE_LIMITS.maxBlockBytes / 2) {
        throw new BlockError(`the record at byte ${this.#read + at} claims to be ${captured} bytes long`);
      }
      const start = at + recordHeaderBytes;
      if (start + captured > data.length) break;
      // Two products below 2^53 rather than one beyond it.
      const seconds = readU32(data, at, bigEndian);
      const low = (seconds & 0xffff) * unitsPerSecond + readU32(data, at + 4, bigEndian);
      const high = (seconds >>> 16) * unitsPerSecond + Math.floor(low / 0x1_0000);
      const stampHigh = Math.floor(high / 0x1_0000);
      const stampLow = (high % 0x1_0000) * 0x1_0000 + (low % 0x1_0000);
      const wire = readU32(data, at + 12, bigEndian);
      writePacket(
        this.#out,
        stampHigh,
        stampLow,
        data.subarray(start, start + captured),
        Math.max(wire, captured),
      );
      at = start + captured;
    }
    return at;
  }
}
