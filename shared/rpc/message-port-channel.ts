/**
 * A MessagePort as a channel: the browser's, that of Node's worker_threads, or Electron's MessagePortMain.
 *
 * Frames are posted without a transfer list: an ArrayBuffer in one is lost between Electron's processes
 * (electron/electron#34905), and copying a frame of some kilobytes costs nothing.
 */
import type { ByteChannel } from './byte-channel.ts';
import { Inbox } from './byte-channel.ts';

/** Browser and worker_threads. */
export interface EventTargetPort {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close', listener: () => void): void;
  start(): void;
  close(): void;
}

/** Electron's MessagePortMain, in its main and its utility processes. */
export interface EmitterPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start(): void;
  close(): void;
}

/** Anything but bytes that arrives is a frame that cannot be decoded: the RPC answers it with an error. */
const NOT_BYTES = new Uint8Array(0);

export function messagePortChannel(port: EventTargetPort | EmitterPort): ByteChannel {
  const inbox = new Inbox();
  const onMessage = (event: { readonly data: unknown }): void => {
    inbox.push(event.data instanceof Uint8Array ? event.data : NOT_BYTES);
  };
  const onClose = (): void => {
    inbox.close();
  };
  if ('addEventListener' in port) {
    port.addEventListener('message', onMessage);
    port.addEventListener('close', onClose);
  } else {
    port.on('message', onMessage);
    port.on('close', onClose);
  }
  port.start();
  return {
    send(bytes, onGone) {
      if (!inbox.isClosed) port.postMessage(bytes);
      // A port copies at once, and does not tell whether the other end takes it.
      onGone?.();
    },
    onMessage: (listener) => inbox.onMessage(listener),
    onClose: (listener) => inbox.onClose(listener),
    close() {
      port.close();
      inbox.close();
    },
  };
}
