/** Starts the engine, the capture process and what reads fleets as children of a Node process. */
import { spawn } from 'node:child_process';
import { Duplex, PassThrough } from 'node:stream';
import type { LaunchFleet } from './fleet/fleet-launch.ts';
import type { EngineArguments } from './host-contract.ts';
import type { HostedProcess } from './hosted-process.ts';
import type { LaunchCapturer } from './live/capture-supervisor.ts';
import { CHANNEL_FD, pipeChannel } from './pipe-channel.ts';
import { scrubbedEnv } from './scrubbed-env.ts';
import type { LaunchEngine } from './supervisor.ts';

/**
 * `modulePath` is the built engine-process.js.
 * @param runtime the Node that runs it
 */
export function forkEngine(modulePath: string, runtime = process.execPath): LaunchEngine {
  return (engineArguments: EngineArguments) =>
    forkProcess(modulePath, JSON.stringify(engineArguments), scrubbedEnv(process.env), runtime);
}

/** `modulePath` is the built capture-process.js. */
export function forkCapturer(modulePath: string): LaunchCapturer {
  return (captureFolder) =>
    forkProcess(modulePath, captureFolder, scrubbedEnv(process.env, ['SSH_AUTH_SOCK']));
}

/** `modulePath` is the built fleet-process.js. */
export function forkFleet(modulePath: string): LaunchFleet {
  return (fleetArguments) =>
    forkProcess(
      modulePath,
      JSON.stringify(fleetArguments),
      scrubbedEnv(
        process.env,
        fleetArguments.store === 'clickhouse' ? ['RESETSCOPE_CLICKHOUSE_PASSWORD'] : [],
      ),
    );
}

function forkProcess(
  modulePath: string,
  argument: string,
  env: Record<string, string>,
  runtime = process.execPath,
): HostedProcess {
  const child = spawn(runtime, [modulePath, argument], {
    env,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  // Where there are no descriptors left, nothing was started and there are no streams either.
  const pipe = (child.stdio as typeof child.stdio | undefined)?.[CHANNEL_FD];
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
    channel: pipeChannel(pipe instanceof Duplex ? pipe : new PassThrough().destroy()),
    onStderr: (listener) => child.stderr?.on('data', listener),
    onExit: (listener) => endings.push(listener),
    kill: (hard) => child.kill(hard ? 'SIGKILL' : 'SIGTERM'),
  };
}
