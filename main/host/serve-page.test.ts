import { expect, it } from 'vitest';
import { engineSideOf, ServiceDouble } from '../../test/contract/service-double.ts';
import { HOST_METHODS } from '../../shared/contract/methods.ts';
import { memoryChannelPair } from '../../shared/rpc/memory-channel.ts';
import { openPeer } from '../../shared/rpc/peer.ts';
import { ENGINE_CONTROL_SCHEMAS } from './host-contract.ts';
import { servePage } from './serve-page.ts';

function page() {
  const [near, far] = memoryChannelPair();
  const double = new ServiceDouble();
  servePage(far, engineSideOf(double), {
    progress: double.progress,
    captures: double.captures,
    live: double.live,
  });
  return { peer: openPeer(near), double };
}

it('answers what looks at the analysis', async () => {
  const { peer } = page();
  expect(await peer.request('capture.progress', {})).toMatchObject({ phase: 'reading' });
});

it.each([...HOST_METHODS, ...Object.keys(ENGINE_CONTROL_SCHEMAS)])('has no %s', async (method) => {
  const { peer, double } = page();
  const params = { paths: ['/etc/shadow'], follow: false };
  await expect(peer.request(method, params)).rejects.toMatchObject({
    code: 'bad-request',
    message: `there is no method ${method}`,
  });
  expect(double.calls).toEqual([]);
});
