/** An engine, wherever it runs: what a host passes on to its interfaces. */
import type { EventSources, Service } from '../../shared/rpc/service.ts';
import type { Progress } from '../../shared/model/capture.ts';

export interface EngineEnd {
  readonly service: Service;
  readonly events: EventSources;
}

/**
 * The same service, that reports phase `failed` with this message until something is opened: how an engine tells of
 * the death of its predecessor.
 */
export function withFailure(service: Service, failure: string | null): Service {
  let told = failure;
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
      return service['live.start'](params, signal);
    },
    'capture.close': (params, signal) => {
      told = null;
      return service['capture.close'](params, signal);
    },
    'capture.progress': async (params, signal) => {
      const progress = await service['capture.progress'](params, signal);
      return told === null ? progress : failed(told, progress);
    },
  };
}
