/**
 * The process in which packets are parsed. Started by the loopback server (`child_process.fork`) or by Electron's main
 * process (`utilityProcess.fork`); ends with it. Nothing here may take the host down: its death is the worst that a
 * hostile capture can cause. It starts no program, opens no connection and writes no file: its host and the capture
 * process do, and they decide for whom.
 */
import { Emitter } from '../../shared/base/event.ts';
import { clientOn } from '../../shared/rpc/client.ts';
import type { EmitterPort } from '../../shared/rpc/message-port-channel.ts';
import { messagePortChannel } from '../../shared/rpc/message-port-channel.ts';
import { openPeer } from '../../shared/rpc/peer.ts';
import { serveOn } from '../../shared/rpc/serve.ts';
import { confineProcess } from './confine.ts';
import { endWhenBroken } from './end-when-broken.ts';
import { withFailure } from './engine-end.ts';
import { EngineService } from './engine-service.ts';
import type { AskedOfHost, EngineArguments } from './host-contract.ts';
import { CONFINED, ENGINE_SCHEMAS } from './host-contract.ts';
import { createLog } from './log.ts';
import { parentChannel } from './parent-channel.ts';
import { CHANNEL_FD } from './pipe-channel.ts';
import { servePage } from './serve-page.ts';

// Chromium hands its processes descriptors of its own.
const ownDescriptors = process.versions['electron'] === undefined ? CHANNEL_FD + 1 : undefined;
// Before anything of a stranger is read. It needs no folder to write in: cases and captures are written elsewhere.
const confinement = confineProcess(new URL('..', import.meta.url), [], ownDescriptors);
const log = createLog('engine');
const newPorts = new Emitter<EmitterPort>();
const engineArguments = JSON.parse(process.argv[2] ?? '{}') as EngineArguments;
endWhenBroken(log);

const host = openPeer(
  parentChannel((port) => {
    newPorts.emit(port);
  }),
);
const hostClient = clientOn<AskedOfHost, object>(host);
const engine = new EngineService({
  keepCase: (order) => hostClient.call('keepCase', order),
  notify: (notice) => {
    hostClient.call('notify', notice).catch((error: unknown) => {
      log.warn({ err: error }, 'the host did not tell of a case');
    });
  },
});
const service = withFailure(engine.service, engineArguments.failure, engineArguments.killedLive);
const { events } = engine;

serveOn(host, ENGINE_SCHEMAS, service, events);
host.notify(CONFINED, confinement);
host.onClose(() => {
  process.exit(0);
});
newPorts.on((port) => {
  servePage(messagePortChannel(port), service, events);
});
