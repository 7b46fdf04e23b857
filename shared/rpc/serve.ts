/** The serving end of a contract: every parameter is checked before it reaches the service. */
import * as v from 'valibot';
import type { Disposable } from '../base/disposable.ts';
import { RpcError } from '../contract/errors.ts';
import { METHOD_SCHEMAS } from '../contract/schemas.ts';
import type { ByteChannel } from './byte-channel.ts';
import { QUESTION_FRAME } from './frame.ts';
import type { Answer, Peer } from './peer.ts';
import { openPeer } from './peer.ts';
import { CallerBudget } from './caller-budget.ts';
import type { EventSources, EventSourcesOf, MethodsOf, Service, ServiceOf } from './service.ts';

/** One schema per method, of its parameters. */
export type SchemasOf<M extends MethodsOf<M>> = {
  readonly [K in keyof M]: v.GenericSchema<unknown, M[K]['params']>;
};

/** Serves a caller that nobody trusts, within a budget of its own, until the channel closes or the result is disposed, which closes it. */
export function serve(channel: ByteChannel, service: Service, events: EventSources): Disposable {
  const budget = new CallerBudget();
  const peer = openPeer(budget.counting(channel), QUESTION_FRAME);
  serveOn(peer, METHOD_SCHEMAS, budget.within(service), events);
  return peer;
}

/** Serves any contract on a peer; stops pushing events when the peer closes. */
export function serveOn<M extends MethodsOf<M>, E>(
  peer: Peer,
  schemas: SchemasOf<M>,
  service: ServiceOf<M>,
  events: EventSourcesOf<E>,
): void {
  peer.answer(checked(schemas, service));
  for (const event of Object.keys(events) as (keyof E & string)[]) {
    const registration = events[event].on((payload) => {
      peer.notify(event, payload);
    });
    peer.onClose(() => {
      registration.dispose();
    });
  }
}

function checked<M extends MethodsOf<M>>(schemas: SchemasOf<M>, service: ServiceOf<M>): Answer {
  return (method, params, signal) => {
    // An own property: `toString` and its like are no methods of the contract.
    if (!Object.hasOwn(schemas, method)) throw new RpcError('bad-request', `there is no method ${method}`);
    const name = method as keyof M & string;
    const parsed = v.safeParse(schemas[name], params, { abortEarly: true });
    if (!parsed.success) {
      const issue = parsed.issues[0];
      const path = v.getDotPath(issue);
      const place = path === null ? '' : ` (${path})`;
      throw new RpcError('bad-request', `bad parameters for ${method}${place}: ${issue.message}`);
    }
    return service[name](parsed.output, signal);
  };
}
