/**
 * The process in which packets are parsed. Started by the loopback server (`child_process.fork`) or by Electron's main
 * process (`utilityProcess.fork`); ends with it. Nothing here may take the host down: its death is the worst that a
 * hostile capture can cause.
 */
import { Emitter } from '../../shared/base/event.ts';
import { METHOD_SCHEMAS } from '../../shared/contract/schemas.ts';
import type { ByteChannel } from '../../shared/rpc/byte-channel.ts';
import { Inbox } from '../../shared/rpc/byte-channel.ts';
import { clientOn } from '../../shared/rpc/client.ts';
import type { EmitterPort } from '../../shared/rpc/message-port-channel.ts';
import { messagePortChannel } from '../../shared/rpc/message-port-channel.ts';
import { openPeer } from '../../shared/rpc/peer.ts';
import { serve, serveOn } from '../../shared/rpc/serve.ts';
import { withFailure } from './engine-end.ts';
import { EngineService } from './engine-service.ts';
import type { EngineArguments, HostMethods } from './host-contract.ts';
import { REQUEST_OPEN } from './host-contract.ts';
import { liveParts } from './live/live-parts.ts';
import { createLog } from './log.ts';
import { processChannel } from './process-channel.ts';

/** What Electron adds to `process` in a utility process. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(
    event: 'message',
    listener: (event: { readonly data: unknown; readonly ports: readonly EmitterPort[] }) => void,
  ): void;
}

/** sysexits.h: EX_SOFTWARE. */
const EXIT_SOFTWARE = 70;

const log = createLog('engine');
const parentPort = (process as { parentPort?: ParentPort }).parentPort;
const newPorts = new Emitter<EmitterPort>();
const engineArguments = JSON.parse(process.argv[2] ?? '{}') as EngineArguments;
const { capabilities, captureFolder } = engineArguments;

// In a utility process an unhandled rejection only warns; what is broken must end, so that the host sees it.
for (const event of ['uncaughtException', 'unhandledRejection']) {
  process.on(event, (error: unknown) => {
    log.fatal({ err: error }, event);
    process.exit(EXIT_SOFTWARE);
  });
}

const host = openPeer(parentPort === undefined ? processChannel(process) : parentPortChannel(parentPort));
const hostClient = clientOn<HostMethods, object>(host);
const engine = new EngineService({
  capabilities: () => capabilities,
  recent: () => hostClient.call('recent', {}),
  forgetRecent: async (path) => {
    await hostClient.call('forgetRecent', { path });
  },
  pickFiles: () => hostClient.call('pickFiles', {}),
  pickSavePath: (suggestedName) => hostClient.call('pickSavePath', { suggestedName }),
  // Who may open what is decided in the host, which does not read hostile input.
  mayOpen: () => true,
  // A page in a browser is answered by the server first; on the desktop the user picks.
  maySave: () => capabilities.host === 'server',
  readWorker: new URL('./read-worker.js', import.meta.url),
  live: liveParts(new URL('..', import.meta.url), captureFolder),
  liveMemory: () => hostClient.call('liveMemory', {}),
  rememberLive: (options) => {
    hostClient.call('rememberLive', { options }).catch((error: unknown) => {
      log.warn({ err: error }, 'the host did not take note of the options');
    });
  },
  notify: (notice) => {
    hostClient.call('notify', notice).catch((error: unknown) => {
      log.warn({ err: error }, 'the host did not tell of a case');
    });
  },
  opened: (paths) => {
    hostClient.call('opened', { paths }).catch((error: unknown) => {
      log.warn({ err: error }, 'the host did not take note of what was opened');
    });
  },
});
const service = withFailure(engine.service, engineArguments.failure, engineArguments.killedLive);
const { events } = engine;

serveOn(host, METHOD_SCHEMAS, service, events);
host.onNotification((event, payload) => {
  if (event === REQUEST_OPEN) events['open-request'].emit(payload as { paths: readonly string[] });
});
host.onClose(() => {
  process.exit(0);
});
newPorts.on((port) => {
  serve(messagePortChannel(port), service, events);
});

/** Frames of the host are bytes; a message with a port is an interface that wants to be served. */
function parentPortChannel(port: ParentPort): ByteChannel {
  const inbox = new Inbox();
  port.on('message', ({ data, ports }) => {
    if (data instanceof Uint8Array) inbox.push(data);
    for (const offered of ports) newPorts.emit(offered);
  });
  return {
    send(bytes) {
      port.postMessage(bytes);
    },
    onMessage: (listener) => inbox.onMessage(listener),
    onClose: (listener) => inbox.onClose(listener),
    close() {
      inbox.close();
    },
  };
}
