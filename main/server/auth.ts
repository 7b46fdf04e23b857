/**
 * Who may talk to the loopback server. Any page that the user visits can send requests to 127.0.0.1, and by rebinding
 * its own name it can even read the answers; so the Host must be ours, a sent Origin must be ours, and everything that
 * does or shows something needs the token, which token-exchange.ts gives out.
 */
import { randomBytes, timingSafeEqual, createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** The subprotocol that the server speaks; the token travels as another one beside it. */
export const SUBPROTOCOL = 'resetscope';
const TOKEN_PREFIX = 'token.';
export const TOKEN_HEADER = 'x-resetscope-token';
export const CODE_HEADER = 'x-resetscope-code';

export function makeToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Compares digests: equal lengths, and a time that says nothing of how much was right. */
export function isSecret(offered: string | undefined, secret: string): boolean {
  if (offered === undefined) return false;
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(offered), digest(secret));
}

/** The names under which a browser on this machine reaches the port. */
function ownAuthorities(port: number): readonly string[] {
  return [`127.0.0.1:${port}`, `localhost:${port}`];
}

/**
 * What of a request is not ours: its host, its origin, or nothing. The two are judged together, because an origin that is its
 * host's is ours only if the host is.
 * @param devOrigin where `npm run dev` serves the page from; undefined in every other case
 */
export function foreignPart(
  headers: IncomingHttpHeaders,
  port: number,
  isOriginRequired: boolean,
  devOrigin: string | undefined,
): 'host' | 'origin' | undefined {
  if (!isOwnHost(headers, port)) return 'host';
  return isOwnOrigin(headers, isOriginRequired, devOrigin) ? undefined : 'origin';
}

/** Against DNS rebinding. */
function isOwnHost(headers: IncomingHttpHeaders, port: number): boolean {
  return headers.host !== undefined && ownAuthorities(port).includes(headers.host.toLowerCase());
}

/** What another site's page sends always carries its Origin; only some requests of our own page have none. */
function isOwnOrigin(
  { origin, host }: IncomingHttpHeaders,
  isRequired: boolean,
  devOrigin: string | undefined,
): boolean {
  if (origin === undefined) return !isRequired;
  // Not any name of ours will do, but that of the host: localhost and 127.0.0.1 are two sites to a browser.
  return origin === devOrigin || origin === `http://${host?.toLowerCase()}`;
}

/** The token among the subprotocols that a WebSocket offers; browsers let a page set no header there. */
export function tokenOfProtocols(header: string | undefined): string | undefined {
  const protocols = (header ?? '').split(',').map((protocol) => protocol.trim());
  if (!protocols.includes(SUBPROTOCOL)) return undefined;
  return protocols.find((protocol) => protocol.startsWith(TOKEN_PREFIX))?.slice(TOKEN_PREFIX.length);
}
