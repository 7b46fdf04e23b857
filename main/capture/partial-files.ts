/** Files that are half written go with the process, unless it is killed in a way that no process can notice. */
import { unlinkSync } from 'node:fs';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const partials = new Set<string>();

export function rememberPartial(path: string): void {
  if (partials.size === 0) {
    process.on('exit', removeAll);
    for (const signal of SIGNALS) process.on(signal, onSignal);
  }
  partials.add(path);
}

export function forgetPartial(path: string): void {
  if (!partials.delete(path) || partials.size > 0) return;
  process.off('exit', removeAll);
  for (const signal of SIGNALS) process.off(signal, onSignal);
}

/** Whoever else listens ends the process in his own way; where nobody does, the signal ends it as without us. */
function onSignal(signal: (typeof SIGNALS)[number]): void {
  if (process.listenerCount(signal) > 1) return;
  removeAll();
  process.kill(process.pid, signal);
}

function removeAll(): void {
  for (const path of [...partials]) {
    try {
      unlinkSync(path);
    } catch {
      // It was put in place or removed in this moment.
    }
    forgetPartial(path);
  }
}
