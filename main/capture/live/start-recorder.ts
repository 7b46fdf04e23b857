/** Starts a recorder: in a thread where the built one exists, else in this thread. */
import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { Recorder } from './recorder.ts';
import type { RecorderMessage, RecorderOrder, RecorderRequest } from './recorder-messages.ts';

/** The queue and the chunks it refers to lie outside of this heap; MiB. */
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
  if (worker === undefined || !existsSync(worker)) {
    const recorder = new Recorder(order, tell);
    recorder.start();
    return recorder;
  }
  const thread = new Worker(worker, { workerData: order, name: 'recorder', resourceLimits: HEAP });
  let isEnded = false;
  const end = (message: RecorderMessage & { kind: 'ended' }): void => {
    if (isEnded) return;
    isEnded = true;
    tell(message);
  };
  thread.on('message', (message: RecorderMessage) => {
    if (message.kind === 'ended') end(message);
    else tell(message);
  });
  const died = (why: string): void => {
    end({ kind: 'ended', error: { code: 'source-died', message: `the recording thread ended (${why})` } });
  };
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
