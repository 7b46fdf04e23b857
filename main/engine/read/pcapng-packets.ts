/** The three packet blocks of pcapng (draft-ietf-opsawg-pcapng §4.3, §4.4, §A). */
import { LIMITS, type LimitCounter } from '../limits.ts';
import { readU16, readU32, readU64 } from './bytes.ts';
import type { InterfaceTable, OpenInterface } from './pcapng-interfaces.ts';
import { OPT_COMMENT, type OptionWalker } from './pcapng-options.ts';
import { BLOCK_ENHANCED_PACKET, isBlockLength } from './pcapng-plausible.ts';
import { DIRECTION_UNKNOWN, type CaptureClock, type PacketSink } from './sink.ts';
import type { WarningLog } from './warning-log.ts';

/** From a block's type to its packet's first byte; both packet blocks with a time are laid out alike. */
const PACKET_FIXED_BYTES = 28;
const SIMPLE_FIXED_BYTES = 12;

/** epb_flags and pack_flags; their lower two bits are the direction, numbered as DIRECTION_* is. */
const OPT_FLAGS = 2;
const OPT_DROPCOUNT = 4;

/** drops_count of the obsolete block where nothing is known. */
const DROPS_UNKNOWN = 0xffff;

export class PcapngPackets {
  count = 0;
  readonly #sink: PacketSink;
  readonly #clock: CaptureClock;
  readonly #limits: LimitCounter;
  readonly #log: WarningLog;
  readonly #interfaces: InterfaceTable;
  readonly #options: OptionWalker;
  #lastNs = 0;
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
   * Ordinary: equal lengths at both ends, a known interface that had a packet before, no options.
   * captured ≤ wire ≤ maxRecordBytes also bounds the rounding to 32 bits that `& ~3` does.
   */
  readCalm(data: Uint8Array, from: number, to: number, base: number, bigEndian: boolean): number {
    const sink = this.#sink;
    let at = from;
    let sectionId = -1;
    let open: OpenInterface | undefined = undefined;
    while (at + PACKET_FIXED_BYTES <= to && readU32(data, at, bigEndian) === BLOCK_ENHANCED_PACKET) {
      const length = readU32(data, at + 4, bigEndian);
      const next = at + length;
      if (next > to || !isBlockLength(length)) break;
      const id = readU32(data, at + 8, bigEndian);
      if (id !== sectionId) {
        sectionId = id;
        open = this.#interfaces.get(id);
      }
      const captured = readU32(data, at + 20, bigEndian);
      const wire = readU32(data, at + 24, bigEndian);
      if (
        open === undefined ||
        !open.scale.anchored ||
        length !== PACKET_FIXED_BYTES + 4 + ((captured + 3) & ~3) ||
        readU32(data, next - 4, bigEndian) !== length ||
        wire < captured ||
        wire > LIMITS.maxRecordBytes
      ) {
        break;
      }
      const high = readU32(data, at + 12, bigEndian);
      const timeNs = open.scale.relativeNs(high, readU32(data, at + 16, bigEndian));
      this.#lastNs = timeNs;
      this.count++;
      const start = at + PACKET_FIXED_BYTES;
      sink.onPacket(data, start, captured, wire, timeNs, open.info.id, DIRECTION_UNKNOWN, base + at);
      at = next;
    }
    return at;
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
    const hasOptions = optionsAt + 4 <= end;
    let direction = DIRECTION_UNKNOWN;
    if (hasOptions) {
      this.#readFlags(data, optionsAt, end, bigEndian);
      direction = this.#flaggedDirection;
      open.droppedBeforePackets += this.#flaggedDrops;
    }
    open.droppedBeforePackets += drops;
    this.#sink.onPacket(data, start, captured, wire, timeNs, open.info.id, direction, base + at);
    if (hasOptions) this.#handOnComments(data, optionsAt, end, bigEndian);
    return true;
  }

  #time(open: OpenInterface, high: number, low: number): number {
    const { scale } = open;
    if (!scale.anchored) scale.anchor((this.#clock.epochNs ??= scale.absoluteNs(high, low)));
    const timeNs = scale.relativeNs(high, low);
    this.#lastNs = timeNs;
    return timeNs;
  }

  #readFlags(data: Uint8Array, at: number, end: number, bigEndian: boolean): void {
    const options = this.#options;
    this.#flaggedDirection = DIRECTION_UNKNOWN;
    this.#flaggedDrops = 0;
    options.reset(data, at, end, bigEndian);
    while (options.next()) {
      if (options.code === OPT_FLAGS && options.length >= 4) {
        const bits = readU32(data, options.start, bigEndian) & 3;
        this.#flaggedDirection = bits === 3 ? DIRECTION_UNKNOWN : bits;
      } else if (options.code === OPT_DROPCOUNT && options.length >= 8) {
        this.#flaggedDrops = Number(readU64(data, options.start, bigEndian));
      }
    }
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
