/** The interfaces of a pcapng file: numbered anew in each section by the file, densely over the file by us. */
import { LIMITS, type LimitCounter } from '../limits.ts';
import { readU16, readU32, readU64 } from './bytes.ts';
import {
  IF_DESCRIPTION,
  IF_NAME,
  IF_TSOFFSET,
  IF_TSRESOL,
  ISB_IFDROP,
  ISB_IFRECV,
  ISB_OSDROP,
  OPT_COMMENT,
  type OptionWalker,
} from './pcapng-options.ts';
import { TimeScale } from './pcapng-time.ts';
import type { InterfaceInfo, PacketSink } from './sink.ts';

/**
 * A comment on an interface whose stamps say when packets came to the capturing program, not when they crossed the
 * wire: written where the source gives no others.
 */
export const ARRIVAL_STAMPS = 'resetscope: stamps are of arrival at the capturing program';
/** How far such stamps may be off; coarse enough that timing is no evidence. */
const ARRIVAL_STEP_NS = 20_000_000;

/** One interface while its section is read. */
export interface OpenInterface {
  readonly info: InterfaceInfo;
  readonly scale: TimeScale;
  /** Sum of epb_dropcount, reported where no statistics block says more. */
  droppedBeforePackets: number;
  hasStatistics: boolean;
}

export class InterfaceTable {
  readonly #sink: PacketSink;
  readonly #limits: LimitCounter;
  readonly #options: OptionWalker;
  #section: (OpenInterface | undefined)[] = [];
  #count = 0;

  constructor(sink: PacketSink, limits: LimitCounter, options: OptionWalker) {
    this.#sink = sink;
    this.#limits = limits;
    this.#options = options;
  }

  /** @param sectionId as blocks of the running section use it */
  get(sectionId: number): OpenInterface | undefined {
    return this.#section[sectionId];
  }

  /** Ends the section: hands on the drops that only its packets told of. */
  closeSection(): void {
    for (const open of this.#section) {
      if (open === undefined || open.hasStatistics || open.droppedBeforePackets === 0) continue;
      this.#sink.onDrops({
        interfaceId: open.info.id,
        received: undefined,
        droppedByInterface: undefined,
        droppedByKernel: open.droppedBeforePackets,
      });
    }
    this.#section = [];
  }

  /** An Interface Description Block; its body, of 8 bytes at least, is `data[body, end)`. */
  add(data: Uint8Array, body: number, end: number, bigEndian: boolean): void {
    if (this.#count >= LIMITS.maxInterfaces) {
      this.#limits.hit('maxInterfaces');
      // Ids keep counting; the array must not, in a file of nothing but interfaces.
      return;
    }
    let name: string | undefined;
    let description: string | undefined;
    let tsresol: number | undefined;
    let tsoffset = 0n;
    let isArrival = false;
    const options = this.#options;
    options.reset(data, body + 8, end, bigEndian);
    while (options.next()) {
      if (options.code === IF_NAME) name = options.text();
      else if (options.code === IF_DESCRIPTION) description = options.text();
      else if (options.code === OPT_COMMENT) isArrival ||= options.text() === ARRIVAL_STAMPS;
      else if (options.code === IF_TSRESOL && options.length >= 1) tsresol = data[options.start];
      else if (options.code === IF_TSOFFSET && options.length >= 8) {
        tsoffset = BigInt.asIntN(64, readU64(data, options.start, bigEndian));
      }
    }
    const scale = new TimeScale(tsresol, tsoffset);
    const info: InterfaceInfo = {
      id: this.#count++,
      linkType: readU16(data, body, bigEndian),
      snapLength: readU32(data, body + 4, bigEndian),
      name,
      description,
      resolutionNs: isArrival ? Math.max(scale.resolutionNs, ARRIVAL_STEP_NS) : scale.resolutionNs,
    };
    this.#section.push({ info, scale, droppedBeforePackets: 0, hasStatistics: false });
    this.#sink.onInterface(info);
  }

  /** An Interface Statistics Block of a known interface; its options are `data[at, end)`. */
  addStatistics(open: OpenInterface, data: Uint8Array, at: number, end: number, bigEndian: boolean): void {
    let received: number | undefined;
    let droppedByInterface: number | undefined;
    let droppedByKernel: number | undefined;
    const options = this.#options;
    options.reset(data, at, end, bigEndian);
    while (options.next()) {
      if (options.length < 8) continue;
      if (options.code === ISB_IFRECV) received = Number(readU64(data, options.start, bigEndian));
      else if (options.code === ISB_IFDROP) {
        droppedByInterface = Number(readU64(data, options.start, bigEndian));
      } else if (options.code === ISB_OSDROP) {
        droppedByKernel = Number(readU64(data, options.start, bigEndian));
      }
    }
    open.hasStatistics = true;
    this.#sink.onDrops({ interfaceId: open.info.id, received, droppedByInterface, droppedByKernel });
  }
}
