/** The desktop window: one MessagePort straight to the engine, one to its host, both handed over by the preload script. */
import { acquirePorts } from '../../shared/rpc/acquire-port.ts';
import type { PortWindow } from '../../shared/rpc/acquire-port.ts';
import { createClient } from '../../shared/rpc/client.ts';
import { joinedClient } from '../../shared/rpc/joined-client.ts';
import { messagePortChannel } from '../../shared/rpc/message-port-channel.ts';
import type { EventTargetPort } from '../../shared/rpc/message-port-channel.ts';
import type { Client } from '../../shared/rpc/service.ts';
import type { Platform } from './platform.ts';

/** What the preload script exposes. */
export interface PreloadBridge {
  /** The ports come as a message of the window that carries the nonce. */
  requestPorts(nonce: string): void;
  /** Tells the host, too, that the user chose the file; empty for one that is not on disk. */
  pathForFile(file: File): Promise<string>;
}

declare global {
  interface Window {
    readonly resetscope?: PreloadBridge;
  }
}

export function electronPlatform(bridge: PreloadBridge): Platform {
  return {
    async connect() {
      const { engine, host } = await acquirePorts(
        window as unknown as PortWindow<MessagePort>,
        crypto.randomUUID(),
        (nonce) => {
          bridge.requestPorts(nonce);
        },
      );
      return joinedClient(clientAt(engine), clientAt(host));
    },
    async pathsOf(files) {
      const paths = await Promise.all(files.map((file) => bridge.pathForFile(file)));
      const lost = files.find((_, index) => paths[index] === '');
      if (lost !== undefined)
        throw new Error(`${lost.name} is not a file on this computer. Save it first, then open it.`);
      return paths;
    },
  };
}

function clientAt(port: MessagePort): Client {
  return createClient(messagePortChannel(port as EventTargetPort));
}
