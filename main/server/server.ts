/** The loopback host: the same page and the same contract as in Electron, over HTTP and WebSocket on 127.0.0.1. */
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { MAX_FRAME_BYTES } from '../../shared/rpc/byte-channel.ts';
import { serve } from '../../shared/rpc/serve.ts';
import type { EngineEnd } from '../host/engine-end.ts';
import type { Logger } from '../host/log.ts';
import type { StaticFile } from '../host/static-files.ts';
import { TokenExchange } from './token-exchange.ts';
import { foreignPart, makeToken, SUBPROTOCOL, tokenOfProtocols } from './auth.ts';
import { startHeartbeat } from './heartbeat.ts';
import { requestListener } from './http.ts';
import { SERVER_LIMITS } from './limits.ts';
import { pageChannel } from './page-channel.ts';
import { Strangers } from './strangers.ts';
import type { Uploads } from './uploads.ts';

export interface ServerOptions {
  /** 0 takes any free one. */
  readonly port: number;
  readonly files: ReadonlyMap<string, StaticFile>;
  readonly uploads: Uploads;
  readonly engine: EngineEnd;
  readonly log: Logger;
  readonly development?: Development;
  /** Told of each code of an address when a browser was let in by it. */
  readonly codeUsed?: (code: string) => void;
  /** What differs from SERVER_LIMITS in a test. */
  readonly heartbeatMs?: number;
}

/** What `npm run dev` settles for the host, which it starts again and again under a page that stays. */
export interface Development {
  /** The page comes from there, and from nowhere else. */
  readonly origin: string;
  readonly token: string;
  /** Of the address that it tells. */
  readonly code: string;
}

/** An address that lets in one browser, once. */
export interface Address {
  readonly url: string;
  readonly code: string;
}

export interface RunningServer {
  readonly port: number;
  readonly token: string;
  /** With a new code; the code is in its fragment, which no request carries. */
  makeAddress(): Address;
  /** The code of an address lets nobody in any more. */
  revoke(code: string): void;
  /** What there is at the moment. */
  readonly counts: () => { readonly pages: number; readonly strangers: number };
  close(): Promise<void>;
}

export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { files, uploads, engine, log, development } = options;
  const exchange = new TokenExchange(
    development?.token ?? makeToken(),
    options.codeUsed ?? (() => undefined),
  );
  if (development !== undefined) exchange.makeCode(development.code);
  const devOrigin = development?.origin;
  const http = createServer({
    headersTimeout: SERVER_LIMITS.headersMs,
    connectionsCheckingInterval: SERVER_LIMITS.slownessCheckMs,
    keepAliveTimeout: SERVER_LIMITS.keepAliveMs,
    // Uploads take as long as they take, as long as they go on.
    requestTimeout: 0,
  });
  http.timeout = SERVER_LIMITS.idleMs;
  http.maxConnections = SERVER_LIMITS.connections;
  const strangers = new Strangers(http, SERVER_LIMITS.strangers);
  const heartbeat = startHeartbeat(options.heartbeatMs ?? SERVER_LIMITS.heartbeatMs);
  const port = (): number => (http.address() as AddressInfo).port;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
    handleProtocols: () => SUBPROTOCOL,
    // pageChannel answers pings, so that it can count the answers.
    autoPong: false,
  });
  const whyFull = (): string | undefined =>
    sockets.clients.size < SERVER_LIMITS.pages
      ? undefined
      : `${sockets.clients.size} pages are connected to Resetscope, which is as many as can be. ` +
        'Close the tab of one, then connect again.';
  const trusted = (request: IncomingMessage): void => {
    strangers.trust(request.socket);
  };
  http.on('request', requestListener({ files, uploads, exchange, whyFull, trusted, port, devOrigin, log }));
  http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const refusal = refuseUpgrade(request, port(), exchange, devOrigin);
    if (refusal !== undefined) {
      refuse(socket, refusal);
      return;
    }
    trusted(request);
    if (whyFull() !== undefined) {
      refuse(socket, '503 Service Unavailable');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      client.on('error', (error) => {
        log.info({ err: error }, 'a connection broke');
      });
      heartbeat.watch(client);
      serve(pageChannel(client), engine.service, engine.events);
    });
  });

  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(options.port, '127.0.0.1', () => {
      http.off('error', reject);
      // Such as no descriptor that is left for one more connection: there will be one again.
      http.on('error', (error) => {
        log.warn({ err: error }, 'a connection could not be taken');
      });
      resolve();
    });
  });
  return {
    port: port(),
    token: exchange.token,
    makeAddress() {
      const code = exchange.makeCode();
      return { url: `${devOrigin ?? `http://127.0.0.1:${port()}`}/#code=${code}`, code };
    },
    revoke(code) {
      exchange.revoke(code);
    },
    counts: () => ({ pages: sockets.clients.size, strangers: strangers.count }),
    async close() {
      heartbeat.stop();
      for (const client of sockets.clients) client.terminate();
      sockets.close();
      const closed = new Promise((resolve) => http.close(resolve));
      http.closeAllConnections();
      await closed;
      await uploads.dispose();
    },
  };
}

/** Says why and closes, without waiting for the other end to close: one that never does would hold its descriptor. */
function refuse(socket: Duplex, status: string): void {
  socket.resume();
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
}

/** The status line that refuses it; undefined for our own page with the right token. */
function refuseUpgrade(
  { headers, url }: IncomingMessage,
  port: number,
  exchange: TokenExchange,
  devOrigin: string | undefined,
): string | undefined {
  if (url !== '/rpc') return '404 Not Found';
  const foreign = foreignPart(headers, port, true, devOrigin);
  if (foreign === 'host') return '421 Misdirected Request';
  if (foreign === 'origin') return '403 Forbidden';
  if (!exchange.isToken(tokenOfProtocols(headers['sec-websocket-protocol']))) return '401 Unauthorized';
  return undefined;
}
