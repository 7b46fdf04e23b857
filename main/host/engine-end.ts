/** What hosts pass on to their user interfaces, and how an engine tells of its predecessor's death. */
import type { EventSources, Service } from '../../shared/rpc/service.ts';
import type { EngineSide } from './host-contract.ts';
import type { Progress } from '../../shared/model/capture.ts';
import type { LiveStatus } from '../../shared/model/live.ts';

/** What a host passes on to its user interfaces. */
export interface EngineEnd {
  readonly service: Service;
  readonly events: EventSources;
}

/**
 * Has a service report phase `failed` with the message `failure` until something is opened, and the capture `live` until
 * another one is started: that is how an engine tells of the death of its predecessor.
 */
export function withFailure(
  service: EngineSide,
  failure: string | null,
  live: LiveStatus | null,
): EngineSide {
  let told = failure;
  let toldLive = live;
  const failed = (message: string, progress: Progress): Progress => ({
    ...progress,
    phase: 'failed',
    error: message,
  });
  return {
    ...service,
    'control.open': (params, signal) => {
      told = null;
      return service['control.open'](params, signal);
    },
    'control.awaitLive': (params, signal) => {
      told = null;
      toldLive = null;
      return service['control.awaitLive'](params, signal);
    },
    'control.close': (params, signal) => {
      told = null;
      return service['control.close'](params, signal);
    },
    'live.status': (params, signal) =>
      toldLive === null ? service['live.status'](params, signal) : Promise.resolve(toldLive),
    'capture.progress': async (params, signal) => {
      const progress = await service['capture.progress'](params, signal);
      return told === null ? progress : failed(told, progress);
    },
  };
}
