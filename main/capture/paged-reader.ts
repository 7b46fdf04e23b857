/** Bytes of one page, and pages kept (16 MiB in all). */
const PAGE_BYTES = 256 * 1024;
const MAX_PAGES = 64;

/**
 * Random access to bytes that can only be had front to back. It keeps its place in the stream, so that reading on
 * costs nothing twice, and the pages last used; going back beyond those starts the stream again.
 */
export class PagedReader {
  readonly #open: () => AsyncGenerator<Uint8Array, void, undefined>;
  /** Pages by their index, in the order of their last use, oldest first. */
  readonly #pages = new Map<number, Uint8Array>();
  #stream: AsyncGenerator<Uint8Array, void, undefined> | undefined = undefined;
  /** The page that the stream is filling, and how full it is. */
  #filling = 0;
  #page = new Uint8Array(PAGE_BYTES);
  #filled = 0;
  /** What the stream gave beyond the page being filled. */
  #ahead = new Uint8Array(0);
  #ended = false;
  /** Requests share the one stream, so they take turns. */
  #turn: Promise<unknown> = Promise.resolve();

  /** @param open starts the stream at its beginning; a chunk need only be valid until the next one */
  constructor(open: () => AsyncGenerator<Uint8Array, void, undefined>) {
    this.#open = open;
  }

  /** Fewer than `length` bytes where the stream ends. @throws what the stream throws before it has given them */
  read(offset: number, length: number): Promise<Uint8Array> {
    const result = this.#turn.then(() => this.#read(offset, length));
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async close(): Promise<void> {
    await this.#turn;
    await this.#restart();
    this.#pages.clear();
  }

  async #read(offset: number, length: number): Promise<Uint8Array> {
    const result = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const at = offset + done;
      const page = await this.#pageOf(Math.floor(at / PAGE_BYTES));
      const from = at % PAGE_BYTES;
      if (page === undefined || from >= page.length) break;
      const piece = page.subarray(from, from + length - done);
      result.set(piece, done);
      done += piece.length;
    }
    return done === length ? result : result.slice(0, done);
  }

  /** Undefined beyond the end; the last page is shorter than the others. */
  async #pageOf(index: number): Promise<Uint8Array | undefined> {
    const known = this.#pages.get(index);
    if (known !== undefined) {
      this.#keep(index, known);
      return known;
    }
    if (index < this.#filling || (this.#ended && index > this.#filling)) {
      if (index > this.#filling) return undefined;
      await this.#restart();
    }
    while (!this.#ended && this.#filling <= index) await this.#fillOne();
    return this.#pages.get(index);
  }

  async #fillOne(): Promise<void> {
    this.#stream ??= this.#open();
    while (this.#filled < PAGE_BYTES) {
      if (this.#ahead.length === 0) {
        const next = await this.#next(this.#stream);
        if (next.done === true) {
          this.#ended = true;
          break;
        }
        // A copy is kept, as the rest of the chunk may wait while the stream goes on.
        this.#ahead = next.value.slice();
      }
      const piece = this.#ahead.subarray(0, PAGE_BYTES - this.#filled);
      this.#page.set(piece, this.#filled);
      this.#filled += piece.length;
      this.#ahead = this.#ahead.subarray(piece.length);
    }
    this.#keep(this.#filling, this.#page.slice(0, this.#filled));
    if (this.#ended) return;
    this.#filling++;
    this.#filled = 0;
  }

  /** A stream that failed is over; the next request begins a new one. */
  async #next(
    stream: AsyncGenerator<Uint8Array, void, undefined>,
  ): Promise<IteratorResult<Uint8Array, void>> {
    try {
      return await stream.next();
    } catch (error) {
      await this.#restart();
      throw error;
    }
  }

  async #restart(): Promise<void> {
    const stream = this.#stream;
    this.#stream = undefined;
    this.#filling = 0;
    this.#filled = 0;
    this.#ahead = new Uint8Array(0);
    this.#ended = false;
    await stream?.return();
  }

  #keep(index: number, page: Uint8Array): void {
    this.#pages.delete(index);
    this.#pages.set(index, page);
    if (this.#pages.size <= MAX_PAGES) return;
    const oldest = this.#pages.keys().next();
    if (oldest.done !== true) this.#pages.delete(oldest.value);
  }
}
