/** Who may talk to the server: nobody but the page that holds the token, from this machine's own address. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

test('the address lets in one browser and leaves no secret in it', async ({ open, captures }) => {
  const app = await open({ files: [captures.mixed] });
  await app.ready();
  const server = app.host.server as ServerProcess;
  const [first] = server.urls;
  const bare = `http://127.0.0.1:${server.port}/`;
  const overview = `${bare}#/overview`;
  await expect.poll(() => app.page.url()).toBe(overview);
  expect(await app.page.context().cookies()).toEqual([]);
  expect(await app.page.evaluate(() => localStorage.getItem('resetscope.token'))).toBeNull();
  // Loaded again, and in a second tab, by the bare address and by the one that was used.
  await app.page.reload();
  await app.ready();
  for (const url of [bare, first]) {
    const tab = await app.page.context().newPage();
    await tab.goto(url);
    await tab.getByText('mixed.pcap').first().waitFor();
    await expect.poll(() => tab.url()).toBe(overview);
  }
  // Another browser, as another person has, is let in by the address that was printed next.
  const context = await (await browser()).newContext();
  onTestFinished(() => context.close());
  const stranger = await context.newPage();
  await stranger.goto(bare);
  expect(await stranger.getByRole('alert').innerText()).toContain('no access code');
  await stranger.goto('about:blank');
  expect(server.urls).toHaveLength(2);
  await stranger.goto(server.url);
  await stranger.getByText('mixed.pcap').first().waitFor();
});

test('an address that was used says so in another browser', async () => {
  const server = await startServer();
  const [used] = server.urls;
  await server.letIn();
  const context = await (await browser()).newContext();
  onTestFinished(() => context.close());
  const stranger = await context.newPage();
  await stranger.goto(used);
  expect(await stranger.getByRole('alert').innerText()).toContain('was used already');
  expect(stranger.url()).not.toContain('code');
});

test('an address with a wrong code gets nothing', async ({ open, captures }) => {
  const app = await open({ files: [captures.mixed] });
  await app.ready();
  const context = await (await browser()).newContext();
  onTestFinished(() => context.close());
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${app.host.server?.port}/#code=${'A'.repeat(43)}`);
  expect(await page.getByRole('alert').innerText()).toContain('shows the next one');
  expect(await page.getByText('mixed.pcap').count()).toBe(0);
});

test('the seventeenth page says why it is not connected', async ({ open }) => {
  const app = await open();
  await app.openButton.and(app.page.locator(':enabled')).waitFor();
  const server = app.host.server as ServerProcess;
  const others = Array.from({ length: 15 }, () => app.page.context().newPage());
  const tabs = await Promise.all(others);
  await Promise.all(tabs.map((tab) => tab.goto(`http://127.0.0.1:${server.port}/`)));
  for (const tab of tabs)
    await tab.getByRole('button', { name: 'Open capture…' }).and(tab.locator(':enabled')).waitFor();
  const last = await app.page.context().newPage();
  await last.goto(`http://127.0.0.1:${server.port}/`);
  expect(await last.getByRole('alert').innerText()).toContain('16 pages are connected');
  await tabs[0].close();
  await last.reload();
  await last.getByRole('button', { name: 'Open capture…' }).and(last.locator(':enabled')).waitFor();
});

test('no secret is in the arguments of a program', async () => {
  // In place of the desktop's: it notes its arguments and what it was to open.
  const folder = mkdtempSync(join(tmpdir(), 'resetscope-e2e-opener-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const note = join(folder, 'opened');
  writeFileSync(
    join(folder, 'xdg-open'),
    `#!/bin/sh\necho "$*" >'${note}.part'; cat "$1" >>'${note}.part'; mv '${note}.part' '${note}'\n`,
  );
  chmodSync(join(folder, 'xdg-open'), 0o755);
  chmodSync(folder, 0o777);
  const NOBODY = 65_534;
  const user = process.getuid?.() === 0 ? NOBODY : undefined;
  const env = { PATH: `${folder}:${process.env.PATH}` };
  const server = await ServerProcess.start({ args: ['--open'], env, user });
  onTestFinished(() => server.stop());
  await expect.poll(() => existsSync(note)).toBe(true);
  const told = readFileSync(note, 'utf8');
  const [file, ...page] = told.split('\n');
  const [url] = /http:\S+#code=[\w-]+/.exec(page.join('\n')) ?? [''];
  expect(file).not.toContain('code');
  // The page in the file lets somebody in, once; then the file is gone.
  const context = await (await browser()).newContext();
  onTestFinished(() => context.close());
  const tab = await context.newPage();
  await tab.goto(url);
  await tab.getByRole('button', { name: 'Open capture…' }).and(tab.locator(':enabled')).waitFor();
  await expect.poll(() => existsSync(file)).toBe(false);
  // The printed address is still good.
  expect(await server.letIn()).toMatch(/^[\w-]{43}$/);
});

test('another name for the server is refused, as rebinding would use it', async () => {
  const server = await startServer();
  expect(await status(server, '/', {})).toBe(200);
  expect(await status(server, '/', { host: `evil.example:${server.port}` })).toBe(421);
  expect(await status(server, '/', { host: '127.0.0.1' })).toBe(421);
  const own = { origin: `http://127.0.0.1:${server.port}` };
  expect(await upgrade(server, await server.letIn(), { ...own, host: `evil.example:${server.port}` })).toBe(
    '421',
  );
});

test('another origin is refused, even with the token', async () => {
  const server = await startServer();
  const token = await server.letIn();
  const evil = { origin: 'http://evil.example' };
  expect(await status(server, '/', evil)).toBe(403);
  expect(await upgrade(server, token, evil)).toBe('403');
  expect(await upgrade(server, token, {})).toBe('403');
  const own = { origin: `http://127.0.0.1:${server.port}` };
  expect(await upgrade(server, 'wrong', own)).toBe('401');
  expect(await upgrade(server, token, own)).toBe('open');
});

test('an upload needs origin and token', async () => {
  const server = await startServer();
  const own = { origin: `http://127.0.0.1:${server.port}` };
  const token = { 'x-resetscope-token': await server.letIn() };
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
    { port: server.port, token: await server.letIn() },
  );
  expect(reached.filter(Boolean)).toEqual([]);
});
