import { it } from 'vitest';
import { fuzz } from './fuzz-loop.ts';
import { rpcTarget } from './rpc.ts';

it('frames of the RPC keep their bounds, whatever they hold', () => {
  fuzz(rpcTarget, 1, 15_000);
});
