/** The loopback host: the same page and the same contract as in Electron, over HTTP and WebSocket on 127.0.0.1. */
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { MAX_FRAME_BYTES } from '../../shared/rpc/byte-channel.ts';
import { serve } from '../../shared/rpc/serve.ts';
import type { WebSocketLike } from '../../shared/rpc/web-socket-channel.ts';
import { webSocketChannel } from '../../shared/rpc/web-socket-channel.ts';
import type { EngineEnd } from '../host/engine-end.ts';
import type { Logger } from '../host/log.ts';
import type { StaticFile } from '../host/static-files.ts';
import { foreignPart, isToken, makeToken, SUBPROTOCOL, tokenOfProtocols } from './auth.ts';
import { requestListener } from './http.ts';
import type { Uploads } from './uploads.ts';

const MAX_CONNECTIONS = 16;
const HEADERS_TIMEOUT_MS = 10_000;

export interface ServerOptions {
  /** 0 takes any free one. */
  readonly port: number;
  readonly files: ReadonlyMap<string, StaticFile>;
  readonly uploads: Uploads;
  readonly engine: EngineEnd;
  readonly log: Logger;
  readonly development?: Development;
}

/** What `npm run dev` settles for the host, which it starts again and again under a page that stays. */
export interface Development {
  /** The page comes from there, and from nowhere else. */
  readonly origin: string;
  readonly token: string;
}

export interface RunningServer {
  readonly port: number;
  readonly token: string;
  /** The address to open; the token is in its fragment, which no request carries. */
  readonly url: string;
  close(): Promise<void>;
}

export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { files, uploads, engine, log } = options;
  const token = options.development?.token ?? makeToken();
  const devOrigin = options.development?.origin;
  const http = createServer({ headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: 0 });
  const port = (): number => (http.address() as AddressInfo).port;
  http.on('request', requestListener({ files, uploads, token, port, devOrigin, log }));

  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
    handleProtocols: () => SUBPROTOCOL,
  });
  http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const refusal = refuseUpgrade(request, port(), token, devOrigin) ?? tooMany(sockets.clients.size);
    if (refusal !== undefined) {
      socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      client.on('error', (error) => {
        log.info({ err: error }, 'a connection broke');
      });
      serve(webSocketChannel(client as WebSocketLike), engine.service, engine.events);
    });
  });

  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(options.port, '127.0.0.1', resolve);
  });
  return {
    port: port(),
    token,
    url: `http://127.0.0.1:${port()}/#token=${token}`,
    async close() {
      for (const client of sockets.clients) client.terminate();
      sockets.close();
      const closed = new Promise((resolve) => http.close(resolve));
      http.closeAllConnections();
      await closed;
      await uploads.dispose();
    },
  };
}

/** The status line that refuses it; undefined for our own page with the right token. */
function refuseUpgrade(
  { headers, url }: IncomingMessage,
  port: number,
  token: string,
  devOrigin: string | undefined,
): string | undefined {
  if (url !== '/rpc') return '404 Not Found';
  const foreign = foreignPart(headers, port, true, devOrigin);
  if (foreign === 'host') return '421 Misdirected Request';
  if (foreign === 'origin') return '403 Forbidden';
  if (!isToken(tokenOfProtocols(headers['sec-websocket-protocol']), token)) return '401 Unauthorized';
  return undefined;
}

function tooMany(connections: number): string | undefined {
  return connections >= MAX_CONNECTIONS ? '503 Service Unavailable' : undefined;
}
