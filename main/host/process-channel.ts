/** The IPC pipe between a Node process and its forked child as a channel; `serialization: 'advanced'` keeps bytes. */
import type { ByteChannel } from '../../shared/rpc/byte-channel.ts';
import { Inbox } from '../../shared/rpc/byte-channel.ts';

/** A ChildProcess, or the child's own `process`. */
export interface IpcEnd {
  readonly connected: boolean;
  send?(message: Uint8Array, onGone: (error: Error | null) => void): boolean;
  disconnect?(): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'disconnect', listener: () => void): unknown;
}

export function processChannel(end: IpcEnd): ByteChannel {
  const inbox = new Inbox();
  end.on('message', (message) => {
    inbox.push(message instanceof Uint8Array ? message : new Uint8Array(0));
  });
  end.on('disconnect', () => {
    inbox.close();
  });
  if (!end.connected) inbox.close();
  return {
    send(bytes, onGone) {
      // With a function to tell, an error is told to it. Without one it would be an 'error' of the process that sends, which
      // ends it; what an error means is told by 'disconnect'.
      if (end.connected) end.send?.(bytes, () => onGone?.());
      else onGone?.();
    },
    onMessage: (listener) => inbox.onMessage(listener),
    onClose: (listener) => inbox.onClose(listener),
    close() {
      if (end.connected) end.disconnect?.();
      inbox.close();
    },
  };
}
