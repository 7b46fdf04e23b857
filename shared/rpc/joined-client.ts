/** Two ends that share the contract as one: what a host answers is asked of it, everything else of the engine. */
import { isHostMethod } from '../contract/schemas.ts';
import type { Client } from './service.ts';

/** The two live and die together: a page that lost one connects anew. */
export function joinedClient(engine: Client, host: Client): Client {
  engine.onClose(() => {
    host.dispose();
  });
  host.onClose(() => {
    engine.dispose();
  });
  return {
    call: (method, params, options) => (isHostMethod(method) ? host : engine).call(method, params, options),
    on: (event, listener) => (event === 'open-request' ? host : engine).on(event, listener),
    onClose: (listener) => engine.onClose(listener),
    dispose() {
      engine.dispose();
      host.dispose();
    },
  };
}
