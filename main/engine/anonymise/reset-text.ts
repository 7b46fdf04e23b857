/**
 * What resets carry (RFC 9293 §3.5.2): reasons of devices, which verdicts read. Codes and the words of known products stay; other words
 * become letters, numbers become numbers.
 */
import { rewriteDiagnostic } from './diagnostic.ts';
import type { Payload } from './tcp-payload.ts';
import { isText, latin1, write } from './texts.ts';

/** The words of BIG-IP's reasons (F5, K13223) and of what stacks and firewalls say, and those between them. */
const WORDS: ReadonlySet<string> = new Set(
  (
    'big-ip no local listener port denied idle timeout flow expired sweeper 3whs rejected found session pool member node peer server ' +
    'available rst from remote handshake policy asm security irule the a an of to by is was in on for and or not with this that has ' +
    'connection reset refused closed aborted tcp http ssl tls syn ack fin cookie window retransmit max_age max age maximum limit ' +
    'exceeded error internal proxy gateway client host route unreachable forbidden blocked denied monitor virtual disabled down ' +
    'traffic request response time out timed unknown invalid bad failed failure goaway drain shutdown shutting graceful keepalive ' +
    'calm enhance your too many pings gone overload memory half open close connections per second rate rule filter bot defense'
  ).split(' '),
);
/** Henan's injector carries these bytes (net4people/bbs 442). */
const HENAN = [1, 2, 3, 4, 5, 6, 7, 8, 9, 0];

/** @returns whether the payload is written; else it is data as any other */
export function rewriteResetText(payload: Payload): boolean {
  const { rewrite, at, end } = payload;
  const { original } = rewrite;
  if (HENAN.every((byte, i) => original[at + i] === byte && at + i < end)) {
    rewrite.payload(at, end);
    rewrite.keep(at, at + HENAN.length);
    return true;
  }
  if (rewriteDiagnostic(payload)) return true;
  if (!isText(original, at, end)) return false;
  rewriteWords(payload, at, end);
  return true;
}

/** Words that are known stay, and all signs between words; of others each letter and digit is drawn. */
export function rewriteWords({ rewrite }: Payload, at: number, end: number): void {
  const text = latin1(rewrite.original, at, Math.min(end, at + 2048));
  rewrite.payload(at, end);
  // A place in the product's own code, which says where it decided so.
  const place = /^(?:BIG-IP: ?)?\[0x[\da-f]+(?::\d+)?\]/iu.exec(text)?.[0] ?? '';
  const rest = text
    .slice(place.length)
    .replaceAll(/[\w\u0080-\u00ff-]+/gu, (word) =>
      WORDS.has(word.toLowerCase())
        ? word
        : /\d/u.test(word)
          ? rewrite.books.names.digits(word)
          : rewrite.books.names.label(word),
    );
  write(rewrite, at, place + rest);
}
