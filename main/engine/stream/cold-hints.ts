/**
 * Hints of flows that nothing came of for a while, as bytes in pages. A page that is full goes to the file for what does not fit
 * memory, and comes back when somebody asks for a flow whose hints are there. What flows have in common, which is that most was not
 * seen of them, is not kept.
 *
 * Invariant: pages are only added to. What is thawed, and put aside again, is written anew.
 */
import type { FlowRecord } from '../../../shared/base/units.ts';
import type { SpillPlace, SpillSpace } from '../spill-space.ts';
import { GatheredHints } from './flow-hints.ts';

const PAGE_BITS = 16;
const PAGE_BYTES = 1 << PAGE_BITS;
const LENGTH_BYTES = 2;
/** Pages in memory: those that are looked at one after the other. */
const PAGES_IN_MEMORY = 64;
/** Places are numbers of 32 bits; 0 is none. */
const MOST_PAGES = 0x1_0000_0000 / PAGE_BYTES - 1;

const NOTHING_SEEN = new GatheredHints('tls');
const FIELDS = Object.keys(NOTHING_SEEN) as (keyof GatheredHints)[];

interface Page {
  readonly bytes: Uint8Array;
  readonly index: number;
}

export class ColdHints {
  /** Where the hints of a flow are, + 1; by its record. */
  #places = new Uint32Array(4096);
  readonly #space: SpillSpace;
  readonly #onFull: () => void;
  readonly #encoder = new TextEncoder();
  readonly #decoder = new TextDecoder();
  /** By number; undefined where it is in memory only. */
  readonly #written: (SpillPlace | undefined)[] = [];
  /** By number, the one that came last being the last. */
  readonly #inMemory = new Map<number, Page>();
  /** Pages that are in no file for want of room, and the one that is filled. */
  readonly #unwritten = new Map<number, Page>();
  #open: Page;
  #used = 0;
  #isFull = false;
  #isClosed = false;
  /** What was read last: whoever asks for a flow's hints asks for them again. */
  #lastFlow = -1;
  #last: GatheredHints | undefined;

  /** @param onFull told once when there is no room for what should go to the file */
  constructor(space: SpillSpace, onFull: () => void) {
    this.#space = space;
    this.#onFull = onFull;
    this.#open = this.#nextPage(0);
  }

  /** @returns false where there is no room for them */
  put(flow: FlowRecord, hints: GatheredHints): boolean {
    let length = this.#write(hints);
    if (length < 0) {
      if (this.#open.index === MOST_PAGES) return false;
      this.#turnPage();
      length = this.#write(hints);
      if (length < 0) return false;
    }
    const at = this.#used;
    this.#open.bytes[at] = length;
    this.#open.bytes[at + 1] = length >>> 8;
    this.#used += LENGTH_BYTES + length;
    this.#setPlace(flow, this.#open.index * PAGE_BYTES + at + 1);
    return true;
  }

  /** @throws SpillLost */
  find(flow: FlowRecord): GatheredHints | undefined {
    const place = flow < this.#places.length ? this.#places[flow] : 0;
    if (place === 0) return undefined;
    if (flow === this.#lastFlow) return this.#last;
    const bytes = this.#page((place - 1) >>> PAGE_BITS);
    const at = (place - 1) & (PAGE_BYTES - 1);
    const length = bytes[at] | (bytes[at + 1] << 8);
    const text = this.#decoder.decode(bytes.subarray(at + LENGTH_BYTES, at + LENGTH_BYTES + length));
    // Nobody else writes there.
    const seen = JSON.parse(text) as Partial<GatheredHints> & Pick<GatheredHints, 'protocol'>;
    const hints = Object.assign(new GatheredHints(seen.protocol), seen);
    this.#lastFlow = flow;
    this.#last = hints;
    return hints;
  }

  forget(flow: FlowRecord): void {
    if (flow < this.#places.length) this.#places[flow] = 0;
    if (flow === this.#lastFlow) this.#lastFlow = -1;
  }

  /** Nothing will be asked any more. */
  close(): void {
    for (const place of this.#written) if (place !== undefined) this.#space.forget(place);
    this.#written.length = 0;
    this.#isClosed = true;
  }

  /** Writes hints behind the length that they are about to have. @returns −1 where they do not fit */
  #write(hints: GatheredHints): number {
    const seen: Record<string, unknown> = { protocol: hints.protocol };
    for (const field of FIELDS) if (hints[field] !== NOTHING_SEEN[field]) seen[field] = hints[field];
    const text = JSON.stringify(seen);
    const room = this.#open.bytes.subarray(this.#used + LENGTH_BYTES);
    const { read, written } = this.#encoder.encodeInto(text, room);
    return read === text.length ? written : -1;
  }

  #turnPage(): void {
    const full = this.#open;
    this.#open = this.#nextPage(full.index + 1);
    this.#used = 0;
    if (this.#isFull || this.#isClosed) return;
    const place = this.#space.put(full.bytes);
    if (place === undefined) {
      this.#isFull = true;
      this.#onFull();
      return;
    }
    this.#written[full.index] = place;
    this.#unwritten.delete(full.index);
    this.#keep(full);
  }

  #nextPage(index: number): Page {
    const page = { index, bytes: new Uint8Array(PAGE_BYTES) };
    this.#unwritten.set(index, page);
    return page;
  }

  #page(index: number): Uint8Array {
    const known = this.#unwritten.get(index) ?? this.#inMemory.get(index);
    if (known !== undefined) return known.bytes;
    const place = this.#written[index];
    if (place === undefined) throw new Error(`page ${index} of hints is gone`);
    const bytes = new Uint8Array(PAGE_BYTES);
    this.#space.read(place, bytes);
    this.#keep({ index, bytes });
    return bytes;
  }

  /** Keeps a page that is in the file at hand, for the one that came first. */
  #keep(page: Page): void {
    this.#inMemory.set(page.index, page);
    if (this.#inMemory.size <= PAGES_IN_MEMORY) return;
    for (const first of this.#inMemory.keys()) {
      this.#inMemory.delete(first);
      return;
    }
  }

  #setPlace(flow: FlowRecord, place: number): void {
    if (flow >= this.#places.length) {
      const larger = new Uint32Array(Math.max(flow + 1, 2 * this.#places.length));
      larger.set(this.#places);
      this.#places = larger;
    }
    this.#places[flow] = place;
    if (flow === this.#lastFlow) this.#lastFlow = -1;
  }
}
