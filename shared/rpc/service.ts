/** The contract of shared/contract/methods.ts as things to implement and to call. */
import type { Disposable } from '../base/disposable.ts';
import type { EventName, Events, MethodName, MethodResult, Methods, Params } from '../contract/methods.ts';

/** What a contract consists of: what may be called. */
export type MethodsOf<M> = {
  readonly [K in keyof M]: { readonly params: unknown; readonly result: unknown };
};

/**
 * Implements every method. The signal is aborted when the caller gives up or goes away. Expected failures are thrown
 * as RpcError; whatever else is thrown reaches the caller as code `failed`.
 */
export type ServiceOf<M extends MethodsOf<M>> = {
  readonly [K in keyof M]: (params: M[K]['params'], signal: AbortSignal) => Promise<M[K]['result']>;
};
export type Service = ServiceOf<Methods>;

/** Where the serving end gets the events from that it pushes; an `Emitter` for each will do. */
export type EventSourcesOf<E> = {
  readonly [K in keyof E]: { on(listener: (payload: E[K]) => void): Disposable };
};
export type EventSources = EventSourcesOf<Events>;

export interface CallOptions {
  readonly signal?: AbortSignal;
}

/** The calling end of the contract. */
export interface Client extends Disposable {
  /** @throws RpcError with the code of what went wrong; `cancelled` when the signal was aborted first. */
  call<M extends MethodName>(method: M, params: Params<M>, options?: CallOptions): Promise<MethodResult<M>>;
  on<E extends EventName>(event: E, listener: (payload: Events[E]) => void): Disposable;
  /** The other end went away: every call from now on fails with code `failed`. */
  onClose(listener: () => void): Disposable;
}
