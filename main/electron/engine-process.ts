/** The engine and the capture process as Electron utility processes: own heap, own crash, and they can hold a port to the page. */
import { kill } from 'node:process';
import type { ByteChannel } from '../../shared/rpc/byte-channel.ts';
import { Inbox } from '../../shared/rpc/byte-channel.ts';
import type { EngineArguments } from '../host/host-contract.ts';
import type { HostedProcess } from '../host/hosted-process.ts';

/** Of Electron's UtilityProcess. */
export interface UtilityLike<P> {
  readonly pid: number | undefined;
  readonly stderr: {
    setEncoding?(encoding: 'utf8'): unknown;
    on(event: 'data', listener: (text: string) => void): unknown;
  } | null;
  postMessage(message: unknown, transfer?: P[]): void;
  kill(): boolean;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'exit', listener: (code: number) => void): unknown;
}

/** The engine that runs now; the supervisor starts it and decides when. */
export class UtilityEngines<P> {
  readonly #fork: (engineArguments: string) => UtilityLike<P>;
  #current: UtilityLike<P> | undefined;

  constructor(fork: (engineArguments: string) => UtilityLike<P>) {
    this.#fork = fork;
  }

  /** Hands a port on; false when no engine runs. */
  give(port: P): boolean {
    if (this.#current === undefined) return false;
    this.#current.postMessage(null, [port]);
    return true;
  }

  readonly launch = (engineArguments: EngineArguments): HostedProcess => {
    const child = this.#fork(JSON.stringify(engineArguments));
    this.#current = child;
    child.on('exit', () => {
      if (this.#current === child) this.#current = undefined;
    });
    return hostedUtility(child);
  };
}

export function hostedUtility<P>(child: UtilityLike<P>): HostedProcess {
  const channel = utilityChannel(child);
  child.stderr?.setEncoding?.('utf8');
  return {
    pid: child.pid,
    channel,
    onStderr: (listener) => child.stderr?.on('data', listener),
    onExit: (listener) =>
      child.on('exit', (code) => {
        listener(`exit code ${code}`);
      }),
    kill(hard) {
      // Its own kill() asks; there is no other that does not.
      if (hard && child.pid !== undefined) kill(child.pid, 'SIGKILL');
      else child.kill();
    },
  };
}

function utilityChannel<P>(child: UtilityLike<P>): ByteChannel {
  const inbox = new Inbox();
  child.on('message', (message) => {
    inbox.push(message instanceof Uint8Array ? message : new Uint8Array(0));
  });
  child.on('exit', () => {
    inbox.close();
  });
  return {
    send(bytes, onGone) {
      if (!inbox.isClosed) child.postMessage(bytes);
      onGone?.();
    },
    onMessage: (listener) => inbox.onMessage(listener),
    onClose: (listener) => inbox.onClose(listener),
    close() {
      inbox.close();
    },
  };
}
