/**
 * What one caller may have of the serving end at once. Answers can be a thousand times as long as their questions, so they
 * are counted before they are made, and until they have gone: who asks much waits for itself, and who does not read
 * what was asked for gets nothing more. No other caller notices.
 */
import { BOUNDS } from '../contract/schemas.ts';
import type { Methods, Params } from '../contract/methods.ts';
import { Admission } from './admission.ts';
import type { ByteChannel } from './byte-channel.ts';
import type { Service } from './service.ts';

export const CALL_LIMITS = {
  /** Calls that are worked on. A page has a handful; what comes on top waits its turn (MAX_PENDING_CALLS). */
  running: 16,
  /** Of answers that are made or not sent yet: two of the longest streams. */
  answerBytes: 16 * 1024 * 1024,
} as const;

/** Any answer but a stream: a window of a thousand rows and the longest account stay below it. */
const USUAL_ANSWER_BYTES = 512 * 1024;

/** How long the answer may be at most. */
export function answerBytes<M extends keyof Methods>(method: M, params: Params<M>): number {
  if (method === 'flows.stream') return (params as Params<'flows.stream'>).bytes;
  return method === 'flows.messages' ? BOUNDS.streamBytes : USUAL_ANSWER_BYTES;
}

export class CallerBudget {
  readonly #admission = new Admission({ running: CALL_LIMITS.running, bytes: CALL_LIMITS.answerBytes });

  /** The same service, each of whose methods waits for its turn. */
  within(service: Service): Service {
    const limited = <M extends keyof Methods>(method: M): Service[M] => {
      const answer = (params: Params<M>, signal: AbortSignal): Promise<Methods[M]['result']> =>
        this.#admission.admit(answerBytes(method, params), signal, async () =>
          service[method](params, signal),
        );
      return answer as Service[M];
    };
    const methods = Object.keys(service) as (keyof Methods)[];
    return Object.fromEntries(methods.map((method) => [method, limited(method)])) as unknown as Service;
  }

  /** The same channel; what it has not sent yet is taken off the budget. */
  counting(channel: ByteChannel): ByteChannel {
    return {
      send: (bytes, onGone) => {
        this.#admission.hold(bytes.length);
        channel.send(bytes, () => {
          this.#admission.release(bytes.length);
          onGone?.();
        });
      },
      onMessage: (listener) => channel.onMessage(listener),
      onClose: (listener) => channel.onClose(listener),
      close() {
        channel.close();
      },
    };
  }
}
