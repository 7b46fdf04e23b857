import { expect, it } from 'vitest';
import { ServiceDouble } from '../../test/contract/service-double.ts';
import { eventually } from '../../test/support/patience.ts';
import { createClient } from './client.ts';
import { joinedClient } from './joined-client.ts';
import { memoryChannelPair } from './memory-channel.ts';
import { serve } from './serve.ts';
import type { Client } from './service.ts';

function connect(): { double: ServiceDouble; client: Client; cut: () => void } {
  const [near, far] = memoryChannelPair();
  const double = new ServiceDouble();
  const served = serve(far, double.service, double.events);
  return { double, client: createClient(near), cut: () => served.dispose() };
}

it('asks the host for what reaches out, and the engine for the rest', async () => {
  const engine = connect();
  const host = connect();
  const client = joinedClient(engine.client, host.client);
  await client.call('capture.open', { paths: ['/a'], follow: false });
  await client.call('capture.progress', {});
  await client.call('live.stop', {});
  await client.call('live.status', {});
  expect(host.double.calls.map(({ method }) => method)).toEqual(['capture.open', 'live.stop']);
  expect(engine.double.calls.map(({ method }) => method)).toEqual(['capture.progress', 'live.status']);
  const heard: unknown[] = [];
  client.on('open-request', (request) => heard.push(request));
  engine.double.openRequest.emit({ paths: ['/an engine asks for nothing'] });
  host.double.openRequest.emit({ paths: ['/a'] });
  await eventually(() => expect(heard).toEqual([{ paths: ['/a'] }]));
});

it.each(['engine', 'host'] as const)('is gone when its %s is', async (gone) => {
  const ends = { engine: connect(), host: connect() };
  const client = joinedClient(ends.engine.client, ends.host.client);
  let isClosed = false;
  client.onClose(() => (isClosed = true));
  ends[gone].cut();
  await eventually(() => expect(isClosed).toBe(true));
  await expect(client.call('live.stop', {})).rejects.toMatchObject({ code: 'failed' });
  await expect(client.call('live.status', {})).rejects.toMatchObject({ code: 'failed' });
});
