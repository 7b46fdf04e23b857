/** The HTTP side: the page's files, the token for a code, and uploads. Whatever is not one of them is refused. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Logger } from '../host/log.ts';
import { PAGE_HEADERS } from '../host/page-headers.ts';
import type { StaticFile } from '../host/static-files.ts';
import type { TokenExchange } from './token-exchange.ts';
import { CODE_HEADER, foreignPart, TOKEN_HEADER } from './auth.ts';
import type { Uploads } from './uploads.ts';
import { UploadError } from './uploads.ts';

export interface HttpOptions {
  readonly files: ReadonlyMap<string, StaticFile>;
  readonly uploads: Uploads;
  readonly exchange: TokenExchange;
  /** Why no more pages can be connected, for people; undefined while they can. */
  readonly whyFull: () => string | undefined;
  /** The request has shown the token. */
  readonly trusted: (request: IncomingMessage) => void;
  readonly port: () => number;
  readonly devOrigin: string | undefined;
  readonly log: Logger;
}

export function requestListener(options: HttpOptions): RequestListener {
  return (request, response) => {
    answer(request, response, options).catch((error: unknown) => {
      options.log.error({ err: error }, 'a request failed');
      if (!response.headersSent) refuse(response, 500, 'failed');
      else response.destroy();
    });
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: HttpOptions,
): Promise<void> {
  const isPost = request.method === 'POST';
  const foreign = foreignPart(request.headers, options.port(), isPost, options.devOrigin);
  if (foreign === 'host') return refuse(response, 421, 'this is not the host you look for');
  if (foreign === 'origin') return refuse(response, 403, 'another origin');
  // Anything else than a path (RFC 9112 §3.2) is for proxies.
  if (request.url?.startsWith('/') !== true) return refuse(response, 400, 'no path');
  const { pathname, searchParams } = new URL(`http://resetscope.invalid${request.url}`);

  if (isPost && pathname === '/session') return openSession(request, response, options);
  if (isPost && pathname === '/upload') {
    if (!options.exchange.isToken(headerOf(request, TOKEN_HEADER))) {
      return refuse(response, 403, 'the token is wrong');
    }
    options.trusted(request);
    return receive(request, response, options.uploads, searchParams.get('name') ?? '', options.log);
  }
  if (isPost) return refuse(response, 404, 'not found');
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD, POST');
    return refuse(response, 405, 'method not allowed');
  }
  // It would be read to its end, however long that takes.
  if (hasBody(request)) return refuse(response, 400, 'a page is asked for without a body');
  const file = options.files.get(pathname);
  if (file === undefined) return refuse(response, 404, 'not found');
  response.writeHead(200, {
    ...PAGE_HEADERS,
    'content-type': file.type,
    'content-length': file.bytes.length,
    'cache-control': file.immutable ? 'private, max-age=31536000, immutable' : 'no-store',
  });
  response.end(request.method === 'HEAD' ? undefined : file.bytes);
}

/**
 * A page that comes with a code gets the token; one that has the token learns whether it may connect. A browser tells a page
 * nothing of why its WebSocket was refused, so that it asks here first.
 */
function openSession(request: IncomingMessage, response: ServerResponse, options: HttpOptions): void {
  const { exchange } = options;
  if (hasBody(request)) return refuse(response, 400, 'a session is asked for without a body');
  const hasToken = exchange.isToken(headerOf(request, TOKEN_HEADER));
  const token = hasToken ? exchange.token : exchange.redeem(headerOf(request, CODE_HEADER));
  if (token === undefined) return refuse(response, 401, NOT_LET_IN);
  options.trusted(request);
  const full = options.whyFull();
  // A code is used up only once, so that the token is told all the same.
  response.writeHead(200, {
    ...PAGE_HEADERS,
    'content-type': 'application/json',
    'cache-control': 'no-store',
  });
  response.end(JSON.stringify({ token, full: full ?? null }));
}

const NOT_LET_IN =
  'This address was used already, or is of another run of Resetscope. Each address lets in one browser, once; ' +
  'the terminal in which Resetscope runs shows the next one.';

function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0;
}

async function receive(
  request: IncomingMessage,
  response: ServerResponse,
  uploads: Uploads,
  name: string,
  log: Logger,
): Promise<void> {
  try {
    const path = await uploads.receive(request, name);
    response.writeHead(200, { ...PAGE_HEADERS, 'content-type': 'application/json' });
    response.end(JSON.stringify({ path }));
  } catch (error) {
    if (!(error instanceof UploadError)) throw error;
    log.info({ err: error }, 'an upload was refused');
    refuse(response, error.status, error.message);
  }
}

/** Ends the connection with it: a refused body is not read to its end. */
function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, {
    ...PAGE_HEADERS,
    'content-type': 'text/plain; charset=utf-8',
    connection: 'close',
  });
  response.end(`${message}\n`);
}
