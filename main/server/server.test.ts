import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { request } from 'node:http';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createClient } from '../../shared/rpc/client.ts';
import { webSocketChannel } from '../../shared/rpc/web-socket-channel.ts';
import { PROGRESS, ServiceDouble } from '../../test/contract/service-double.ts';
import { eventually } from '../../test/support/patience.ts';
import type { StaticFile } from '../host/static-files.ts';
import { parseArguments } from './options.ts';
import type { Development, RunningServer } from './server.ts';
import { startServer } from './server.ts';
import { Uploads } from './uploads.ts';

const LIMIT = 10_000;
const file = (text: string, type: string, immutable = false): StaticFile => ({
  bytes: new TextEncoder().encode(text),
  type,
  immutable,
});
const FILES = new Map([
  ['/', file('<!doctype html>', 'text/html')],
  ['/assets/a.js', file('1', 'text/javascript', true)],
]);

let directory = '';
let double: ServiceDouble;
let server: RunningServer;
const usedCodes: string[] = [];
async function start(options: { development?: Development; heartbeatMs?: number } = {}): Promise<void> {
  usedCodes.length = 0;
  directory = mkdtempSync(join(tmpdir(), 'resetscope-test-'));
  double = new ServiceDouble();
  server = await startServer({
    port: 0,
    files: FILES,
    uploads: await Uploads.create(LIMIT, directory),
    engine: double,
    log: pino({ level: 'silent' }),
    codeUsed: (code) => usedCodes.push(code),
    ...options,
  });
}
async function stop(): Promise<void> {
  await server.close();
  rmSync(directory, { recursive: true });
}
beforeEach(() => start());
afterEach(stop);

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}
function send(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: Uint8Array | string,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: server.port, method, path, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (text += part));
      response.on('end', () => {
        resolve({ status: response.statusCode, headers: response.headers, body: text });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
const own = (): string => `http://127.0.0.1:${server.port}`;

describe('the page', () => {
  it('comes with headers that leave it nothing but itself', async () => {
    const { status, headers, body } = await send('GET', '/');
    expect([status, body]).toEqual([200, '<!doctype html>']);
    expect(headers['content-security-policy']).toContain(
      "default-src 'none'; script-src 'self'; style-src 'self'",
    );
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
      'cache-control': 'no-store',
    });
    expect(headers['access-control-allow-origin']).toBeUndefined();
    expect((await send('GET', '/assets/a.js')).headers['cache-control']).toContain('immutable');
    expect(await send('HEAD', '/')).toMatchObject({ status: 200, body: '' });
  });

  it.each([
    '/nothing',
    '/../package.json',
    '/%2e%2e/package.json',
    '/assets',
    '//etc/passwd',
    '/assets/../../x',
  ])('has no %s', async (path) => {
    expect((await send('GET', path)).status).toBe(404);
  });

  it.each([
    ['another host', { host: 'evil.example' }, 421],
    ['a rebound name with our port', { host: 'evil.example:PORT' }, 421],
    ['another port', { host: '127.0.0.1:1' }, 421],
    ['another origin', { origin: 'https://evil.example' }, 403],
    ['an opaque origin', { origin: 'null' }, 403],
    ['the origin of our other name', { origin: 'http://localhost:PORT' }, 403],
  ])('is refused to %s', async (_what, headers, status) => {
    const filled = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, value.replace('PORT', String(server.port))]),
    );
    expect((await send('GET', '/', filled)).status).toBe(status);
  });

  it('knows its other name', async () => {
    const host = `localhost:${server.port}`;
    expect((await send('GET', '/', { host, origin: `http://${host}` })).status).toBe(200);
  });

  it.each(['PUT', 'DELETE', 'OPTIONS', 'PATCH'])('takes no %s', async (method) => {
    expect((await send(method, '/')).status).toBe(405);
  });
});

