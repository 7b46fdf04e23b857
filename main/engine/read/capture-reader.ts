/**
 * Reads a capture that arrives in chunks. Records that lie wholly in a chunk are handed on in place; only the
 * one that straddles two chunks is copied.
 */
import type { WarningCode } from '../../../shared/model/warning.ts';
import type { LimitCounter } from '../limits.ts';
import { asDouble, readU32 } from './bytes.ts';
import type { CaptureFormat } from './capture-format.ts';
import { CarryBuffer } from './carry.ts';
import { ErfFraming, isErf, LINKTYPE_ERF } from './erf.ts';
import { FramedParser, type Framing } from './framed.ts';
import { FOREIGN_SNIFF_BYTES, nameForeignFormat } from './foreign-format.ts';
import { readPcapHeader, sniffPcapMagic, type PcapHeader } from './pcap-header.ts';
import { PcapParser } from './pcap.ts';
import { BLOCK_SECTION_HEADER, SECTION_SNIFF_BYTES, sniffByteOrder } from './pcapng-plausible.ts';
import { PcapngParser } from './pcapng.ts';
import type { RecordParser } from './record-parser.ts';
import type { CaptureClock, PacketSink } from './sink.ts';
import { isSnoop, readSnoopHeader, SNOOP_FILE_HEADER_BYTES, SNOOP_VERSION, SnoopFraming } from './snoop.ts';
import { WarningLog } from './warning-log.ts';

/** A carry buffer above this size is let go once its record was read, bytes. */
const KEPT_CARRY_BYTES = 1024 * 1024;

export class CaptureReader {
  readonly #sink: PacketSink;
  readonly #clock: CaptureClock;
  readonly #limits: LimitCounter;
  readonly #log: WarningLog;
  readonly #carry = new CarryBuffer();
  #parser: RecordParser | undefined = undefined;
  /** File offset of the next byte that `feed` is given. */
  #fed = asDouble(0);
  #need = 4;
  #unreadable = false;
  #ended = false;

  constructor(sink: PacketSink, clock: CaptureClock, limits: LimitCounter) {
    this.#sink = sink;
    this.#clock = clock;
    this.#limits = limits;
    this.#log = new WarningLog(sink, limits);
  }

  get format(): CaptureFormat {
    return this.#parser?.format ?? 'unknown';
  }

  /** Packets handed on so far; during `onPacket` the running one is counted. */
  get packets(): number {
    return this.#parser?.packets ?? 0;
  }

  /** Bytes read so far: whole records, and what was skipped. */
  get bytes(): number {
    return this.#fed - this.#carry.length;
  }

