/** Fields of a header section (RFC 9110): the names of known ones stay, and the values that say how messages are framed and connections used. */
import { COLON, findByte } from '../stream/bytes.ts';
import type { Rewrite } from './rewrite.ts';
import { latin1, replaceAddresses, replaceHost, write } from './texts.ts';

/** Values of these are the protocol's own words and numbers. */
const KEPT: ReadonlySet<string> = new Set([
  ...[
    'connection',
    'content-length',
    'transfer-encoding',
    'expect',
    'keep-alive',
    'proxy-connection',
    'upgrade',
    'te',
  ],
  ...['accept-encoding', 'accept-ranges', 'content-encoding', 'max-forwards', 'retry-after'],
  ...[
    'cache-control',
    'pragma',
    'vary',
    'sec-websocket-version',
    'upgrade-insecure-requests',
    'x-content-type-options',
  ],
]);

/** Names that anybody may use. Ranges tell the whole size of what they are of, by which it is found elsewhere. */
const KNOWN: ReadonlySet<string> = new Set([
  ...KEPT,
  ...['age', 'content-range', 'range', 'if-range'],
  ...[
    'host',
    'user-agent',
    'accept',
    'accept-language',
    'authorization',
    'cookie',
    'set-cookie',
    'content-type',
    'date',
  ],
  ...[
    'etag',
    'expires',
    'if-modified-since',
    'if-none-match',
    'last-modified',
    'location',
    'origin',
    'referer',
    'server',
  ],
  ...[
    'via',
    'forwarded',
    'x-forwarded-for',
    'x-forwarded-host',
    'x-forwarded-proto',
    'x-real-ip',
    'x-requested-with',
  ],
  ...[
    'x-powered-by',
    'x-cache',
    'alt-svc',
    'strict-transport-security',
    'content-disposition',
    'content-language',
    'link',
  ],
  ...[
    'www-authenticate',
    'proxy-authenticate',
    'proxy-authorization',
    'sec-websocket-key',
    'sec-websocket-accept',
    'trailer',
  ],
  ...[
    'from',
    'to',
    'call-id',
    'cseq',
    'contact',
    'subject',
    'message-id',
    'mime-version',
    'received',
    'return-path',
    'reply-to',
  ],
  ...[
    'access-control-allow-origin',
    'warning',
    'content-md5',
    'content-location',
    'sec-fetch-mode',
    'sec-fetch-site',
  ],
]);

const HOSTS: ReadonlySet<string> = new Set(['host', 'x-forwarded-host']);
const LONGEST_NAME = 40;
const LONGEST_VALUE = 1024;
/** Media types that say nothing of anybody; parameters behind them are filler. */
const MEDIA =
  /^(?:text\/(?:plain|html|css|xml|javascript)|application\/(?:json|xml|javascript|octet-stream|x-www-form-urlencoded|grpc)|image\/(?:png|gif|jpeg|webp)|multipart\/form-data)/iu;
/** Words of the protocol in a value that is kept as a whole only when it has no others. */
const PLAIN = /^[\w ,;=*/.+-]{0,64}$/u;
const PLAIN_WORDS =
  /^(?:close|keep-alive|upgrade|te|trailers|chunked|gzip|deflate|br|zstd|compress|identity|100-continue|websocket|h2c|http2-settings|timeout|max|bytes|none|no-cache|no-store|no-transform|must-revalidate|public|private|max-age|s-maxage|accept-encoding|accept|origin|cookie|user-agent|nosniff|q|x|\*)$/iu;
/** Sizes, seconds and weights; what is longer is a number of somebody's. */
const NUMBER = /^\d{1,12}(?:\.\d{1,3})?$/u;

/** @returns whether [at, end) is a field with a name that is known. What of it stays is put back into filler. */
export function rewriteField(rewrite: Rewrite, at: number, end: number): boolean {
  const { original } = rewrite;
  const colon = findByte(original, COLON, at, Math.min(end, at + LONGEST_NAME));
  if (colon <= at || colon >= Math.min(end, at + LONGEST_NAME)) return false;
  const name = latin1(original, at, colon).toLowerCase();
  if (!KNOWN.has(name)) return false;
  rewrite.keep(at, colon + 1);
  const valueEnd = Math.min(end, colon + 1 + LONGEST_VALUE);
  const value = latin1(original, colon + 1, valueEnd);
  if (value.startsWith(' ')) rewrite.keep(colon + 1, colon + 2);
  if (KEPT.has(name) && isProtocolOnly(value.trim())) rewrite.keep(colon + 1, valueEnd);
  else if (HOSTS.has(name)) replaceHost(rewrite, colon + 1, end);
  else if (name === 'content-type') {
    const media = MEDIA.exec(value.trimStart());
    if (media !== null)
      rewrite.keep(colon + 1, colon + 1 + value.length - value.trimStart().length + media[0].length);
  } else if (name === 'connection') keepConnectionWords(rewrite, colon + 1, value);
  else replaceAddresses(rewrite, colon + 1, end);
  return true;
}

function isProtocolOnly(value: string): boolean {
  return (
    PLAIN.test(value) &&
    value.split(/[ ,;=/]+/u).every((word) => word === '' || PLAIN_WORDS.test(word) || NUMBER.test(word))
  );
}

/** Names of other fields may stand beside `close`. */
function keepConnectionWords(rewrite: Rewrite, at: number, value: string): void {
  for (const match of value.matchAll(/close|keep-alive|upgrade/giu))
    write(rewrite, at + match.index, match[0]);
}