describe('a session', () => {
  const session = (headers: Record<string, string>): Promise<Answer> =>
    send('POST', '/session', { origin: own(), ...headers });
  const codeHeader = (code: string): Record<string, string> => ({ 'x-resetscope-code': code });

  it('begins with the code of an address, which is good once', async () => {
    const { url, code } = server.makeAddress();
    expect(url).toBe(`${own()}/#code=${code}`);
    expect(url).not.toContain(server.token);
    const answer = await session(codeHeader(code));
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body)).toEqual({ token: server.token, full: null });
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.headers['set-cookie']).toBeUndefined();
    const again = await session(codeHeader(code));
    expect([again.status, again.body]).toEqual([401, expect.stringContaining('used already')]);
    expect(usedCodes).toEqual([code]);
  });

  it('goes on with the token', async () => {
    const { status, body } = await session({ 'x-resetscope-token': server.token });
    expect([status, JSON.parse(body)]).toEqual([200, { token: server.token, full: null }]);
  });

  it.each([
    ['nothing', {}, 401],
    ['an empty code', { 'x-resetscope-code': '' }, 401],
    ['another code', { 'x-resetscope-code': 'x'.repeat(43) }, 401],
    ['the token as a code', { 'x-resetscope-code': 'TOKEN' }, 401],
    ['the code as a token', { 'x-resetscope-token': 'CODE' }, 401],
    ['a revoked code', { 'x-resetscope-code': 'REVOKED' }, 401],
    ['another origin', { 'x-resetscope-code': 'CODE', origin: 'https://evil.example' }, 403],
    ['another host', { 'x-resetscope-code': 'CODE', host: 'evil.example' }, 421],
    ['a body', { 'x-resetscope-code': 'CODE', 'content-length': '5' }, 400],
  ])('does not begin with %s', async (_what, headers, status) => {
    const { code } = server.makeAddress();
    const revoked = server.makeAddress().code;
    server.revoke(revoked);
    const filled = Object.entries(headers).map(([name, value]) => [
      name,
      value.replace('TOKEN', server.token).replace('REVOKED', revoked).replace('CODE', code),
    ]);
    const answer = await session(Object.fromEntries(filled) as Record<string, string>);
    expect(answer.status).toBe(status);
    expect(answer.body).not.toContain(server.token);
    // The code is still good.
    expect((await session(codeHeader(code))).status).toBe(200);
  });

  it('needs an origin', async () => {
    const { code } = server.makeAddress();
    expect((await send('POST', '/session', codeHeader(code))).status).toBe(403);
  });
});

/** Opened, or the status of the refusal. */
function open(options: {
  token?: string;
  origin?: string;
  host?: string;
  path?: string;
  protocols?: string[];
}): Promise<WebSocket | number> {
  const { token = server.token, origin = own(), path = '/rpc' } = options;
  const protocols = options.protocols ?? ['resetscope', `token.${token}`];
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, protocols, {
    origin: origin === '' ? undefined : origin,
    headers: options.host === undefined ? {} : { host: options.host },
  });
  return new Promise((resolve, reject) => {
    socket.once('open', () => {
      resolve(socket);
    });
    socket.once('unexpected-response', (_request, response) => {
      resolve(response.statusCode ?? 0);
      socket.terminate();
    });
    socket.once('error', reject);
  });
}

describe('the WebSocket', () => {
  it('serves our page with the token', async () => {
    const socket = (await open({})) as WebSocket;
    // The token is not sent back.
    expect(socket.protocol).toBe('resetscope');
    const client = createClient(webSocketChannel(socket));
    expect(await client.call('capture.progress', {})).toEqual(PROGRESS);
    client.dispose();
  });

  it.each([
    ['without a token', { protocols: ['resetscope'] }, 401],
    ['with a wrong token', { token: 'x'.repeat(43) }, 401],
    ['with an empty token', { token: '' }, 401],
    ['with the token alone', { protocols: ['token.TOKEN'] }, 401],
    ['from another origin', { origin: 'https://evil.example' }, 403],
    ['without an origin', { origin: '' }, 403],
    ['with another host', { host: 'evil.example' }, 421],
    ['at another path', { path: '/rpc2' }, 404],
  ])('is refused %s', async (_what, options: Parameters<typeof open>[0], status) => {
    const protocols = options.protocols?.map((text) => text.replace('TOKEN', server.token));
    expect(await open(protocols === undefined ? options : { ...options, protocols })).toBe(status);
    expect(double.calls).toEqual([]);
  });

  it('is bounded in number, and the page learns why it is refused', async () => {
    const token = { origin: own(), 'x-resetscope-token': server.token };
    const full = async (): Promise<unknown> =>
      (JSON.parse((await send('POST', '/session', token)).body) as { full: unknown }).full;
    const opened = await Promise.all(Array.from({ length: 16 }, () => open({})));
    expect(opened.every((socket) => socket instanceof WebSocket)).toBe(true);
    expect(await open({})).toBe(503);
    expect(await full()).toMatch(/^16 pages are connected .* Close the tab of one, then connect again\.$/);
    (opened[0] as WebSocket).close();
    await eventually(async () => {
      expect(await full()).toBeNull();
    });
    expect(await open({})).toBeInstanceOf(WebSocket);
  });

  it('ends when its page does not answer a ping', async () => {
    await stop();
    await start({ heartbeatMs: 20 });
    const reading = (await open({})) as WebSocket;
    const deaf = (await open({})) as WebSocket;
    deaf.pause();
    await eventually(() => {
      expect(server.counts().pages).toBe(1);
    });
    expect(reading.readyState).toBe(WebSocket.OPEN);
  });
});

