/**
 * JSON-RPC messages as msgpack frames on a byte channel, for vscode-jsonrpc: rows stay binary, and a frame that is no
 * message costs an answer, never the process.
 */
import { decode, encode } from '@msgpack/msgpack';
import type { DataCallback, Disposable, Message } from 'vscode-jsonrpc/lib/common/api.js';
import { AbstractMessageReader, AbstractMessageWriter } from 'vscode-jsonrpc/lib/common/api.js';
import type { ByteChannel } from './byte-channel.ts';
import { MAX_FRAME_BYTES } from './byte-channel.ts';
import { asMessage } from './message-schema.ts';

const INVALID_REQUEST = -32600;
const INTERNAL_ERROR = -32603;

export class ChannelReader extends AbstractMessageReader {
  readonly #channel: ByteChannel;

  constructor(channel: ByteChannel) {
    super();
    this.#channel = channel;
    channel.onClose(() => {
      this.fireClose();
    });
  }

  listen(callback: DataCallback): Disposable {
    return this.#channel.onMessage((bytes) => {
      const message = readMessage(bytes);
      if (typeof message === 'string') this.#refuse(message);
      else callback(message);
    });
  }

  #refuse(reason: string): void {
    this.fireError(new Error(reason));
    const error = { code: INVALID_REQUEST, message: reason };
    this.#channel.send(encode({ jsonrpc: '2.0', id: null, error }));
  }
}

/** The message, or what is wrong with it. */
function readMessage(bytes: Uint8Array): Message | string {
  if (bytes.length > MAX_FRAME_BYTES) return `a frame of ${bytes.length} bytes is too large`;
  let decoded: unknown;
  try {
    decoded = decode(bytes);
  } catch {
    return 'a frame could not be decoded';
  }
  return asMessage(decoded) ?? 'a frame is no message of this protocol';
}

export class ChannelWriter extends AbstractMessageWriter {
  readonly #channel: ByteChannel;

  constructor(channel: ByteChannel) {
    super();
    this.#channel = channel;
  }

  write(message: Message): Promise<void> {
    try {
      const bytes = encode(message, { ignoreUndefined: true });
      if (bytes.length <= MAX_FRAME_BYTES) this.#channel.send(bytes);
      else this.#tooLarge(message, bytes.length);
      return Promise.resolve();
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** The caller waits for an answer: an answer that is too large becomes an error; a request fails here. */
  #tooLarge(message: Message, length: number): void {
    const reason = `a frame of ${length} bytes is too large`;
    if (!('id' in message) || 'method' in message) throw new Error(reason);
    const error = { code: INTERNAL_ERROR, message: reason };
    this.#channel.send(encode({ jsonrpc: '2.0', id: message.id, error }));
  }

  end(): void {
    this.#channel.close();
  }
}
