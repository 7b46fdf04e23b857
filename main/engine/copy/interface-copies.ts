/**
 * The interfaces of one section of the copy. They are described when something of theirs is written first, in that order, so that
 * a section holds none that nothing is known of.
 */
import { LIMITS, type LimitCounter } from '../limits.ts';
import { readU16, readU32 } from '../read/bytes.ts';
import { ARRIVAL_STAMPS } from '../read/pcapng-interfaces.ts';
import { IF_DESCRIPTION, IF_NAME, IF_TSOFFSET, IF_TSRESOL, OPT_COMMENT } from '../read/pcapng-options.ts';
import { BLOCK_INTERFACE } from '../read/pcapng-plausible.ts';
import type { BlockBuffer, BlockOption } from './block-buffer.ts';
import {
  IF_ADDRESS_FIRST,
  IF_ADDRESS_LAST,
  IF_FILTER,
  IF_HARDWARE,
  IF_SYSTEM,
  IF_TIMEZONE,
  IF_TIMEZONE_NAME,
  INTERFACE_OPTIONS,
  readOptions,
  textOption,
} from './block-options.ts';
import type { CaptureRewriter } from './rewriter.ts';

/** if_tsresol where a section says nothing: microseconds. */
const DEFAULT_TSRESOL = 6;
/** Of an Interface Description Block, from its type on. */
const FIXED_BYTES = 16;
/** if_filter: its first byte says what follows; text of libpcap. */
const FILTER_IS_TEXT = 0;

const NOT_WRITTEN = -1;
const UTF8 = new TextDecoder();

export interface CopiedInterface {
  readonly linkType: number;
  readonly tsresol: number;
  /** Seconds. */
  readonly tsoffset: bigint;
  /** Its number in the section of the copy; −1 while it is not described there. */
  number: number;
  /** epb_dropcount of packets that were left out, until a packet is written that can tell it, and of those that were written. */
  dropsLeftOut: bigint;
  dropsWritten: bigint;
  /** The section counts by itself what was lost. */
  hasStatistics: boolean;
  /** Of its last packet, upper and lower half. */
  lastHigh: number;
  lastLow: number;
}

interface Described extends CopiedInterface {
  readonly snapLength: number;
  readonly options: readonly BlockOption[];
}

export class InterfaceCopies {
  readonly #out: BlockBuffer;
  readonly #limits: LimitCounter;
  readonly #rewriter: CaptureRewriter | undefined;
  /** By their numbers in the section that is read. */
  #section: Described[] = [];
  #written = 0;
  #bytes = 0;

  constructor(out: BlockBuffer, limits: LimitCounter, rewriter: CaptureRewriter | undefined) {
    this.#out = out;
    this.#limits = limits;
    this.#rewriter = rewriter;
  }

  /** Another section begins, in what is read and in the copy. */
  openSection(): void {
    this.#section = [];
    this.#written = 0;
    this.#bytes = 0;
  }

  get(sectionId: number): CopiedInterface | undefined {
    return this.#section[sectionId];
  }

  all(): readonly CopiedInterface[] {
    return this.#section;
  }

  /** An Interface Description Block, which lies in `data[at, end)`. */
  add(data: Uint8Array, at: number, end: number, bigEndian: boolean): void {
    // Those beyond the limit the reader leaves out with their packets.
    if (this.#section.length >= LIMITS.maxInterfaces || at + FIXED_BYTES > end) return;
    const read = readOptions(data, at + FIXED_BYTES, end, bigEndian, INTERFACE_OPTIONS, this.#limits);
    let tsresol = DEFAULT_TSRESOL;
    let tsoffset = 0n;
    for (const { code, value } of read) {
      if (code === IF_TSRESOL && value.length >= 1) tsresol = value[0];
      else if (code === IF_TSOFFSET) tsoffset = new DataView(value.buffer).getBigInt64(0, true);
    }
    const kept = this.#kept(read);
    this.#section.push({
      ...fresh(readU16(data, at + 8, bigEndian), tsresol, tsoffset),
      snapLength: readU32(data, at + 12, bigEndian),
      options: kept,
    });
  }

  /** The interface of a file that describes none. @param tsresol as if_tsresol */
  addPlain(linkType: number, snapLength: number, tsresol: number): CopiedInterface {
    const options = [{ code: IF_TSRESOL, value: Uint8Array.of(tsresol) }];
    const described = { ...fresh(linkType, tsresol, 0n), snapLength, options };
    this.#section.push(described);
    return described;
  }

  /** Its number in the copy, where it is described now if it was not. */
  number(one: CopiedInterface): number {
    if (one.number !== NOT_WRITTEN) return one.number;
    const { linkType, snapLength, options } = one as Described;
    this.#out.begin(BLOCK_INTERFACE).u16(linkType).u16(0).u32(snapLength);
    this.#out.options(this.#rewritten(options)).end();
    one.number = this.#written++;
    return one.number;
  }

  /** What there is room for; what tells times stays in any case. */
  #kept(options: readonly BlockOption[]): BlockOption[] {
    return options.filter(({ code, value }) => {
      if (code === IF_TSRESOL || code === IF_TSOFFSET || isAboutStamps(code, value)) return true;
      if (this.#bytes + value.length > LIMITS.maxCopiedInterfaceBytes) {
        this.#limits.hit('maxCopiedInterfaceBytes');
        return false;
      }
      this.#bytes += value.length;
      return true;
    });
  }

  #rewritten(options: readonly BlockOption[]): BlockOption[] {
    const rewriter = this.#rewriter;
    if (rewriter === undefined) return [...options];
    return options.flatMap((option) => rewriteOption(option, rewriter));
  }
}

function fresh(linkType: number, tsresol: number, tsoffset: bigint): CopiedInterface {
  return {
    linkType,
    tsresol,
    tsoffset,
    number: NOT_WRITTEN,
    dropsLeftOut: 0n,
    dropsWritten: 0n,
    hasStatistics: false,
    lastHigh: 0,
    lastLow: 0,
  };
}

/** The comment by which our own recorder says that times are of arrival. */
function isAboutStamps(code: number, value: Uint8Array): boolean {
  return code === OPT_COMMENT && UTF8.decode(value) === ARRIVAL_STAMPS;
}

const REWRITTEN: ReadonlyMap<number, Parameters<CaptureRewriter['text']>[0]> = new Map([
  [IF_NAME, 'interface'],
  [IF_DESCRIPTION, 'description'],
  [IF_HARDWARE, 'hardware'],
  [IF_SYSTEM, 'system'],
]);

function rewriteOption(option: BlockOption, rewriter: CaptureRewriter): BlockOption[] {
  const { code, value } = option;
  if (code === OPT_COMMENT) return rewriter.keepsComments || isAboutStamps(code, value) ? [option] : [];
  // Addresses of the interface, and where on earth it is.
  if (code >= IF_ADDRESS_FIRST && code <= IF_ADDRESS_LAST) return [];
  if (code === IF_TIMEZONE || code === IF_TIMEZONE_NAME) return [];
  if (code === IF_FILTER) {
    if (value.length < 1 || value[0] !== FILTER_IS_TEXT) return [];
    const text = rewriter.text('filter', UTF8.decode(value.subarray(1)));
    return text === null ? [] : [textOption(code, `\0${text}`)];
  }
  const kind = REWRITTEN.get(code);
  if (kind === undefined) return [option];
  const text = rewriter.text(kind, UTF8.decode(value));
  return text === null ? [] : [textOption(code, text)];
}
