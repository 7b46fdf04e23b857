/** Turns compressed pieces of any size into plain ones, in bounded memory. */
export interface Decompressor {
  /** Decompresses bytes, which are not kept. A chunk is valid until the next is asked for. @throws Error at damage */
  push(compressed: Uint8Array): Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
  /** Gives what is left once all was pushed. @throws Error where the data is cut short */
  finish(): Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
  /** Lets go of memory outside the heap. May be called at any time. */
  dispose(): void;
}

/** The data is sound, and not read for a reason that the message tells. */
export class UnreadArchiveError extends Error {}
