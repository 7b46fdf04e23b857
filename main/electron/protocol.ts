/** Answers app://rst out of the page's files. */
import { PAGE_HEADERS } from '../host/page-headers.ts';
import type { StaticFile } from '../host/static-files.ts';
import { APP_SCHEME, isAppUrl } from './security.ts';

/** Told before the app is ready: a scheme with an origin, on which modules and fetch work. */
export const APP_SCHEMES = [
  {
    scheme: APP_SCHEME,
    privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
  },
];

/** Looks the path up; no request is ever made into a path of the disk. */
export function answerPage(
  files: ReadonlyMap<string, StaticFile>,
  request: { readonly method: string; readonly url: string },
): Response {
  if (!isAppUrl(request.url)) return refusal(403, 'another origin');
  if (request.method !== 'GET') return refusal(405, 'method not allowed');
  const file = files.get(new URL(request.url).pathname);
  if (file === undefined) return refusal(404, 'not found');
  return new Response(file.bytes, { headers: { ...PAGE_HEADERS, 'content-type': file.type } });
}

function refusal(status: number, message: string): Response {
  return new Response(message, { status, headers: { ...PAGE_HEADERS, 'content-type': 'text/plain' } });
}
