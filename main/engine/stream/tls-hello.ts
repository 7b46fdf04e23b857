/**
 * ClientHello and ServerHello (RFC 8446 §4.1, RFC 5246 §7.4.1). Both parsers take what is there: of a hello that is
 * cut they give all that stands before the cut, because the name of the server is often in the first segment.
 */
import { LIMITS } from '../limits.ts';
import { safeText, u16, u24 } from './bytes.ts';
import { hostName } from './host-name.ts';

export const CLIENT_HELLO = 1;
export const SERVER_HELLO = 2;

const EXTENSION_SERVER_NAME = 0;
const EXTENSION_ALPN = 16;
const EXTENSION_SUPPORTED_VERSIONS = 43;
const EXTENSION_ENCRYPTED_CLIENT_HELLO = 0xfe0d;
const HOST_NAME = 0;

const HEADER = 4;
const RANDOM_END = HEADER + 2 + 32;
const MAX_SESSION_ID = 32;
const MAX_ALPN = 16;
const MAX_VERSIONS = 16;
/** Drafts of TLS 1.3 up to 21 say 0x7fNN for themselves and leave out session id and compression method. */
const DRAFT_MAJOR = 0x7f;

export interface ClientHello {
  /** Whether the message was there to its end. */
  readonly complete: boolean;
  /** In small letters; null where there is none (or none before the cut). */
  readonly serverName: string | null;
  readonly alpn: readonly string[];
  readonly encryptedClientHello: boolean;
  /** ProtocolVersions offered, as listed; the one of the message itself where it lists none. */
  readonly versions: readonly number[];
}

export interface ServerHello {
  /** The version that is spoken from here on: ProtocolVersion. */
  readonly version: number;
  readonly alpn: string | null;
}

/** @param message handshake message from its type byte on, possibly cut; undefined when it is no ClientHello */
export function parseClientHello(message: Uint8Array): ClientHello | undefined {
  const end = messageEnd(message, CLIENT_HELLO);
  if (end === undefined) return undefined;
  const found = {
    complete: message.length >= end,
    serverName: null as string | null,
    alpn: [] as string[],
    encryptedClientHello: false,
    versions: [u16(message, HEADER)],
  };
  const to = Math.min(end, message.length);
  let at = RANDOM_END;
  if (at >= to) return found;
  at += 1 + message[at]; // session id
  if (at + 2 > to) return found;
  at += 2 + u16(message, at); // cipher suites
  if (at + 1 > to) return found;
  at += 1 + message[at]; // compression methods
  forEachExtension(message, at, to, (type, from, until) => {
    if (type === EXTENSION_SERVER_NAME) found.serverName = serverName(message, from, until);
    else if (type === EXTENSION_ALPN) found.alpn = protocolNames(message, from, until);
    else if (type === EXTENSION_SUPPORTED_VERSIONS) found.versions = versionList(message, from, until);
    else if (type === EXTENSION_ENCRYPTED_CLIENT_HELLO) found.encryptedClientHello = true;
  });
  return found;
}

/** @param message as above; undefined when it is no ServerHello or cut before its version */
export function parseServerHello(message: Uint8Array): ServerHello | undefined {
  const end = messageEnd(message, SERVER_HELLO);
  if (end === undefined || message.length < RANDOM_END) return undefined;
  const found = { version: u16(message, HEADER), alpn: null as string | null };
  const to = Math.min(end, message.length);
  let at = RANDOM_END;
  if (found.version >>> 8 === DRAFT_MAJOR) {
    at += 2; // cipher suite
  } else {
    at += (at < to ? 1 + message[at] : 1) + 3; // session id, cipher suite, compression method
  }
  forEachExtension(message, at, to, (type, from, until) => {
    if (type === EXTENSION_SUPPORTED_VERSIONS && until - from === 2) found.version = u16(message, from);
    else if (type === EXTENSION_ALPN) found.alpn = protocolNames(message, from, until)[0] ?? null;
  });
  return found;
}

/** Where the message ends by its own length; undefined when it is none of `type`. */
function messageEnd(message: Uint8Array, type: number): number | undefined {
  if (message.length < HEADER + 2 || message[0] !== type) return undefined;
  const length = u24(message, 1);
  if (length < RANDOM_END - HEADER + 1 || length > LIMITS.maxHelloBytes * 4) return undefined;
  const major = message[HEADER];
  if (major === DRAFT_MAJOR) return HEADER + length;
  if (major !== 3 || (message.length > RANDOM_END && message[RANDOM_END] > MAX_SESSION_ID)) return undefined;
  return HEADER + length;
}

/** Visits the extensions that are whole. @param at of the extensions' total length */
function forEachExtension(
  message: Uint8Array,
  at: number,
  to: number,
  visit: (type: number, from: number, until: number) => void,
): void {
  if (at + 2 > to) return;
  const end = Math.min(to, at + 2 + u16(message, at));
  for (let next = at + 2; next + 4 <= end;) {
    const from = next + 4;
    const until = from + u16(message, next + 2);
    if (until > end) return;
    visit(u16(message, next), from, until);
    next = until;
  }
}

/** The host name of a ServerNameList (RFC 6066 §3). */
function serverName(message: Uint8Array, from: number, until: number): string | null {
  if (until - from < 5) return null;
  const length = u16(message, from + 3);
  if (message[from + 2] !== HOST_NAME || length === 0 || from + 5 + length > until) return null;
  return hostName(safeText(message, from + 5, from + 5 + length));
}

/** SupportedVersions of a ClientHello (RFC 8446 §4.2.1). */
function versionList(message: Uint8Array, from: number, until: number): number[] {
  const versions: number[] = [];
  for (let at = from + 1; at + 2 <= until && versions.length < MAX_VERSIONS; at += 2) {
    versions.push(u16(message, at));
  }
  return versions;
}

/** A ProtocolNameList (RFC 7301 §3.1). */
function protocolNames(message: Uint8Array, from: number, until: number): string[] {
  const names: string[] = [];
  for (let at = from + 2; at < until && names.length < MAX_ALPN;) {
    const length = message[at];
    if (length === 0 || at + 1 + length > until) break;
    names.push(safeText(message, at + 1, at + 1 + length));
    at += 1 + length;
  }
  return names;
}
