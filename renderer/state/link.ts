/**
 * The line to the engine: it connects, and after a loss connects again, waiting longer each time.
 * Calls made while it is down fail at once.
 */
import { errorText } from '../../shared/format/error.ts';
import { Emitter } from '../../shared/base/event.ts';
import type { EventName, Events, MethodName, MethodResult, Params } from '../../shared/contract/methods.ts';
import { RpcError } from '../../shared/contract/errors.ts';
import type { Client } from '../../shared/rpc/service.ts';

const RETRY_MS = [250, 500, 1000, 2000, 4000] as const;

export type LinkState =
  { readonly state: 'connecting' | 'open' } | { readonly state: 'lost'; readonly reason: string };

export class Link {
  readonly #connect: () => Promise<Client>;
  #client: Client | undefined;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #disposed = false;
  readonly changed = new Emitter<LinkState>();
  readonly progress = new Emitter<Events['progress']>();
  readonly live = new Emitter<Events['live']>();
  readonly captures = new Emitter<Events['captures']>();
  readonly openRequest = new Emitter<Events['open-request']>();

  constructor(connect: () => Promise<Client>) {
    this.#connect = connect;
  }

  /** Connects. The promise never rejects: `changed` tells what happened. */
  async start(): Promise<void> {
    clearTimeout(this.#timer);
    this.changed.emit({ state: 'connecting' });
    try {
      const client = await this.#connect();
      if (this.#disposed) {
        client.dispose();
        return;
      }
      this.#opened(client);
    } catch (error) {
      this.#lost(errorText(error));
    }
  }

  call<M extends MethodName>(method: M, params: Params<M>, signal?: AbortSignal): Promise<MethodResult<M>> {
    if (this.#client === undefined) {
      return Promise.reject(new RpcError('failed', 'The connection to the engine is down.'));
    }
    return this.#client.call(method, params, { signal });
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
    this.#client?.dispose();
    this.#client = undefined;
  }

  #opened(client: Client): void {
    this.#client = client;
    this.#attempt = 0;
    this.#forward(client, 'progress', this.progress);
    this.#forward(client, 'live', this.live);
    this.#forward(client, 'captures', this.captures);
    this.#forward(client, 'open-request', this.openRequest);
    client.onClose(() => {
      if (this.#client !== client) return;
      this.#client = undefined;
      this.#lost('The connection to the engine was lost.');
    });
    this.changed.emit({ state: 'open' });
  }

  #forward<E extends EventName>(client: Client, event: E, to: Emitter<Events[E]>): void {
    client.on(event, (payload) => {
      to.emit(payload);
    });
  }

  #lost(reason: string): void {
    if (this.#disposed) return;
    this.changed.emit({ state: 'lost', reason });
    if (this.#attempt >= RETRY_MS.length) return;
    this.#timer = setTimeout(() => void this.start(), RETRY_MS[this.#attempt]);
    this.#attempt++;
  }
}
