/**
 * Reading threads. Starting one and loading its program takes as long as reading the first ten thousand packets: hosts in
 * which people open files have one ready before they are asked.
 */
import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

/** A reading thread keeps nothing of what it read; MiB. */
const HEAP = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 256 };

/** Waits for its order; does not keep the process alive. */
let ready: { readonly worker: string; readonly thread: Worker } | undefined;

/** @param worker the built read-worker.js; nothing happens where it is missing */
export function prepareReadThread(worker: URL): void {
  if (ready !== undefined || !existsSync(worker)) return;
  const thread = start(worker);
  const forget = (): void => {
    if (ready?.thread === thread) ready = undefined;
  };
  // Whoever wants one then starts another, and hears of what is wrong.
  thread.once('error', forget);
  thread.once('exit', forget);
  thread.unref();
  ready = { worker: worker.href, thread };
}

/** A thread of one's own, which waits for a ReadOrder. */
export function takeReadThread(worker: URL): Worker {
  if (ready?.worker !== worker.href) return start(worker);
  const { thread } = ready;
  ready = undefined;
  thread.removeAllListeners();
  thread.ref();
  return thread;
}

function start(worker: URL): Worker {
  return new Worker(worker, { name: 'reader', resourceLimits: HEAP });
}
