/** Serves a page on the desktop, which speaks with the engine itself. */
import type { EngineMethod, Methods } from '../../shared/contract/methods.ts';
import { ENGINE_METHOD_SCHEMAS } from '../../shared/contract/schemas.ts';
import type { ByteChannel } from '../../shared/rpc/byte-channel.ts';
import { openPeer } from '../../shared/rpc/peer.ts';
import { serveOn } from '../../shared/rpc/serve.ts';
import type { Service } from '../../shared/rpc/service.ts';
import type { EngineEvents, EngineEventSources } from './host-contract.ts';

/** A page gets what looks at the analysis. What is analysed is the host's to say, whom the page has to ask. */
export function servePage(
  channel: ByteChannel,
  service: Pick<Service, EngineMethod>,
  events: EngineEventSources,
): void {
  serveOn<Pick<Methods, EngineMethod>, EngineEvents>(
    openPeer(channel),
    ENGINE_METHOD_SCHEMAS,
    service,
    events,
  );
}
