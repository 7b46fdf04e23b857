/**
 * The WebSocket of a page as a channel. It is cut where more waits for the page than an honest one ever leaves waiting: what
 * it asked for is bounded by its budget, but events, errors and answers to pings are not.
 */
import type { WebSocket } from 'ws';
import type { ByteChannel } from '../../shared/rpc/byte-channel.ts';
import type { WebSocketLike } from '../../shared/rpc/web-socket-channel.ts';
import { webSocketChannel } from '../../shared/rpc/web-socket-channel.ts';
import { SERVER_LIMITS } from './limits.ts';

export function pageChannel(client: WebSocket): ByteChannel {
  const channel = webSocketChannel(client as WebSocketLike);
  let unsentFrames = 0;
  const went = (): void => {
    unsentFrames--;
  };
  const sending = (): void => {
    unsentFrames++;
    const { unsentBytes } = SERVER_LIMITS;
    if (client.bufferedAmount > unsentBytes || unsentFrames > SERVER_LIMITS.unsentFrames) client.terminate();
  };
  client.on('ping', (data) => {
    sending();
    client.pong(data, false, went);
  });
  return {
    send(bytes, onGone) {
      channel.send(bytes, () => {
        went();
        onGone?.();
      });
      sending();
    },
    onMessage: (listener) => channel.onMessage(listener),
    onClose: (listener) => channel.onClose(listener),
    close() {
      channel.close();
    },
  };
}
