/** The two processes of a host and what passes between them: the engine, and the one that captures. */
import { RpcError } from '../../shared/contract/errors.ts';
import type { Notice } from './host-contract.ts';
import type { CaptureService } from './live/capture-contract.ts';
import type { LaunchCapturer } from './live/capture-supervisor.ts';
import { CaptureSupervisor } from './live/capture-supervisor.ts';
import type { Logger } from './log.ts';
import type { LaunchEngine } from './supervisor.ts';
import { EngineSupervisor } from './supervisor.ts';

export interface ProcessOptions {
  readonly launchEngine: LaunchEngine;
  readonly launchCapturer: LaunchCapturer;
  readonly captureFolder: string;
  readonly notify: (notice: Notice) => void;
  readonly log: Logger;
}

export interface HostProcesses {
  readonly supervisor: EngineSupervisor;
  readonly capturer: CaptureService;
  dispose(): Promise<void>;
}

/** Notices that an engine may have shown of one capture; a person reads no more, and a hostile engine would go on. */
const MAX_NOTICES = 1000;

export function startProcesses(options: ProcessOptions): HostProcesses {
  const { launchEngine, launchCapturer, captureFolder, notify, log } = options;
  const capturer = new CaptureSupervisor({ launch: launchCapturer, captureFolder, log });
  const supervisor = new EngineSupervisor({
    launch: launchEngine,
    host: {
      notify: (notice) => {
        if (++notices > MAX_NOTICES) throw new RpcError('failed', 'too many notices');
        notify(notice);
        return Promise.resolve(null);
      },
      keepCase: (order, signal) => capturer.service.keepCase(order, signal),
    },
    log,
  });
  let notices = 0;
  capturer.told.on((told) => {
    if (told.message.kind === 'started') notices = 0;
    supervisor.tellCapture(told);
  });
  // Nobody would read what is captured from now on: its files are kept.
  supervisor.died.on(() => {
    capturer.service.stop({}, new AbortController().signal).catch((error: unknown) => {
      log.warn({ err: error }, 'the capture was not ended');
    });
  });
  return {
    supervisor,
    capturer: {
      ...capturer.service,
      // Whoever started or ended a capture may ask the engine for its status next.
      start: (params, signal) =>
        capturer.service.start(params, signal).finally(() => supervisor.captureTold()),
      stop: (params, signal) => capturer.service.stop(params, signal).finally(() => supervisor.captureTold()),
    },
    async dispose() {
      await Promise.all([supervisor.dispose(), capturer.dispose()]);
    },
  };
}
