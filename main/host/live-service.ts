/** Live capture as the contract asks for it. */
import { RpcError } from '../../shared/contract/errors.ts';
import { NO_LIVE } from '../../shared/model/live.ts';
import type { Service } from '../../shared/rpc/service.ts';

function notHere(): Promise<never> {
  return Promise.reject(new RpcError('failed', 'this build captures nothing'));
}

export const NO_LIVE_SERVICE: Pick<Service, Extract<keyof Service, `live.${string}`>> = {
  'live.offer': notHere,
  'live.counters': notHere,
  'live.checkFilter': notHere,
  'live.command': notHere,
  'live.start': notHere,
  'live.stop': notHere,
  'live.status': () => Promise.resolve(NO_LIVE),
  'live.catch': notHere,
  'live.save': notHere,
};
