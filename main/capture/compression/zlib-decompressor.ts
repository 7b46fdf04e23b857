import type { Transform } from 'node:stream';
import type { Decompressor } from './decompressor.ts';

/** Output that may wait to be taken before inflating pauses, bytes; bounds what a decompression bomb can take. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;

/**
 * One of Node's decompression streams as a `Decompressor`: it inflates in libuv's thread pool while the output so far
 * is in use. It is driven by hand, because a stream that fails throws away what it has buffered, and that can still be
 * read of a damaged file.
 */
export class ZlibDecompressor implements Decompressor {
  readonly #stream: Transform;
  #output: Uint8Array[] = [];
  #waitingBytes = 0;
  #failure: Error | undefined = undefined;
  /** Whether the stream still works on a write or on its end. */
  #busy = false;
  #wake: () => void = () => {};

  constructor(stream: Transform) {
    this.#stream = stream;
    stream.on('data', (chunk: Uint8Array) => {
      this.#output.push(chunk);
      this.#waitingBytes += chunk.length;
      if (this.#waitingBytes >= MAX_WAITING_BYTES) stream.pause();
      this.#wake();
    });
    stream.on('error', (error: Error) => {
      this.#failure = error;
      this.#done();
    });
    stream.on('end', () => this.#done());
    stream.on('close', () => this.#done());
  }

  async *push(compressed: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
    this.#busy = true;
    this.#stream.write(compressed, () => this.#done());
    try {
      yield* this.#outputUntilDone();
    } finally {
      // Where the caller leaves early, zlib may still read the caller's buffer, and has to stop first.
      if (this.#busy) await this.#stop();
    }
  }

  async *finish(): AsyncGenerator<Uint8Array, void, undefined> {
    this.#busy = this.#failure === undefined;
    if (this.#busy) this.#stream.end();
    yield* this.#outputUntilDone();
  }

  dispose(): void {
    this.#stream.destroy();
  }

  async *#outputUntilDone(): AsyncGenerator<Uint8Array, void, undefined> {
    // Events come between turns of the event loop only, so none is missed between a look and the wait for it.
    for (;;) {
      if (this.#output.length > 0) yield* this.#take();
      else if (!this.#busy) break;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  #take(): Uint8Array[] {
    const output = this.#output;
    this.#output = [];
    this.#waitingBytes = 0;
    this.#stream.resume();
    return output;
  }

  #done(): void {
    this.#busy = false;
    this.#wake();
  }

  /** 'close' comes when the stream has let go of its write. */
  async #stop(): Promise<void> {
    this.#stream.destroy();
    while (!this.#stream.closed) await new Promise<void>((resolve) => (this.#wake = resolve));
  }
}
