/** Starts the engine as a child of a Node process. */
import { fork } from 'node:child_process';
import type { EngineArguments } from './host-contract.ts';
import { processChannel } from './process-channel.ts';
import { scrubbedEnv } from './scrubbed-env.ts';
import type { EngineProcess, LaunchEngine } from './supervisor.ts';

/** `modulePath` is the built engine-process.js. */
export function forkEngine(modulePath: string): LaunchEngine {
  return (engineArguments: EngineArguments): EngineProcess => {
    const child = fork(modulePath, [JSON.stringify(engineArguments)], {
      serialization: 'advanced',
      env: scrubbedEnv(process.env),
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    child.stderr?.setEncoding('utf8');
    // What is wrong with it is told by the end of the process.
    child.stderr?.on('error', () => undefined);
    // A failed start is told by `error` alone, every other end by `exit`.
    let ended = false;
    const endings: ((reason: string) => void)[] = [];
    const end = (reason: string): void => {
      if (ended) return;
      ended = true;
      for (const listener of endings) listener(reason);
    };
    child.on('error', (error) => {
      if (child.pid === undefined) end(error.message);
    });
    child.on('exit', (code, signal) => {
      end(signal === null ? `exit code ${code}` : `signal ${signal}`);
    });
    return {
      pid: child.pid,
      channel: processChannel(child),
      onStderr: (listener) => child.stderr?.on('data', listener),
      onExit: (listener) => endings.push(listener),
      kill: (hard) => child.kill(hard ? 'SIGKILL' : 'SIGTERM'),
    };
  };
}
