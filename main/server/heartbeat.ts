/** Notices pages that are gone without a word, or that stopped reading: they do not answer a ping. */
import type { WebSocket } from 'ws';

export interface Heartbeat {
  watch(client: WebSocket): void;
  stop(): void;
}

export function startHeartbeat(everyMs: number): Heartbeat {
  /** Those that a ping waits for. */
  const pinged = new Map<WebSocket, boolean>();
  const timer = setInterval(() => {
    for (const [client, isSilent] of pinged) {
      if (isSilent) {
        client.terminate();
        continue;
      }
      pinged.set(client, true);
      client.ping();
    }
  }, everyMs);
  timer.unref();
  return {
    watch(client) {
      pinged.set(client, false);
      client.on('pong', () => pinged.set(client, false));
      client.once('close', () => pinged.delete(client));
    },
    stop() {
      clearInterval(timer);
    },
  };
}
