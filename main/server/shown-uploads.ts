/** Uploads go when nobody can look into them any more: all tabs look into the one capture that is open. */
import type { Service } from '../../shared/rpc/service.ts';

export function releasingUploads(
  service: Service,
  uploads: { show(paths: readonly string[]): Promise<void> },
): Service {
  return {
    ...service,
    'capture.open': async (params, signal) => {
      const answer = await service['capture.open'](params, signal);
      await uploads.show(params.paths);
      return answer;
    },
    'capture.close': async (params, signal) => {
      const answer = await service['capture.close'](params, signal);
      await uploads.show([]);
      return answer;
    },
    // Takes the place of what is open.
    'live.start': async (params, signal) => {
      const answer = await service['live.start'](params, signal);
      await uploads.show([]);
      return answer;
    },
  };
}
