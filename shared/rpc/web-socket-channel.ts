/** A WebSocket as a channel: the browser's, or one of the package `ws` on the serving end. */
import type { ByteChannel } from './byte-channel.ts';
import { Inbox } from './byte-channel.ts';

export interface WebSocketLike {
  binaryType: string;
  readonly readyState: number;
  /** `onGone` is the package's own; a browser's socket does not tell. Nothing is served over one of these. */
  send(data: Uint8Array<ArrayBuffer>, onGone?: () => void): void;
  close(): void;
  addEventListener(type: 'open' | 'close', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

const CONNECTING = 0;
const OPEN = 1;
const CLOSING = 2;

/** May be made while the socket still connects: what is sent meanwhile waits. */
export function webSocketChannel(socket: WebSocketLike): ByteChannel {
  const inbox = new Inbox();
  const waiting: Uint8Array<ArrayBuffer>[] = [];
  socket.binaryType = 'arraybuffer';
  socket.addEventListener('open', () => {
    for (const bytes of waiting.splice(0)) socket.send(bytes);
  });
  socket.addEventListener('message', ({ data }) => {
    // Text frames are none of ours; as an empty frame they get an error for an answer.
    inbox.push(data instanceof ArrayBuffer ? new Uint8Array(data) : new Uint8Array(0));
  });
  // An error is always followed by a close.
  socket.addEventListener('close', () => {
    inbox.close();
  });
  if (socket.readyState >= CLOSING) inbox.close();
  return {
    send(bytes, onGone) {
      if (socket.readyState === OPEN) socket.send(bytes as Uint8Array<ArrayBuffer>, onGone);
      else if (socket.readyState === CONNECTING) waiting.push(bytes as Uint8Array<ArrayBuffer>);
      else onGone?.();
    },
    onMessage: (listener) => inbox.onMessage(listener),
    onClose: (listener) => inbox.onClose(listener),
    close() {
      socket.close();
      inbox.close();
    },
  };
}
