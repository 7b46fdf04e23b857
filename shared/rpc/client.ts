/** The calling end of a contract. */
import type { Disposable } from '../base/disposable.ts';
import type { Events, Methods } from '../contract/methods.ts';
import type { ByteChannel } from './byte-channel.ts';
import type { Peer } from './peer.ts';
import { openPeer } from './peer.ts';
import type { CallOptions, Client, MethodsOf } from './service.ts';

export interface ClientOf<M extends MethodsOf<M>, E> extends Disposable {
  call<K extends keyof M & string>(
    method: K,
    params: M[K]['params'],
    options?: CallOptions,
  ): Promise<M[K]['result']>;
  on<K extends keyof E & string>(event: K, listener: (payload: E[K]) => void): Disposable;
  onClose(listener: () => void): Disposable;
}

/** Calls what is served at the other end of the channel, which the client then owns. */
export function createClient(channel: ByteChannel): Client {
  return clientOn<Methods, Events>(openPeer(channel));
}

/** A client of any contract, on a peer that may serve another one at the same time. */
export function clientOn<M extends MethodsOf<M>, E>(peer: Peer): ClientOf<M, E> {
  return {
    call: (method, params, options) => peer.request(method, params, options?.signal),
    on<K extends keyof E & string>(event: K, listener: (payload: E[K]) => void): Disposable {
      return peer.onNotification((name, payload) => {
        if (name === event) listener(payload as E[K]);
      });
    },
    onClose: (listener) => peer.onClose(listener),
    dispose() {
      peer.dispose();
    },
  };
}
