/** Two ends in the same process, for the command line and for tests. */
import type { ByteChannel } from './byte-channel.ts';
import { Inbox } from './byte-channel.ts';

/** Messages are delivered later, as on a real transport, and copied: no end sees the other's buffers. */
export function memoryChannelPair(): [ByteChannel, ByteChannel] {
  const left = new Inbox();
  const right = new Inbox();
  return [memoryChannel(left, right), memoryChannel(right, left)];
}

function memoryChannel(own: Inbox, other: Inbox): ByteChannel {
  return {
    send(bytes, onGone) {
      const copy = bytes.slice();
      void Promise.resolve().then(() => {
        other.push(copy);
        onGone?.();
      });
    },
    onMessage: (listener) => own.onMessage(listener),
    onClose: (listener) => own.onClose(listener),
    close() {
      own.close();
      void Promise.resolve().then(() => {
        other.close();
      });
    },
  };
}
