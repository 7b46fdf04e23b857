/** The desktop window: a MessagePort straight to the engine process, handed over by the preload script. */
import { acquirePort } from '../../shared/rpc/acquire-port.ts';
import type { PortWindow } from '../../shared/rpc/acquire-port.ts';
import { createClient } from '../../shared/rpc/client.ts';
import { messagePortChannel } from '../../shared/rpc/message-port-channel.ts';
import type { EventTargetPort } from '../../shared/rpc/message-port-channel.ts';
import type { Platform } from './platform.ts';

/** What the preload script exposes. */
export interface PreloadBridge {
  /** The port comes as a message of the window that carries the nonce. */
  requestPort(nonce: string): void;
  /** Empty for a file that is not on disk. */
  pathForFile(file: File): string;
}

declare global {
  interface Window {
    readonly resetscope?: PreloadBridge;
  }
}

export function electronPlatform(bridge: PreloadBridge): Platform {
  return {
    async connect() {
      const port = await acquirePort(
        window as unknown as PortWindow<MessagePort>,
        crypto.randomUUID(),
        (nonce) => {
          bridge.requestPort(nonce);
        },
      );
      return createClient(messagePortChannel(port as EventTargetPort));
    },
    pathsOf(files) {
      const paths = files.map((file) => bridge.pathForFile(file));
      const lost = files.find((_, index) => paths[index] === '');
      return lost === undefined
        ? Promise.resolve(paths)
        : Promise.reject(
            new Error(`${lost.name} is not a file on this computer. Save it first, then open it.`),
          );
    },
  };
}
