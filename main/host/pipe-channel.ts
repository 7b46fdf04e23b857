/**
 * A stream of bytes between a process and the one that started it as a channel: before each message come four bytes with its length.
 *
 * Node's own channel to a child is not used for it. That one reads with V8's deserializer and takes messages of its own
 * among ours (NODE_HANDLE and its like); what it cannot read, or did not wait for, ends the process that reads, which would be
 * the host of a process that foreign bytes have taken over.
 *
 * Invariant: of what has come no more is kept than one message, and whatever its first bytes say, none that is too large.
 */
import type { Duplex } from 'node:stream';
import type { ByteChannel } from '../../shared/rpc/byte-channel.ts';
import { Inbox, MAX_FRAME_BYTES } from '../../shared/rpc/byte-channel.ts';

/** The descriptor under which a process finds its end. The three before it are the standard ones. */
export const CHANNEL_FD = 3;
const LENGTH_BYTES = 4;

export function pipeChannel(pipe: Duplex): ByteChannel {
  const inbox = new Inbox();
  const incoming = new Incoming((message) => {
    inbox.push(message);
  });
  pipe.on('data', (piece: Uint8Array) => {
    incoming.take(piece);
  });
  // What an error means is told by 'close'.
  pipe.on('error', () => undefined);
  pipe.on('close', () => {
    inbox.close();
  });
  return {
    send(bytes, onGone) {
      const length = new Uint8Array(LENGTH_BYTES);
      new DataView(length.buffer).setUint32(0, bytes.length);
      // Both go to the system at once.
      pipe.cork();
      pipe.write(length);
      pipe.write(bytes, () => onGone?.());
      pipe.uncork();
    },
    onMessage: (listener) => inbox.onMessage(listener),
    onClose: (listener) => inbox.onClose(listener),
    close() {
      pipe.end(() => pipe.destroy());
      inbox.close();
    },
  };
}

/** Puts messages together. One that is too large is told as an empty one, which whoever reads it refuses. */
class Incoming {
  readonly #tell: (message: Uint8Array) => void;
  readonly #length = new Uint8Array(LENGTH_BYTES);
  #lengthBytes = 0;
  /** What comes now; undefined while its length comes, and for what is passed over. */
  #message: Uint8Array | undefined;
  /** Bytes of it that are still to come. */
  #left = 0;

  constructor(tell: (message: Uint8Array) => void) {
    this.#tell = tell;
  }

  take(piece: Uint8Array): void {
    for (let at = 0; at < piece.length;) {
      if (this.#lengthBytes < LENGTH_BYTES) {
        this.#length[this.#lengthBytes++] = piece[at++];
        if (this.#lengthBytes === LENGTH_BYTES) this.#begin();
      } else {
        const taken = piece.subarray(at, at + this.#left);
        this.#message?.set(taken, this.#message.length - this.#left);
        this.#left -= taken.length;
        at += taken.length;
      }
      if (this.#lengthBytes === LENGTH_BYTES && this.#left === 0) this.#end();
    }
  }

  #begin(): void {
    this.#left = new DataView(this.#length.buffer).getUint32(0);
    this.#message = this.#left <= MAX_FRAME_BYTES ? new Uint8Array(this.#left) : undefined;
  }

  #end(): void {
    const message = this.#message ?? new Uint8Array(0);
    this.#message = undefined;
    this.#lengthBytes = 0;
    this.#tell(message);
  }
}
