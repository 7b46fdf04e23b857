/**
 * The process in which a fleet is read: foreign files, foreign SQL, and the memory that answers take. Its host starts one for each place
 * that is open. One that reads a folder is confined as the engine is, but for a folder of its own; one that asks a server has to
 * connect to it.
 */
import { openPeer } from '../../../shared/rpc/peer.ts';
import { serveOn } from '../../../shared/rpc/serve.ts';
import { FleetAnswers } from '../../fleet/answers.ts';
import { FLEET_WIRE_SCHEMAS, type FleetWire, outcomeOf } from '../../fleet/wire.ts';
import { confineProcess } from '../confine.ts';
import { endWhenBroken } from '../end-when-broken.ts';
import { createLog } from '../log.ts';
import { parentChannel } from '../parent-channel.ts';
import { CHANNEL_FD } from '../pipe-channel.ts';
import { duckDbPlaces } from './duckdb-places.ts';
import type { FleetArguments } from './fleet-launch.ts';

const dist = new URL('..', import.meta.url);
const { store, temporary } = JSON.parse(process.argv[2] ?? '{}') as FleetArguments;
const log = createLog('fleet');
endWhenBroken(log);
if (store === 'folder') {
  const ownDescriptors = process.versions['electron'] === undefined ? CHANNEL_FD + 1 : undefined;
  const { isConfined, why } = confineProcess(dist, [temporary], ownDescriptors);
  log[isConfined ? 'debug' : 'warn']({ why }, isConfined ? 'confined' : 'not confined');
}
// A Ctrl-C in a terminal reaches us too; the host gives up its questions, and ends us.
for (const signal of ['SIGINT', 'SIGHUP']) process.on(signal, () => undefined);

const answers = new FleetAnswers({ duckdb: duckDbPlaces(dist), temporary });
const host = openPeer(
  parentChannel((port) => {
    port.close();
  }),
);
serveOn<FleetWire, object>(
  host,
  FLEET_WIRE_SCHEMAS,
  { ask: (params, signal) => outcomeOf(answers, params, signal) },
  {},
);
host.onClose(() => {
  process.exit(0);
});
