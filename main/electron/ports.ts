/**
 * Connects a page with the engine process and with this one, by a channel each. What only looks at an analysis goes past this
 * process; whatever reaches further is asked of it, since the engine's end of its channel serves nothing of that.
 */
import { CONNECT, PORT } from './channels.ts';
import type { SenderFrame } from './security.ts';
import { isTrustedSender } from './security.ts';

interface ReplyFrame<P> extends SenderFrame {
  postMessage(channel: string, message: unknown, transfer: P[]): void;
}

export interface PortBroker<P> {
  /** Electron's ipcMain. */
  readonly ipc: {
    on(
      channel: string,
      listener: (event: { readonly senderFrame: ReplyFrame<P> | null }, nonce: unknown) => void,
    ): unknown;
  };
  readonly makeChannel: () => { readonly port1: P; readonly port2: P };
  /** Gives the port to the engine; false when there is none that runs. */
  readonly giveToEngine: (port: P) => boolean;
  /** Answers on the port what a host answers. */
  readonly serveHost: (port: P) => void;
  readonly refused: (reason: string) => void;
}

/** What crypto.randomUUID and its like produce. */
const NONCE = /^[\w-]{16,64}$/;

export function brokerPorts<P>({ ipc, makeChannel, giveToEngine, serveHost, refused }: PortBroker<P>): void {
  ipc.on(CONNECT, (event, nonce) => {
    const frame = event.senderFrame;
    if (frame === null || !isTrustedSender(event)) {
      refused('a frame that is not our page asked for the engine');
      return;
    }
    if (typeof nonce !== 'string' || !NONCE.test(nonce)) {
      refused('the page sent no nonce');
      return;
    }
    const engine = makeChannel();
    if (!giveToEngine(engine.port1)) {
      // Without an engine the page still gets its answer: no port.
      frame.postMessage(PORT, nonce, []);
      return;
    }
    const host = makeChannel();
    serveHost(host.port1);
    frame.postMessage(PORT, nonce, [engine.port2, host.port2]);
  });
}
