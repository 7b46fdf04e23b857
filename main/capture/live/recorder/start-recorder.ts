/** Starts a recorder: in a thread where the built one exists, else in this thread. */
import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { Recorder } from './recorder.ts';
import type { RecorderMessage, RecorderOrder, RecorderRequest } from './recorder-messages.ts';

/** MiB. The queue and the chunks it refers to lie outside of this heap. */
const HEAP = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 256 };

export interface RunningRecorder {
  stop(): void;
}

/** @param worker the built recorder-worker.js; a source tree has none */
export function startRecorder(
  order: RecorderOrder,
  worker: URL | undefined,
  tell: (message: RecorderMessage) => void,
): RunningRecorder {
  if (worker === undefined || !existsSync(worker)) return inThisThread(order, tell);
  let current: RunningRecorder = inThread(order, worker, tell, () => {
    // A packaged app may not be able to start a thread from its archive.
    current = inThisThread(order, tell);
  });
  return {
    stop() {
      current.stop();
    },
  };
}

function inThisThread(order: RecorderOrder, tell: (message: RecorderMessage) => void): RunningRecorder {
  const recorder = new Recorder(order, tell);
  recorder.start();
  return recorder;
}

/** @param notStarted the thread could not be started at all */
function inThread(
  order: RecorderOrder,
  worker: URL,
  tell: (message: RecorderMessage) => void,
  notStarted: () => void,
): RunningRecorder {
  const thread = new Worker(worker, { workerData: order, name: 'recorder', resourceLimits: HEAP });
  let isOnline = false;
  let isEnded = false;
  const end = (message: RecorderMessage & { kind: 'ended' }): void => {
    if (isEnded) return;
    isEnded = true;
    tell(message);
  };
  const died = (why: string): void => {
    if (isOnline) {
      end({ kind: 'ended', error: { code: 'source-died', message: `the recording thread ended (${why})` } });
    } else if (!isEnded) {
      isEnded = true;
      notStarted();
    }
  };
  thread.on('online', () => {
    isOnline = true;
  });
  thread.on('message', (message: RecorderMessage) => {
    if (message.kind === 'ended') end(message);
    else tell(message);
  });
  thread.on('error', (error) => {
    died(error.message);
  });
  thread.on('exit', (code) => {
    died(`exit code ${code}`);
  });
  return {
    stop() {
      thread.postMessage({ kind: 'stop' } satisfies RecorderRequest);
    },
  };
}