describe('a connection that nobody trusts', () => {
  /** Writes it, and does with the connection what is said. */
  function write(bytes: string, then: (socket: Socket) => void = () => undefined): Socket {
    const socket = connect(server.port, '127.0.0.1', () => {
      socket.write(bytes, () => {
        then(socket);
      });
    });
    socket.on('error', () => undefined);
    // Without reading it would not notice that the other end has closed.
    return socket.resume();
  }
  const upgrade = (path: string): string =>
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
    'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n';
  const closed = (socket: Socket): Promise<unknown> =>
    new Promise((resolve) => socket.once('close', resolve));

  it.each(['/rpc', '/other'])('may be reset when its upgrade to %s is refused', async (path) => {
    // An error that nobody listens for ends this process, and fails this file.
    const sockets = Array.from({ length: 200 }, () =>
      write(upgrade(path), (socket) => socket.resetAndDestroy()),
    );
    await Promise.all(sockets.map(closed));
    await eventually(() => {
      expect(server.counts().strangers).toBe(0);
    });
    expect(await open({})).toBeInstanceOf(WebSocket);
  });

  it('is closed after a refusal, whether or not the other end reads and closes', async () => {
    const socket = write(upgrade('/rpc'));
    socket.pause();
    await eventually(() => {
      expect(server.counts().strangers).toBe(0);
    });
    socket.destroy();
  });

  it('is closed when the oldest of too many, so that our own page still comes in', async () => {
    const half = 'GET / HTTP/1.1\r\nHost:';
    const idle = Array.from({ length: 300 }, () => write(half));
    await Promise.all(idle.slice(0, 100).map(closed));
    expect(server.counts().strangers).toBeLessThanOrEqual(128);
    expect((await send('GET', '/')).status).toBe(200);
    const page = await open({});
    expect(page).toBeInstanceOf(WebSocket);
    // Connected pages are no strangers: none of them goes.
    idle.push(...Array.from({ length: 300 }, () => write(half)));
    await Promise.all(idle.slice(200, 400).map(closed));
    const client = createClient(webSocketChannel(page as WebSocket));
    expect(await client.call('capture.progress', {})).toEqual(PROGRESS);
    for (const socket of idle) socket.destroy();
  });

  it.each([
    ['content-length', '1000000000'],
    ['transfer-encoding', 'chunked'],
  ])('is not read on where a page is asked for with a body (%s)', async (name, value) => {
    const socket = write(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n${name}: ${value}\r\n\r\nx`);
    let answer = '';
    socket.setEncoding('latin1').on('data', (text: string) => (answer += text));
    await closed(socket);
    expect(answer).toMatch(/^HTTP\/1.1 400 /);
  });
});

describe('a page that does not read', () => {
  it.each(['calls', 'pings'])('is cut off in a flood of %s, and no other page notices', async (kind) => {
    const deaf = (await open({})) as WebSocket;
    const reading = createClient(webSocketChannel((await open({})) as WebSocket));
    deaf.pause();
    // It begins no value, and is answered by an error.
    const bad = Uint8Array.of(0xc1);
    for (let i = 0; i < 200_000 && server.counts().pages > 1; i++) {
      if (kind === 'calls') deaf.send(bad);
      else deaf.ping(Buffer.alloc(120));
      if (i % 1000 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await eventually(() => {
      expect(server.counts().pages).toBe(1);
    });
    expect(await reading.call('capture.progress', {})).toEqual(PROGRESS);
    deaf.terminate();
  });
});

describe('the origin of npm run dev', () => {
  const origin = 'http://127.0.0.1:5173';
  const headers = (): Record<string, string> => ({ 'x-resetscope-token': server.token });
  const post = async (from: string): Promise<number | undefined> =>
    (await send('POST', '/upload?name=a', { ...headers(), origin: from }, 'x')).status;

  it('is another origin to every other host', async () => {
    expect(await open({ origin })).toBe(403);
    expect(await post(origin)).toBe(403);
    expect((await send('GET', '/', { origin })).status).toBe(403);
  });

  it('is accepted by a host that was told so, exactly', async () => {
    await stop();
    await start({ development: { origin, token: 'known-before', code: 'told-before' } });
    expect(server.token).toBe('known-before');
    expect(await open({ origin })).toBeInstanceOf(WebSocket);
    expect(await post(origin)).toBe(200);
    for (const other of [
      'http://127.0.0.1:5174',
      'http://127.0.0.1',
      'https://127.0.0.1:5173',
      'http://localhost:5173',
      'http://127.0.0.1:5173.evil.example',
      'HTTP://127.0.0.1:5173',
      'null',
    ]) {
      expect(await open({ origin: other }), other).toBe(403);
      expect(await post(other), other).toBe(403);
    }
    expect(await open({ origin, token: 'x' })).toBe(401);
    expect(await open({ origin, host: 'evil.example' })).toBe(421);
    expect(await open({ origin: '' })).toBe(403);
  });

  it('is nothing that the command line could set', () => {
    expect(() => parseArguments(['--dev-origin', origin])).toThrow();
  });
});

describe('an upload', () => {
  const headers = (): Record<string, string> => ({ origin: own(), 'x-resetscope-token': server.token });
  const uploadDirectory = (): string => join(directory, readdirSync(directory)[0]);

  it('is written to a private file that goes with the server', async () => {
    const { status, body } = await send('POST', '/upload?name=my%20trace.pcapng', headers(), 'packets');
    expect(status).toBe(200);
    const { path } = JSON.parse(body) as { path: string };
    expect(basename(path)).toBe('my_trace.pcapng');
    expect(readFileSync(path, 'utf8')).toBe('packets');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(dirname(path))).mode & 0o777).toBe(0o700);
    await server.close();
    expect(existsSync(path)).toBe(false);
  });

  it.each(['../../../etc/passwd', '..', '', '/', 'C:\\x\\y.pcap', 'a\0b', '.bashrc', 'ü\n\u202e.pcap'])(
    'named %j stays in its directory',
    async (name) => {
      const answer = await send('POST', `/upload?name=${encodeURIComponent(name)}`, headers(), 'x');
      const { path } = JSON.parse(answer.body) as { path: string };
      expect(dirname(dirname(path))).toBe(uploadDirectory());
      expect(basename(path)).toMatch(/^[\w+@-][\w.+@-]*$/);
    },
  );

  it.each([
    ['without a token', { 'x-resetscope-token': '' }, 403],
    ['with a wrong token', { 'x-resetscope-token': 'x' }, 403],
    ['from another origin', { origin: 'https://evil.example' }, 403],
    ['of unknown length', { 'transfer-encoding': 'chunked' }, 411],
    ['that is too large', { 'content-length': String(LIMIT + 1) }, 413],
  ])('%s is refused', async (_what, changed, status) => {
    const body = 'content-length' in changed ? undefined : 'x';
    expect((await send('POST', '/upload?name=a', { ...headers(), ...changed }, body)).status).toBe(status);
    expect(readdirSync(uploadDirectory())).toEqual([]);
  });

  it('without an origin is refused', async () => {
    const { status } = await send('POST', '/upload?name=a', { 'x-resetscope-token': server.token }, 'x');
    expect(status).toBe(403);
  });

  it('that breaks off leaves nothing', async () => {
    const sent = request({
      host: '127.0.0.1',
      port: server.port,
      method: 'POST',
      path: '/upload?name=a',
      headers: { ...headers(), 'content-length': '100' },
    });
    sent.on('error', () => undefined);
    sent.write('half');
    await eventually(() => {
      expect(readdirSync(uploadDirectory())).toHaveLength(1);
    });
    sent.destroy();
    await eventually(() => {
      expect(readdirSync(uploadDirectory())).toEqual([]);
    });
  });

  it('is the only thing to post', async () => {
    expect((await send('POST', '/', headers(), 'x')).status).toBe(404);
  });
});
