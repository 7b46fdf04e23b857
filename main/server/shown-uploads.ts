/** Uploads go when nobody can look into them any more: all tabs of the browser look into the captures that are open. */
import type { Service } from '../../shared/rpc/service.ts';

export function releasingUploads(
  service: Service,
  uploads: { show(paths: readonly string[]): Promise<void> },
): Service {
  const release = async (signal: AbortSignal): Promise<void> => {
    const open = await service['capture.list']({}, signal);
    await uploads.show(open.flatMap(({ paths }) => paths));
  };
  return {
    ...service,
    'capture.open': async (params, signal) => {
      const answer = await service['capture.open'](params, signal);
      await release(signal);
      return answer;
    },
    'capture.close': async (params, signal) => {
      const answer = await service['capture.close'](params, signal);
      await release(signal);
      return answer;
    },
    // With one capture more, another may have been closed.
    'live.start': async (params, signal) => {
      const answer = await service['live.start'](params, signal);
      await release(signal);
      return answer;
    },
  };
}
