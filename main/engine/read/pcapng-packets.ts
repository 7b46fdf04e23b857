/** The three packet blocks of pcapng (draft-ietf-opsawg-pcapng §4.3, §4.4, §A). */
import { LIMITS, type LimitCounter } from '../limits.ts';
import { asDouble, readU16, readU32, readU64, viewOf } from './bytes.ts';
import type { InterfaceTable, OpenInterface } from './pcapng-interfaces.ts';
import { OPT_COMMENT, type OptionWalker } from './pcapng-options.ts';
import { BLOCK_ENHANCED_PACKET, isBlockLength } from './pcapng-plausible.ts';
import { DIRECTION_UNKNOWN, type CaptureClock, type PacketSink } from './sink.ts';
import { TimeScale } from './pcapng-time.ts';
import type { WarningLog } from './warning-log.ts';

/** From a block's type to its packet's first byte; both packet blocks with a time are laid out alike. */
const PACKET_FIXED_BYTES = 28;
const SIMPLE_FIXED_BYTES = 12;

/** epb_flags and pack_flags; their lower two bits are the direction, numbered as DIRECTION_* is. */
const OPT_FLAGS = 2;
const OPT_DROPCOUNT = 4;

/** drops_count of the obsolete block where nothing is known. */
const DROPS_UNKNOWN = 0xffff;

const NO_INTERFACE = -1;
/** Until a packet names its interface. */
const NO_SCALE = new TimeScale();

export class PcapngPackets {
  count = 0;
  readonly #sink: PacketSink;
  readonly #clock: CaptureClock;
  readonly #limits: LimitCounter;
  readonly #log: WarningLog;
  readonly #interfaces: InterfaceTable;
  readonly #options: OptionWalker;
  /** The interface of the last calm packet: its number in the section, and in the file. */
  #sectionId = NO_INTERFACE;
  #interfaceId = 0;
  #scale = NO_SCALE;
  #lastNs = asDouble(0);
  #comments = 0;
  #flaggedDirection = DIRECTION_UNKNOWN;
  #flaggedDrops = 0;

  constructor(
    sink: PacketSink,
    clock: CaptureClock,
    limits: LimitCounter,
    log: WarningLog,
    interfaces: InterfaceTable,
    options: OptionWalker,
  ) {
    this.#sink = sink;
    this.#clock = clock;
    this.#limits = limits;
    this.#log = log;
    this.#interfaces = interfaces;
    this.#options = options;
  }

  /**
   * The hot loop: takes enhanced packets until one is not whole or not ordinary, and returns where it begins.
   * Ordinary: equal lengths at both ends, a known interface that had a packet before; options are rare and cost a call.
   * captured ≤ wire ≤ maxRecordBytes also bounds the rounding to 32 bits that `& ~3` does.
   */
  readCalm(data: Uint8Array, from: number, to: number, base: number, bigEndian: boolean): number {
    const sink = this.#sink;
    const littleEndian = !bigEndian;
    const view = viewOf(data);
    const start = asDouble(base);
    let at = from;
    let sectionId = this.#sectionId;
    let interfaceId = this.#interfaceId;
    let scale = this.#scale;
    while (at + PACKET_FIXED_BYTES <= to && view.getUint32(at, littleEndian) === BLOCK_ENHANCED_PACKET) {
      const length = view.getUint32(at + 4, littleEndian);
      const next = at + length;
      if (next > to || !isBlockLength(length) || view.getUint32(next - 4, littleEndian) !== length) break;
      const id = view.getUint32(at + 8, littleEndian);
      if (id !== sectionId) {
        if (!this.#turnTo(id)) break;
        sectionId = id;
        interfaceId = this.#interfaceId;
        scale = this.#scale;
      }
      const captured = view.getUint32(at + 20, littleEndian);
      const wire = view.getUint32(at + 24, littleEndian);
      if (wire < captured || wire > LIMITS.maxRecordBytes) break;
      if (length === PACKET_FIXED_BYTES + 4 + ((captured + 3) & ~3)) {
        const high = view.getUint32(at + 12, littleEndian);
        const timeNs = scale.relativeNs(high, view.getUint32(at + 16, littleEndian));
        this.#lastNs = timeNs;
        this.count++;
        const packetAt = at + PACKET_FIXED_BYTES;
        sink.onPacket(data, packetAt, captured, wire, timeNs, interfaceId, DIRECTION_UNKNOWN, start + at);
      } else if (!this.enhanced(data, at, next - 4, base, bigEndian)) {
        break;
      }
      at = next;
    }
    return at;
  }

  /** @returns whether the section has that interface and it had a packet before */
  #turnTo(sectionId: number): boolean {
    const open = this.#interfaces.get(sectionId);
    if (open?.scale.anchored !== true) return false;
    this.#sectionId = sectionId;
    this.#interfaceId = open.info.id;
    this.#scale = open.scale;
    return true;
  }

  /** Interfaces are numbered anew. */
  openSection(): void {
    this.#sectionId = NO_INTERFACE;
  }

  /** Each returns false where the block's fields contradict its length. `end` is where its content ends. */
  enhanced(data: Uint8Array, at: number, end: number, base: number, bigEndian: boolean): boolean {
    if (at + PACKET_FIXED_BYTES > end) return false;
    const id = readU32(data, at + 8, bigEndian);
    return this.#timed(data, at, end, base, bigEndian, id, 0);
  }

