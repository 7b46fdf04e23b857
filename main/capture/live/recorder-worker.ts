/** The recorder in a thread of its own: an analysis that falls behind must not cost packets. */
import { parentPort, workerData } from 'node:worker_threads';
import { Recorder } from './recorder.ts';
import type { RecorderMessage, RecorderOrder, RecorderRequest } from './recorder-messages.ts';

const port = parentPort;
if (port === null) throw new Error('this is a worker');
const recorder = new Recorder(workerData as RecorderOrder, (message: RecorderMessage) => {
  port.postMessage(message);
  // Nothing is left to do, and nobody to ask for anything.
  if (message.kind === 'ended') port.close();
});
port.on('message', (request: RecorderRequest) => {
  if (request.kind === 'stop') recorder.stop();
});
recorder.start();
