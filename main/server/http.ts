/** The HTTP side: the page's files, and uploads. Whatever is not one of them is refused. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Logger } from '../host/log.ts';
import { PAGE_HEADERS } from '../host/page-headers.ts';
import type { StaticFile } from '../host/static-files.ts';
import { foreignPart, isToken, TOKEN_HEADER } from './auth.ts';
import type { Uploads } from './uploads.ts';
import { UploadError } from './uploads.ts';

export interface HttpOptions {
  readonly files: ReadonlyMap<string, StaticFile>;
  readonly uploads: Uploads;
  readonly token: string;
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
  { files, uploads, token, port, devOrigin, log }: HttpOptions,
): Promise<void> {
  const isPost = request.method === 'POST';
  const foreign = foreignPart(request.headers, port(), isPost, devOrigin);
  if (foreign === 'host') return refuse(response, 421, 'this is not the host you look for');
  if (foreign === 'origin') return refuse(response, 403, 'another origin');
  // Anything else than a path (RFC 9112 §3.2) is for proxies.
  if (request.url?.startsWith('/') !== true) return refuse(response, 400, 'no path');
  const { pathname, searchParams } = new URL(`http://resetscope.invalid${request.url}`);

  if (isPost) {
    if (pathname !== '/upload') return refuse(response, 404, 'not found');
    const offered = request.headers[TOKEN_HEADER];
    if (!isToken(typeof offered === 'string' ? offered : undefined, token)) {
      return refuse(response, 403, 'the token is wrong');
    }
    return receive(request, response, uploads, searchParams.get('name') ?? '', log);
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD, POST');
    return refuse(response, 405, 'method not allowed');
  }
  const file = files.get(pathname);
  if (file === undefined) return refuse(response, 404, 'not found');
  response.writeHead(200, {
    ...PAGE_HEADERS,
    'content-type': file.type,
    'content-length': file.bytes.length,
    'cache-control': file.immutable ? 'private, max-age=31536000, immutable' : 'no-store',
  });
  response.end(request.method === 'HEAD' ? undefined : file.bytes);
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