  /** @param chunk the next bytes of the file; not kept after the call */
  feed(chunk: Uint8Array): void {
    let at = 0;
    const carry = this.#carry;
    /** Bytes of the carry that came with earlier chunks. */
    let old = carry.length;
    // Invariant: the carry holds the bytes just before chunk[at]; each turn lengthens or empties it.
    while (carry.length > 0 && at < chunk.length) {
      const take = Math.min(chunk.length - at, Math.max(1, this.#need - carry.length));
      carry.append(chunk, at, at + take);
      at += take;
      this.#fed += take;
      if (carry.length < this.#need) break;
      const stop = this.#parse(carry.bytes, carry.start, carry.end, this.#fed - carry.end, false);
      old -= stop - carry.start;
      carry.start = stop;
      if (old <= 0) {
        // What is left lies wholly in this chunk: go on there, without copies.
        at -= carry.length;
        this.#fed -= carry.length;
        if (carry.bytes.length > KEPT_CARRY_BYTES) carry.release();
        else carry.clear();
      }
    }
    if (at === chunk.length) return;
    const base = this.#fed - at;
    const stop = this.#parse(chunk, at, chunk.length, base, false);
    this.#fed = base + chunk.length;
    carry.clear();
    carry.append(chunk, stop, chunk.length);
  }

  /** No more bytes come: reports what is left over. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    const carry = this.#carry;
    if (this.#fed === 0) {
      this.#warn('empty-file', 'the file is empty', 0, true);
    } else {
      const base = this.#fed - carry.end;
      this.#parse(carry.bytes, carry.start, carry.end, base, true);
      if (this.#parser !== undefined && this.packets === 0) {
        this.#warn('empty-file', 'the file holds no packets', undefined, false);
      }
    }
    carry.release();
    // Only packets without a time were read: their times are all 0 since 1970.
    if (this.packets > 0) this.#clock.epochNs ??= 0n;
    this.#log.finish();
  }

  /** @returns where it stopped, with `#need` set to what is missing from there on */
  #parse(data: Uint8Array, from: number, to: number, base: number, final: boolean): number {
    let at = from;
    if (this.#unreadable) return to;
    if (this.#parser === undefined) {
      at = this.#open(data, at, to, final);
      if (this.#parser === undefined) return at;
    }
    const stop = this.#parser.parse(data, at, to, base, final);
    this.#need = this.#parser.need;
    return stop;
  }

  /** Recognises the format. @returns where its records begin, `from` where more bytes are needed first. */
  #open(data: Uint8Array, from: number, to: number, final: boolean): number {
    const length = to - from;
    if (length >= 4) {
      const pcap = sniffPcapMagic(data, from);
      if (pcap !== undefined) {
        if (length >= pcap.fileHeaderBytes) return this.#openPcap(data, from);
        return this.#headerMissing(pcap.fileHeaderBytes, length, from, to, final);
      }
      if (readU32(data, from, false) === BLOCK_SECTION_HEADER) {
        if (length < SECTION_SNIFF_BYTES) {
          return this.#headerMissing(SECTION_SNIFF_BYTES, length, from, to, final);
        }
        if (sniffByteOrder(data, from) !== undefined) return this.#openPcapng(from);
      }
    }
    if (length < FOREIGN_SNIFF_BYTES && !final) {
      this.#need = length < 4 ? 4 : FOREIGN_SNIFF_BYTES;
      return from;
    }
    if (isSnoop(data, from) && length >= 8) {
      if (length >= SNOOP_FILE_HEADER_BYTES) return this.#openSnoop(data, from, to);
      return this.#headerMissing(SNOOP_FILE_HEADER_BYTES, length, from, to, final);
    }
    const erf = isErf(data, from, to, final);
    if (erf === true) return this.#openErf(from);
    if (erf !== false) {
      this.#need = erf;
      return from;
    }
    this.#unreadable = true;
    const name = nameForeignFormat(data.subarray(from, Math.min(to, from + FOREIGN_SNIFF_BYTES)));
    const looks = name === undefined ? '' : `; it looks like ${name}`;
    this.#warn('unknown-format', `the file is neither pcap nor pcapng, snoop or ERF${looks}`, 0, true);
    return to;
  }

  #openPcap(data: Uint8Array, from: number): number {
    const header = readPcapHeader(data, from) as PcapHeader;
    const isKnown = (header.major === 2 && header.minor <= 4) || header.capturedAt === 12;
    if (!isKnown) {
      const message = `pcap version ${header.major}.${header.minor} is not known; the file is read as 2.4`;
      this.#warn('unsupported-version', message, 4, false);
    }
    this.#sink.onInterface({
      id: 0,
      linkType: header.linkType,
      snapLength: header.snapLength,
      name: undefined,
      description: undefined,
      resolutionNs: header.unitNs,
    });
    this.#parser = new PcapParser(header, this.#sink, this.#clock, this.#limits, this.#log);
    return from + header.fileHeaderBytes;
  }

  #openPcapng(from: number): number {
    this.#parser = new PcapngParser(this.#sink, this.#clock, this.#limits, this.#log);
    return from;
  }

  #openSnoop(data: Uint8Array, from: number, to: number): number {
    const { version, dataLink, linkType } = readSnoopHeader(data, from);
    if (version !== SNOOP_VERSION) {
      const message = `snoop version ${version} is not known; the file is read as ${SNOOP_VERSION}`;
      this.#warn('unsupported-version', message, 8, false);
    }
    if (linkType === undefined) {
      this.#unreadable = true;
      const message = `the snoop file is of a data link of type ${dataLink}, which is not known: nothing of it is read`;
      this.#warn('unsupported-link-type', message, 12, true);
      return to;
    }
    this.#openFramed(new SnoopFraming(), linkType, 1000);
    return from + SNOOP_FILE_HEADER_BYTES;
  }

  #openErf(from: number): number {
    this.#openFramed(new ErfFraming(), LINKTYPE_ERF, 1);
    return from;
  }

  #openFramed(framing: Framing, linkType: number, resolutionNs: number): void {
    const [name, description] = [undefined, undefined];
    this.#sink.onInterface({ id: 0, linkType, snapLength: 0, name, description, resolutionNs });
    this.#parser = new FramedParser(framing, this.#sink, this.#clock, this.#limits, this.#log);
  }

  #headerMissing(need: number, length: number, from: number, to: number, final: boolean): number {
    this.#need = need;
    if (!final) return from;
    this.#unreadable = true;
    const message = `the file ends after ${length} bytes, within its header`;
    this.#warn('truncated-header', message, 0, true);
    return to;
  }

  #warn(code: WarningCode, message: string, offset: number | undefined, lossy: boolean): void {
    this.#log.warn({ code, message, offset, packet: undefined, lossy });
  }
}
