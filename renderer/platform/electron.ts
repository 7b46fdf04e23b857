/** The desktop window: a MessagePort straight to the engine process, handed over by the preload script. */
import { createClient } from '../../shared/rpc/client.ts';
import { messagePortChannel } from '../../shared/rpc/message-port-channel.ts';
import type { EventTargetPort } from '../../shared/rpc/message-port-channel.ts';
import type { Platform } from './platform.ts';

/** What the preload script exposes. */
export interface PreloadBridge {
  connect(): Promise<MessagePort>;
  pathForFile(file: File): string;
}

declare global {
  interface Window {
    readonly resetscope?: PreloadBridge;
  }
}

export function electronPlatform(bridge: PreloadBridge): Platform {
  return {
    connect: async () => createClient(messagePortChannel((await bridge.connect()) as EventTargetPort)),
    pathsOf(files) {
      const paths = files.map((file) => bridge.pathForFile(file));
      const lost = files.find((_, index) => paths[index] === '');
      return lost === undefined
        ? Promise.resolve(paths)
        : Promise.reject(new Error(`${lost.name} is not a file on this computer. Save it first, then open it.`));
    },
  };
}
