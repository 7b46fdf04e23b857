/**
 * Who may talk to the loopback server. Any page that the user visits can send requests to 127.0.0.1, and by rebinding
 * its own name it can even read the answers; so the Host must be ours, a sent Origin must be ours, and everything that
 * does or shows something needs the token that only the printed address holds.
 */
import { randomBytes, timingSafeEqual, createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** The subprotocol that the server speaks; the token travels as another one beside it. */
export const SUBPROTOCOL = 'resetscope';
const TOKEN_PREFIX = 'token.';
export const TOKEN_HEADER = 'x-resetscope-token';

export function makeToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Compares digests: equal lengths, and a time that says nothing of how much was right. */
export function isToken(offered: string | undefined, token: string): boolean {
  if (offered === undefined) return false;
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(offered), digest(token));
}

/** The names under which a browser on this machine reaches the port. */
export function ownAuthorities(port: number): readonly string[] {
  return [`127.0.0.1:${port}`, `localhost:${port}`];
}

/** Against DNS rebinding. */
export function isOwnHost(headers: IncomingHttpHeaders, port: number): boolean {
  return headers.host !== undefined && ownAuthorities(port).includes(headers.host.toLowerCase());
}

/**
 * What another site's page sends always carries its Origin; only some requests of our own page have none.
 * `devOrigin` is where `npm run dev` serves the page from, and nothing in every other case.
 */
export function isOwnOrigin(
  headers: IncomingHttpHeaders,
  port: number,
  required: boolean,
  devOrigin?: string,
): boolean {
  const { origin } = headers;
  if (origin === undefined) return !required;
  if (devOrigin !== undefined && origin === devOrigin) return isOwnHost(headers, port);
  // Host and origin are compared with each other too: localhost and 127.0.0.1 are two sites to a browser.
  return origin === `http://${headers.host?.toLowerCase()}` && isOwnHost(headers, port);
}

/** The token among the subprotocols that a WebSocket offers; browsers let a page set no header there. */
export function tokenOfProtocols(header: string | undefined): string | undefined {
  const protocols = (header ?? '').split(',').map((protocol) => protocol.trim());
  if (!protocols.includes(SUBPROTOCOL)) return undefined;
  return protocols.find((protocol) => protocol.startsWith(TOKEN_PREFIX))?.slice(TOKEN_PREFIX.length);
}
