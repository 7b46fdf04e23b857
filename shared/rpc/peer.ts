/**
 * One end of a channel: asks, answers, notifies. Untyped; client.ts and serve.ts put the contract on top.
 *
 * birpc matches answers with questions; cancelling is ours. Each end offers the other the three functions of `Offered`.
 */
import { createBirpc } from 'birpc';
import type { Disposable } from '../base/disposable.ts';
import { Emitter } from '../base/event.ts';
import { RpcError } from '../contract/errors.ts';
import type { ByteChannel } from './byte-channel.ts';
import { MAX_FRAME_BYTES } from './byte-channel.ts';
import type { Message } from './frame.ts';
import { ANY_FRAME, readFrame, writeFrame } from './frame.ts';
import type { FrameLimits } from './frame-limits.ts';

/** Calls of the other end that are not answered yet; a page that asks for more than this is broken or hostile. */
const MAX_PENDING_CALLS = 512;
/** Bytes of the frames that they came in, since parameters are kept until then. */
const MAX_PENDING_BYTES = MAX_FRAME_BYTES;
/** birpc takes any negative number for none: how long a call may take is for its caller to say. */
const NO_TIMEOUT = -1;

export type Answer = (method: string, params: unknown, signal: AbortSignal) => Promise<unknown>;

export interface Peer extends Disposable {
  /** @throws RpcError */
  request(method: string, params: unknown, signal?: AbortSignal): Promise<unknown>;
  notify(event: string, payload: unknown): void;
  /** Answers what the other end asks; once per peer, at once: what is asked before is refused. */
  answer(answer: Answer): void;
  onNotification(listener: (event: string, payload: unknown) => void): Disposable;
  onClose(listener: () => void): Disposable;
}

/** Ids of calls are their caller's choice; they only have to differ while the calls wait. */
type Offered = {
  /** `frameBytes` is this end's own: what the call came in. */
  call(id: number, method: string, params: unknown, frameBytes?: number): Promise<unknown>;
  cancel(id: number): void;
  event(name: string, payload: unknown): void;
};

/** @param limits of the frames that come in; all that any peer sends unless told otherwise */
export function openPeer(channel: ByteChannel, limits: FrameLimits = ANY_FRAME): Peer {
  const notifications = new Emitter<{ readonly event: string; readonly payload: unknown }>();
  const closed = new Emitter<void>();
  const answering = new Map<number, AbortController>();
  let answer: Answer = (method) =>
    Promise.reject(new RpcError('bad-request', `there is no method ${method}`));
  let nextId = 0;
  let pendingBytes = 0;
  let isOpen = true;

  const offered: Offered = {
    async call(id, method, params, frameBytes = 0) {
      // One alone is always taken.
      const isTooLong = pendingBytes > 0 && pendingBytes + frameBytes > MAX_PENDING_BYTES;
      if (answering.size >= MAX_PENDING_CALLS || isTooLong) {
        throw new RpcError(
          'failed',
          `too many calls at once: ${answering.size} are not answered yet; wait for some of their answers`,
        );
      }
      if (answering.has(id))
        throw new RpcError('bad-request', 'another call with this id is not answered yet');
      const abort = new AbortController();
      answering.set(id, abort);
      pendingBytes += frameBytes;
      try {
        return (await answer(method, params, abort.signal)) ?? null;
      } catch (error) {
        // birpc would take a thrown `undefined` for success.
        throw abort.signal.aborted ? cancelled() : (error ?? new RpcError('failed', 'failed'));
      } finally {
        answering.delete(id);
        pendingBytes -= frameBytes;
      }
    },
    cancel(id) {
      answering.get(id)?.abort();
    },
    event(name, payload) {
      notifications.emit({ event: name, payload });
    },
  };
  const rpc = createBirpc<Offered, Offered, false>(offered, {
    proxify: false,
    timeout: NO_TIMEOUT,
    post(message: Message) {
      channel.send(writeFrame(message));
    },
    on(listener) {
      channel.onMessage((bytes) => {
        let message: Message;
        try {
          message = withFrameBytes(readFrame(bytes, limits), bytes.length);
        } catch (error) {
          channel.send(writeFrame({ t: 's', i: null, e: error }));
          return;
        }
        listener(message);
      });
    },
    // birpc names a function only where an answer could not be sent; it then sends the error instead.
    onGeneralError: (_error, functionName) => functionName !== undefined,
  });

  const close = (): void => {
    if (!isOpen) return;
    isOpen = false;
    for (const abort of answering.values()) abort.abort();
    rpc.$close(connectionLost());
    channel.close();
    closed.emit();
  };
  channel.onClose(close);

  return {
    async request(method, params, signal) {
      if (!isOpen) throw connectionLost();
      if (signal?.aborted === true) throw cancelled();
      const id = nextId++;
      const answered = rpc.$call('call', id, method, params);
      return signal === undefined
        ? answered
        : untilAborted(answered, signal, () => {
            send('cancel', id);
          });
    },
    notify(event, payload) {
      send('event', event, payload);
    },
    answer(newAnswer) {
      answer = newAnswer;
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

  /** Asks for no answer. Fails only when the other end is gone, which its close tells better. */
  function send<K extends 'cancel' | 'event'>(name: K, ...args: Parameters<Offered[K]>): void {
    if (isOpen) rpc.$callEvent(name, ...args).catch(() => undefined);
  }
}

/** Puts behind the parameters of a call what they came in; what is read has exactly three. */
function withFrameBytes(message: Message, frameBytes: number): Message {
  if (message.t !== 'q' || message.m !== 'call') return message;
  return { ...message, a: [...message.a, frameBytes] as unknown as typeof message.a };
}

/** Lets go of the caller at once when it gives up, whatever the other end does about it. */
async function untilAborted<T>(answered: Promise<T>, signal: AbortSignal, giveUp: () => void): Promise<T> {
  let abort = (): void => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    abort = () => {
      giveUp();
      reject(cancelled());
    };
  });
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([answered, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function cancelled(): RpcError {
  return new RpcError('cancelled', 'cancelled');
}

function connectionLost(): RpcError {
  return new RpcError('failed', 'the connection to the engine is closed');
}
