/** Turns compressed pieces of any size into plain ones, in bounded memory. */
export interface Decompressor {
  /** Gives what the bytes, which are not kept, led to. Chunks are valid until the next one is asked for. */
  push(compressed: Uint8Array): Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
  /** No more comes. @throws where the data is cut short */
  finish(): Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
  /** Lets go of what is held outside the heap. May be called at any time. */
  dispose(): void;
}
