/** The recorder in a thread of its own: an analysis that falls behind must not cost packets. */
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { Recorder } from './recorder.ts';
import type { RecorderMessage, RecorderOrder, RecorderRequest } from './recorder-messages.ts';

/** Niceness; lower comes first. */
const PRIORITY = -5;

const port = parentPort;
if (port === null) throw new Error('this is a worker');
const recorder = new Recorder(workerData as RecorderOrder, (message: RecorderMessage) => {
  port.postMessage(message);
  // Nothing is left to do; an open port would keep the thread alive.
  if (message.kind === 'ended') port.close();
});
port.on('message', (request: RecorderRequest) => {
  if (request.kind === 'stop') recorder.stop();
});
preferThisThread();
recorder.start();

/** Puts this thread before the analysis, where it may: packets that wait for it too long are lost by the kernel. */
function preferThisThread(): void {
  try {
    // On Linux 0 is the calling thread.
    if (process.platform === 'linux') setPriority(0, PRIORITY);
  } catch {
    // Without the right to it all threads are equal.
  }
}
