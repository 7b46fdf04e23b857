/** Whatever else is connected to the port, whoever uses the app notices nothing, and it takes no more than its share. */
import { readdirSync, readFileSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { createClient } from '../../../shared/rpc/client.ts';
import type { WebSocketLike } from '../../../shared/rpc/web-socket-channel.ts';
import { webSocketChannel } from '../../../shared/rpc/web-socket-channel.ts';
import { ServerProcess } from '../support/server-process.ts';
import { Storm } from '../support/storm.ts';
import { expect, measured, test } from '../support/test.ts';

/** RESETSCOPE_STORM makes a longer one, to be looked at: about 4,000 a second. */
const CONNECTIONS = Number(process.env.RESETSCOPE_STORM ?? 5_000);
const BETWEEN_LOOKS = 250;

const MEBIBYTE = 1024 * 1024;
/** Strangers and pages have 144 connections; the rest is what Node has of its own. */
const MOST_DESCRIPTORS = 220;

const descriptors = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;
const residentBytes = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;

test('a storm of broken, half-open and slow connections costs nobody anything', async ({ captures }) => {
  const server = await ServerProcess.start({ files: [captures.mixed] });
  onTestFinished(() => server.stop());
  const token = await server.letIn();
  const connect = (): WebSocket =>
    new WebSocket(`ws://127.0.0.1:${server.port}/rpc`, ['resetscope', `token.${token}`], {
      origin: `http://127.0.0.1:${server.port}`,
    });
  const client = createClient(webSocketChannel(connect() as unknown as WebSocketLike));
  await expect.poll(async () => (await client.call('capture.progress', {})).phase).toBe('done');
  const before = { descriptors: descriptors(server.pid), bytes: residentBytes(server.pid) };
  const most = { ...before };

  const storm = new Storm(server.port);
  const started = performance.now();
  let pages = 0;
  while (storm.made < CONNECTIONS) {
    await storm.blow(BETWEEN_LOOKS);
    // A tab that is open goes on, and a new one comes in.
    expect((await client.call('capture.summary', {})).resets).toBeGreaterThan(0);
    const page = await fetch(`http://127.0.0.1:${server.port}/`).catch(() => undefined);
    if (page?.ok === true) pages++;
    most.descriptors = Math.max(most.descriptors, descriptors(server.pid));
    most.bytes = Math.max(most.bytes, residentBytes(server.pid));
  }
  const seconds = (performance.now() - started) / 1000;
  measured(
    `storm: ${storm.made} connections in ${seconds.toFixed(1)} s; descriptors ${before.descriptors}, at most ` +
      `${most.descriptors}; memory ${Math.round(before.bytes / MEBIBYTE)} MiB, at most ${Math.round(most.bytes / MEBIBYTE)}; ` +
      `${pages} of ${storm.made / BETWEEN_LOOKS} new pages at the first try`,
  );
  expect(most.descriptors).toBeLessThan(MOST_DESCRIPTORS);
  expect(most.bytes - before.bytes).toBeLessThan(200 * MEBIBYTE);
  expect(pages).toBeGreaterThan(storm.made / BETWEEN_LOOKS / 2);

  storm.end();
  await expect.poll(() => descriptors(server.pid)).toBeLessThanOrEqual(before.descriptors + 2);
  expect((await client.call('capture.summary', {})).resets).toBeGreaterThan(0);
  client.dispose();
});
