import type { Transform } from 'node:stream';
import type { Decompressor } from './decompressor.ts';

/**
 * Compressed bytes given to zlib at once. zlib swells by up to 1032 : 1 and its output is held until it is asked
 * for, so this bounds the memory that a decompression bomb can take (33 MiB).
 */
const SLICE_BYTES = 32 * 1024;

/**
 * One of Node's decompression streams as a `Decompressor`: inflates the next slice in libuv's thread pool while
 * the output of the last one is in use. Driven by hand, because a stream that fails throws away what it has
 * buffered, and that is what could still be read of a damaged file.
 */
export class ZlibDecompressor implements Decompressor {
  readonly #stream: Transform;
  #output: Uint8Array[] = [];
  #failure: Error | undefined = undefined;
  #ended = false;
  #wake: () => void = () => {};

  constructor(stream: Transform) {
    this.#stream = stream;
    stream.on('data', (chunk: Uint8Array) => this.#output.push(chunk));
    stream.on('error', (error: Error) => {
      this.#failure = error;
      this.#wake();
    });
    stream.on('end', () => {
      this.#ended = true;
      this.#wake();
    });
    stream.on('close', () => this.#wake());
  }

  async *push(compressed: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
    for (let at = 0; at < compressed.length; at += SLICE_BYTES) {
      const ready = this.#take();
      const written = this.#write(compressed.subarray(at, at + SLICE_BYTES));
      try {
        yield* ready;
      } finally {
        // zlib reads the caller's buffer until then, even where the caller has lost interest.
        await written;
      }
      if (this.#failure !== undefined) {
        yield* this.#take();
        throw this.#failure;
      }
    }
  }

  async *finish(): AsyncGenerator<Uint8Array, void, undefined> {
    if (this.#failure === undefined) {
      this.#stream.end();
      while (!this.#ended && this.#failure === undefined && !this.#stream.destroyed) {
        await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    }
    yield* this.#take();
    if (this.#failure !== undefined) throw this.#failure;
  }

  dispose(): void {
    this.#stream.destroy();
  }

  #take(): Uint8Array[] {
    const output = this.#output;
    this.#output = [];
    return output;
  }

  /** Resolves when the slice was used up, or never will be. */
  #write(slice: Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      this.#stream.write(slice, () => resolve());
    });
  }
}