  obsolete(data: Uint8Array, at: number, end: number, base: number, bigEndian: boolean): boolean {
    if (at + PACKET_FIXED_BYTES > end) return false;
    const drops = readU16(data, at + 10, bigEndian);
    const id = readU16(data, at + 8, bigEndian);
    return this.#timed(data, at, end, base, bigEndian, id, drops === DROPS_UNKNOWN ? 0 : drops);
  }

  /** Has neither a time (the last one is repeated) nor a captured length (the snap length tells it). */
  simple(data: Uint8Array, at: number, end: number, base: number, bigEndian: boolean): boolean {
    if (at + SIMPLE_FIXED_BYTES > end) return false;
    const open = this.#interfaces.get(0);
    if (open === undefined) return this.#unknownInterface(0, base + at);
    const wire = readU32(data, at + 8, bigEndian);
    const { id, snapLength } = open.info;
    const captured = snapLength > 0 && snapLength < wire ? snapLength : wire;
    if (captured > end - at - SIMPLE_FIXED_BYTES || wire > LIMITS.maxRecordBytes) return false;
    this.count++;
    const start = at + SIMPLE_FIXED_BYTES;
    this.#sink.onPacket(data, start, captured, wire, this.#lastNs, id, DIRECTION_UNKNOWN, base + at);
    return true;
  }

  #timed(
    data: Uint8Array,
    at: number,
    end: number,
    base: number,
    bigEndian: boolean,
    sectionId: number,
    drops: number,
  ): boolean {
    const open = this.#interfaces.get(sectionId);
    if (open === undefined) return this.#unknownInterface(sectionId, base + at);
    const captured = readU32(data, at + 20, bigEndian);
    let wire = readU32(data, at + 24, bigEndian);
    const start = at + PACKET_FIXED_BYTES;
    if (captured > end - start || captured > LIMITS.maxRecordBytes) return false;
    this.count++;
    if (wire < captured || wire > LIMITS.maxRecordBytes) {
      this.#warnWire(wire, captured, base + at);
      wire = captured;
    }
    const timeNs = this.#time(open, readU32(data, at + 12, bigEndian), readU32(data, at + 16, bigEndian));
    const optionsAt = start + ((captured + 3) & ~3);
    let direction = DIRECTION_UNKNOWN;
    let hasComments = false;
    if (optionsAt + 4 <= end) {
      hasComments = this.#readFlags(data, optionsAt, end, bigEndian);
      direction = this.#flaggedDirection;
      open.droppedBeforePackets += this.#flaggedDrops;
    }
    open.droppedBeforePackets += drops;
    this.#sink.onPacket(data, start, captured, wire, timeNs, open.info.id, direction, base + at);
    if (hasComments) this.#handOnComments(data, optionsAt, end, bigEndian);
    return true;
  }

  #time(open: OpenInterface, high: number, low: number): number {
    const { scale } = open;
    if (!scale.anchored) scale.anchor((this.#clock.epochNs ??= scale.absoluteNs(high, low)));
    const timeNs = scale.relativeNs(high, low);
    this.#lastNs = timeNs;
    return timeNs;
  }

  /** @returns whether there are comments among the options */
  #readFlags(data: Uint8Array, at: number, end: number, bigEndian: boolean): boolean {
    const options = this.#options;
    let hasComments = false;
    this.#flaggedDirection = DIRECTION_UNKNOWN;
    this.#flaggedDrops = 0;
    options.reset(data, at, end, bigEndian);
    while (options.next()) {
      if (options.code === OPT_FLAGS && options.length >= 4) {
        const bits = readU32(data, options.start, bigEndian) & 3;
        this.#flaggedDirection = bits === 3 ? DIRECTION_UNKNOWN : bits;
      } else if (options.code === OPT_DROPCOUNT && options.length >= 8) {
        this.#flaggedDrops = Number(readU64(data, options.start, bigEndian));
      } else if (options.code === OPT_COMMENT) {
        hasComments = true;
      }
    }
    return hasComments;
  }

  /** After the packet, because `onComment` speaks of the last one. */
  #handOnComments(data: Uint8Array, at: number, end: number, bigEndian: boolean): void {
    const options = this.#options;
    options.reset(data, at, end, bigEndian);
    while (options.next()) {
      if (options.code !== OPT_COMMENT) continue;
      if (this.#comments >= LIMITS.maxComments) {
        this.#limits.hit('maxComments');
        return;
      }
      this.#comments++;
      this.#sink.onComment(options.text());
    }
  }

  /** The packet is left out: without its interface nobody knows how to read it. */
  #unknownInterface(sectionId: number, offset: number): true {
    const message = `a packet at byte ${offset}, after packet ${this.count}, names interface ${sectionId}, which the file does not describe; it is left out`;
    this.#log.repeated(
      { code: 'unknown-interface', message, offset, packet: this.count, lossy: true },
      'name an interface that the file does not describe and are left out',
    );
    return true;
  }

  #warnWire(wire: number, captured: number, offset: number): void {
    const packet = this.count;
    const message = `packet ${packet} claims ${wire} bytes on the wire, ${captured} are in the file; the latter is used`;
    this.#log.repeated(
      { code: 'captured-longer-than-wire', message, offset, packet, lossy: false },
      'claim an impossible length on the wire; the captured length is used',
    );
  }
}
