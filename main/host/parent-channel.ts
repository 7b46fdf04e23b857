/** The channel of a process to the one that started it: a pipe, or Electron's port in a utility process. */
import { Socket } from 'node:net';
import type { ByteChannel } from '../../shared/rpc/byte-channel.ts';
import { Inbox } from '../../shared/rpc/byte-channel.ts';
import type { EmitterPort } from '../../shared/rpc/message-port-channel.ts';
import { CHANNEL_FD, pipeChannel } from './pipe-channel.ts';

/** What Electron adds to `process` in a utility process. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(
    event: 'message',
    listener: (event: { readonly data: unknown; readonly ports: readonly EmitterPort[] }) => void,
  ): void;
}

/** @param onPort gets the ports that an Electron host hands on */
export function parentChannel(onPort: (port: EmitterPort) => void): ByteChannel {
  const port = (process as { parentPort?: ParentPort }).parentPort;
  if (port === undefined) return pipeChannel(new Socket({ fd: CHANNEL_FD }));
  const inbox = new Inbox();
  port.on('message', ({ data, ports }) => {
    if (data instanceof Uint8Array) inbox.push(data);
    for (const offered of ports) onPort(offered);
  });
  return {
    send(bytes, onGone) {
      port.postMessage(bytes);
      onGone?.();
    },
    onMessage: (listener) => inbox.onMessage(listener),
    onClose: (listener) => inbox.onClose(listener),
    close() {
      inbox.close();
    },
  };
}
