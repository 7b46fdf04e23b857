/**
 * The interfaces of a pcapng file: numbered anew in each section by the file, densely over the file by us. Files that were joined
 * describe the same interface once in each section: what is said in the same words is one.
 */
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
import type { InterfaceDrops, InterfaceInfo, PacketSink } from './sink.ts';

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
  /** The newest statistics of the section. */
  counted: Counters | undefined;
  readonly known: KnownInterface;
}

/** An interface over all sections of the file. */
interface KnownInterface {
  readonly info: InterfaceInfo;
  /** What sections counted that are closed; each counts from 0. */
  closed: Counters;
}

/** As InterfaceDrops: undefined where the file does not say. */
type Counters = Pick<InterfaceDrops, 'received' | 'droppedByInterface' | 'droppedByKernel'>;

const NOTHING_COUNTED: Counters = {
  received: undefined,
  droppedByInterface: undefined,
  droppedByKernel: undefined,
};

function sum(a: Counters, b: Counters): Counters {
  const add = (x: number | undefined, y: number | undefined): number | undefined =>
    x === undefined ? y : x + (y ?? 0);
  return {
    received: add(a.received, b.received),
    droppedByInterface: add(a.droppedByInterface, b.droppedByInterface),
    droppedByKernel: add(a.droppedByKernel, b.droppedByKernel),
  };
}

export class InterfaceTable {
  readonly #sink: PacketSink;
  readonly #limits: LimitCounter;
  readonly #options: OptionWalker;
  #section: (OpenInterface | undefined)[] = [];
  /** How many of the section have the same description: they are as many interfaces. */
  readonly #alike = new Map<string, number>();
  /** The interfaces of the file so far, by all that is said of them, and which of those alike they are. */
  readonly #known = new Map<string, KnownInterface>();

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
      if (open === undefined) continue;
      const { known, counted, droppedBeforePackets } = open;
      const told =
        droppedBeforePackets === 0
          ? undefined
          : { ...NOTHING_COUNTED, droppedByKernel: droppedBeforePackets };
      const counters = counted ?? told;
      if (counters === undefined) continue;
      known.closed = sum(known.closed, counters);
      if (counted === undefined) this.#sink.onDrops({ interfaceId: known.info.id, ...known.closed });
    }
    this.#section = [];
    this.#alike.clear();
  }

  /** An Interface Description Block; its body, of 8 bytes at least, is `data[body, end)`. */
  add(data: Uint8Array, body: number, end: number, bigEndian: boolean): void {
    if (this.#section.length >= LIMITS.maxInterfaces) {
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
    const known = this.#know({
      id: this.#known.size,
      linkType: readU16(data, body, bigEndian),
      snapLength: readU32(data, body + 4, bigEndian),
      name,
      description,
      resolutionNs: isArrival ? Math.max(scale.resolutionNs, ARRIVAL_STEP_NS) : scale.resolutionNs,
    });
    // The ids of those that follow must stay right.
    if (known === undefined) this.#section.push(undefined);
    else this.#section.push({ info: known.info, scale, droppedBeforePackets: 0, counted: undefined, known });
  }

  /** The interface of which just this is said, told to the sink where it is new; undefined where there are too many. */
  #know(info: InterfaceInfo): KnownInterface | undefined {
    const { linkType, snapLength, name, description, resolutionNs } = info;
    const said = JSON.stringify([linkType, snapLength, name, description, resolutionNs]);
    const alike = this.#alike.get(said) ?? 0;
    this.#alike.set(said, alike + 1);
    const key = `${alike} ${said}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (this.#known.size >= LIMITS.maxInterfacesOfFile) {
      this.#limits.hit('maxInterfacesOfFile');
      return undefined;
    }
    const fresh: KnownInterface = { info, closed: NOTHING_COUNTED };
    this.#known.set(key, fresh);
    this.#sink.onInterface(info);
    return fresh;
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
    open.counted = { received, droppedByInterface, droppedByKernel };
    this.#sink.onDrops({ interfaceId: open.info.id, ...sum(open.known.closed, open.counted) });
  }
}
