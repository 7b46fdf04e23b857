/**
 * One end of a channel: asks, answers, notifies. Untyped; client.ts and serve.ts put the contract on top.
 *
 * The work is done by vscode-jsonrpc, through its runtime-neutral entry: its browser and Node entries differ in streams
 * and text encodings, which we do not use, and would tie this file to one of them.
 */
import type { Disposable } from '../base/disposable.ts';
import { Emitter } from '../base/event.ts';
import { fromWireError, RpcError, toWireError } from '../contract/errors.ts';
import {
  CancellationToken,
  CancellationTokenSource,
  createMessageConnection,
  NullLogger,
  ParameterStructures,
  RAL,
  ResponseError,
} from 'vscode-jsonrpc/lib/common/api.js';
import type { ByteChannel } from './byte-channel.ts';
import { ChannelReader, ChannelWriter } from './message-stream.ts';

/** Calls of the other end that may wait at once; a page that asks for more than this is broken or hostile. */
const MAX_PENDING_CALLS = 512;
const SERVER_ERROR = -32000;

export type Answer = (method: string, params: unknown, signal: AbortSignal) => Promise<unknown>;

export interface Peer extends Disposable {
  /** @throws RpcError */
  request(method: string, params: unknown, signal?: AbortSignal): Promise<unknown>;
  notify(event: string, payload: unknown): void;
  /** Answers what the other end asks; once per peer. */
  answer(answer: Answer): void;
  onNotification(listener: (event: string, payload: unknown) => void): Disposable;
  onClose(listener: () => void): Disposable;
}

installRuntime();

export function openPeer(channel: ByteChannel): Peer {
  const connection = createMessageConnection(
    new ChannelReader(channel),
    new ChannelWriter(channel),
    NullLogger,
  );
  const notifications = new Emitter<{ readonly event: string; readonly payload: unknown }>();
  const closed = new Emitter<void>();
  const answering = new Set<AbortController>();
  let isOpen = true;

  const close = (): void => {
    if (!isOpen) return;
    isOpen = false;
    for (const pending of answering) pending.abort();
    // Rejects what still waits for an answer.
    connection.dispose();
    channel.close();
    closed.emit();
  };
  channel.onClose(close);
  connection.onNotification((event, params) => {
    notifications.emit({ event, payload: soleParameter(params) });
  });
  connection.listen();

  const send = async (method: string, params: unknown, token: CancellationToken): Promise<unknown> => {
    try {
      return await connection.sendRequest(method, ParameterStructures.byPosition, params, token);
    } catch (error) {
      if (!isOpen) throw connectionLost();
      const { data, message } = error as { data?: unknown; message?: unknown };
      throw fromWireError(data, String(message));
    }
  };

  return {
    async request(method, params, signal) {
      if (!isOpen) throw connectionLost();
      if (signal === undefined) return send(method, params, CancellationToken.None);
      if (signal.aborted) throw cancelled();
      const source = new CancellationTokenSource();
      let abort = (): void => undefined;
      // Lets go of the caller at once, whatever the other end does about it.
      const aborted = new Promise<never>((_resolve, reject) => {
        abort = () => {
          source.cancel();
          reject(cancelled());
        };
      });
      signal.addEventListener('abort', abort, { once: true });
      try {
        return await Promise.race([send(method, params, source.token), aborted]);
      } finally {
        signal.removeEventListener('abort', abort);
        source.dispose();
      }
    },
    notify(event, payload) {
      if (!isOpen) return;
      // Fails only when the other end is gone, which its close tells better.
      connection.sendNotification(event, ParameterStructures.byPosition, payload).catch(() => undefined);
    },
    answer(answer) {
      connection.onRequest(async (method: string, params: unknown, token: CancellationToken) => {
        const abort = new AbortController();
        token.onCancellationRequested(() => {
          abort.abort();
        });
        try {
          if (answering.size >= MAX_PENDING_CALLS) throw new RpcError('failed', 'too many calls at once');
          answering.add(abort);
          return (await answer(method, soleParameter(params), abort.signal)) ?? null;
        } catch (error) {
          const wire = abort.signal.aborted ? toWireError(cancelled()) : toWireError(error);
          throw new ResponseError(SERVER_ERROR, wire.message, wire);
        } finally {
          answering.delete(abort);
        }
      });
    },
    onNotification(listener) {
      return notifications.on(({ event, payload }) => {
        listener(event, payload);
      });
    },
    onClose(listener) {
      return isOpen ? closed.on(listener) : channel.onClose(listener);
    },
    dispose: close,
  };
}

function cancelled(): RpcError {
  return new RpcError('cancelled', 'cancelled');
}

function connectionLost(): RpcError {
  return new RpcError('failed', 'the connection to the engine is closed');
}

/** Parameters travel by position, and there is exactly one, see message-schema.ts. */
function soleParameter(params: unknown): unknown {
  return (params as readonly unknown[])[0];
}

/**
 * vscode-jsonrpc wants to be told its runtime. Of it, messages as objects only use `setImmediate`, between two
 * messages; a microtask is all it takes, where the browser entry's timers would be clamped to 4 ms each.
 */
function installRuntime(): void {
  const unused = (): never => {
    throw new Error('not used with messages as objects');
  };
  RAL.install({
    applicationJson: {
      encoder: { name: 'unused', encode: unused },
      decoder: { name: 'unused', decode: unused },
    },
    messageBuffer: { create: unused },
    console: { info: unused, log: unused, warn: unused, error: unused },
    timer: {
      setImmediate(callback, ...args) {
        let wanted = true;
        void Promise.resolve().then(() => {
          if (wanted) callback(...args);
        });
        return {
          dispose() {
            wanted = false;
          },
        };
      },
      setTimeout: unused,
      setInterval: unused,
    },
  });
}
