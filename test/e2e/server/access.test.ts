/** Who may talk to the server: nobody but the page that holds the token, from this machine's own address. */
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { browser } from '../support/host.ts';
import { ServerProcess } from '../support/server-process.ts';
import { expect, test } from '../support/test.ts';

async function startServer(): Promise<ServerProcess> {
  const server = await ServerProcess.start();
  onTestFinished(() => server.stop());
  return server;
}

function status(
  server: ServerProcess,
  path: string,
  headers: Record<string, string>,
  method = 'GET',
): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: server.port, path, method, headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    asked.on('error', reject);
    asked.end();
  });
}

/** What an upgrade to the engine's line is answered. */
function upgrade(server: ServerProcess, token: string, headers: Record<string, string>): Promise<string> {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/rpc`, ['resetscope', `token.${token}`], {
    headers,
  });
  return new Promise((resolve) => {
    socket.on('open', () => {
      resolve('open');
      socket.terminate();
    });
    socket.on('unexpected-response', (_request, answer) => {
      resolve(String(answer.statusCode));
      socket.terminate();
    });
    socket.on('error', () => undefined);
  });
}

test('an address without its token is told what it lacks', async ({ open }) => {
  const app = await open();
  await app.page.goto('about:blank');
  await app.page.goto(`http://127.0.0.1:${app.host.server?.port}/`);
  expect(await app.alert.innerText()).toContain('no access token');
  expect(await app.openButton.count()).toBeLessThanOrEqual(1);
  if ((await app.openButton.count()) === 1) expect(await app.openButton.isEnabled()).toBe(false);
});

test('an address with a wrong token gets nothing', async ({ open, captures }) => {
  const app = await open({ files: [captures.mixed] });
  await app.ready();
  await app.page.goto('about:blank');
  await app.page.goto(`http://127.0.0.1:${app.host.server?.port}/#token=${'A'.repeat(43)}`);
  expect(await app.alert.innerText()).toContain('does not answer');
  expect(await app.page.getByText('mixed.pcap').count()).toBe(0);
  // A browser reports every handshake that is refused.
  app.host.complaints.forgive(/WebSocket connection to/);
});

test('another name for the server is refused, as rebinding would use it', async () => {
  const server = await startServer();
  expect(await status(server, '/', {})).toBe(200);
  expect(await status(server, '/', { host: `evil.example:${server.port}` })).toBe(421);
  expect(await status(server, '/', { host: '127.0.0.1' })).toBe(421);
  const own = { origin: `http://127.0.0.1:${server.port}` };
  expect(await upgrade(server, server.token, { ...own, host: `evil.example:${server.port}` })).toBe('421');
});

test('another origin is refused, even with the token', async () => {
  const server = await startServer();
  const evil = { origin: 'http://evil.example' };
  expect(await status(server, '/', evil)).toBe(403);
  expect(await upgrade(server, server.token, evil)).toBe('403');
  expect(await upgrade(server, server.token, {})).toBe('403');
  const own = { origin: `http://127.0.0.1:${server.port}` };
  expect(await upgrade(server, 'wrong', own)).toBe('401');
  expect(await upgrade(server, server.token, own)).toBe('open');
});

test('an upload needs origin and token', async () => {
  const server = await startServer();
  const own = { origin: `http://127.0.0.1:${server.port}` };
  const token = { 'x-resetscope-token': server.token };
  const length = { 'content-length': '0' };
  const upload = (headers: Record<string, string>): Promise<number | undefined> =>
    status(server, '/upload?name=a.pcap', { ...length, ...headers }, 'POST');
  expect(await upload({ ...own })).toBe(403);
  expect(await upload({ ...own, 'x-resetscope-token': 'wrong' })).toBe(403);
  expect(await upload({ ...token })).toBe(403);
  expect(await upload({ ...token, origin: 'http://evil.example' })).toBe(403);
  expect(await upload({ ...own, ...token })).toBe(200);
});

test('a page of another site reaches nothing, though it runs on the same machine', async () => {
  const server = await startServer();
  const site = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end('<!doctype html><title>another site</title>');
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => site.close(() => resolve())));
  const page = await (await browser()).newPage();
  onTestFinished(() => page.close());
  await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`);
  const reached = await page.evaluate(
    async ({ port, token }) => {
      const target = `127.0.0.1:${port}`;
      const tried = async (name: string, attempt: Promise<unknown>): Promise<string> =>
        attempt.then(
          () => name,
          () => '',
        );
      const socket = new Promise((resolve, reject) => {
        const line = new WebSocket(`ws://${target}/rpc`, ['resetscope', `token.${token}`]);
        line.onopen = resolve;
        line.onerror = reject;
      });
      const image = new Promise((resolve, reject) => {
        const frame = document.createElement('script');
        frame.onload = resolve;
        frame.onerror = reject;
        frame.src = `http://${target}/`;
        document.head.append(frame);
      });
      return Promise.all([
        tried('page', fetch(`http://${target}/`)),
        tried('page unread', fetch(`http://${target}/`, { mode: 'no-cors' })),
        tried('upload', fetch(`http://${target}/upload?name=a`, { method: 'POST', body: 'a' })),
        tried('socket', socket),
        tried('script', image),
      ]);
    },
    { port: server.port, token: server.token },
  );
  expect(reached.filter(Boolean)).toEqual([]);
});
