/** A host's end of an engine, which may run in this process or in another. */
import type { EventSources, Service } from '../../shared/rpc/service.ts';
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
export function withFailure(service: Service, failure: string | null, live: LiveStatus | null): Service {
  let told = failure;
  let toldLive = live;
  const failed = (message: string, progress: Progress): Progress => ({
    ...progress,
    phase: 'failed',
    error: message,
  });
  return {
    ...service,
    'capture.open': (params, signal) => {
      told = null;
      return service['capture.open'](params, signal);
    },
    'live.start': (params, signal) => {
      told = null;
      toldLive = null;
      return service['live.start'](params, signal);
    },
    'capture.close': (params, signal) => {
      told = null;
      return service['capture.close'](params, signal);
    },
    'live.status': (params, signal) =>
      toldLive === null ? service['live.status'](params, signal) : Promise.resolve(toldLive),
    'capture.progress': async (params, signal) => {
      const progress = await service['capture.progress'](params, signal);
      return told === null ? progress : failed(told, progress);
    },
  };
}
