/**
 * Protocols of lines (SMTP, FTP, POP, IMAP, SIP, Redis, header sections of HTTP that began a segment before): the lines stay, codes of
 * replies and words of the protocols; texts are filler, hosts are names, addresses in digits become others of the same length.
 */
import { containsIgnoringCase, findByte, isDigit, LF } from '../stream/bytes.ts';
import { rewriteField } from './http-fields.ts';
import type { Payload } from './tcp-payload.ts';
import { isBlank, latin1, replaceAddresses, replaceHost, write } from './texts.ts';
import type { Rewrite } from './rewrite.ts';

const MOST_LINES = 2048;
/** Commands, and states in answers, that say nothing of anybody. */
const VERBS: ReadonlySet<string> = new Set([
  ...[
    'EHLO',
    'HELO',
    'LHLO',
    'MAIL',
    'RCPT',
    'DATA',
    'BDAT',
    'RSET',
    'QUIT',
    'NOOP',
    'VRFY',
    'AUTH',
    'STARTTLS',
  ],
  ...[
    'USER',
    'PASS',
    'RETR',
    'STOR',
    'LIST',
    'NLST',
    'PORT',
    'EPRT',
    'PASV',
    'EPSV',
    'CWD',
    'PWD',
    'TYPE',
    'SYST',
    'FEAT',
  ],
  ...[
    'CAPA',
    'STAT',
    'UIDL',
    'DELE',
    'TOP',
    'STLS',
    '+OK',
    '-ERR',
    '*',
    '+',
    'NICK',
    'JOIN',
    'PING',
    'PONG',
    'PRIVMSG',
  ],
  ...[
    'INVITE',
    'ACK',
    'BYE',
    'CANCEL',
    'REGISTER',
    'OPTIONS',
    'SUBSCRIBE',
    'NOTIFY',
    'INFO',
    'SIP/2.0',
    'PROXY',
  ],
]);
/** Errors of Redis (RESP), by their first word; of others the word could be anybody's. */
const RESP_ERRORS: ReadonlySet<string> = new Set(
  (
    'ERR WRONGTYPE NOAUTH WRONGPASS NOPERM DENIED MOVED ASK LOADING BUSY BUSYKEY BUSYGROUP NOGROUP OOM READONLY MISCONF MASTERDOWN ' +
    'CLUSTERDOWN TRYAGAIN CROSSSLOT NOSCRIPT EXECABORT NOREPLICAS NOPROTO UNKILLABLE NOTBUSY UNBLOCKED INPROG NOGOODSLAVE IOERR'
  ).split(' '),
);
/** Their arguments are digits of an address, and replies that hold one. */
const WITH_ADDRESS: readonly string[] = ['PORT', 'EPRT', '227', '229'];

/** Puts back into filler with lines what of each line is the protocol's. */
export function rewriteLines({ rewrite, at, end }: Payload): void {
  const { original } = rewrite;
  keepIdentification(rewrite, at, end);
  for (let count = 0, line = at; line < end && count < MOST_LINES; count++) {
    const newline = findByte(original, LF, line, end);
    rewriteLine(rewrite, line, newline);
    line = newline + 1;
  }
}

/** RFC 4253 §4.2: the version of SSH; the program behind it is filler. */
function keepIdentification(rewrite: Rewrite, at: number, end: number): void {
  const text = latin1(rewrite.original, at, Math.min(end, at + 8));
  if (/^SSH-(?:2\.0-|1\.)/u.test(text)) rewrite.keep(at, at + (text.startsWith('SSH-2') ? 8 : 6));
}

function rewriteLine(rewrite: Rewrite, at: number, end: number): void {
  const { original } = rewrite;
  if (rewriteField(rewrite, at, end)) return;
  const wordEnd = endOfWord(original, at, end);
  const word = latin1(original, at, Math.min(wordEnd, at + 16));
  const isReply =
    wordEnd - at >= 3 && [0, 1, 2].every((i) => isDigit(original[at + i])) && isSeparator(original[at + 3]);
  const isRespError = at < end && original[at] === 0x2d && RESP_ERRORS.has(word.slice(1));
  const isRespLength = /^[*$]\d{1,7}\r?$/u.test(word);
  const isRespNumber = /^:-?\d{1,20}\r?$/u.test(word);
  if (isReply) {
    rewrite.keep(at, Math.min(end, at + 4));
    if (containsIgnoringCase(original, at, end, 'smtp')) keepWord(rewrite, at, end, 'smtp');
  } else if (VERBS.has(word.toUpperCase()) || isRespError || isRespLength) {
    // The blank after it tells where a command or a code ends.
    rewrite.keep(at, Math.min(end, wordEnd + 1));
  } else if (isRespNumber) {
    // RESP's integer is an answer, not a length.
    write(rewrite, at, rewrite.books.names.digits(word));
    return;
  } else {
    replaceAddresses(rewrite, at, end);
    return;
  }
  const code = word.slice(0, 4).toUpperCase();
  if (WITH_ADDRESS.includes(code) || WITH_ADDRESS.includes(code.slice(0, 3)))
    replaceDigits(rewrite, wordEnd + 1, end);
  else if (/^[EHL]{1,2}[HL]{1,2}LO$|^EHLO$|^HELO$/iu.test(word)) replaceHost(rewrite, wordEnd + 1, end);
  else replaceAddresses(rewrite, wordEnd, end);
}

function keepWord(rewrite: Rewrite, at: number, end: number, word: string): void {
  const text = latin1(rewrite.original, at, end).toLowerCase();
  const place = text.indexOf(word);
  if (place >= 0) rewrite.keep(at + place, at + place + word.length);
}

/** Digits for digits; commas, bars and brackets between them stay. */
function replaceDigits(rewrite: Rewrite, at: number, end: number): void {
  const text = latin1(rewrite.original, at, end);
  const match = /[\d|(][\d,.:|()]{5,}/u.exec(text);
  if (match !== null) write(rewrite, at + match.index, rewrite.books.names.digits(match[0]));
}

function endOfWord(bytes: Uint8Array, at: number, end: number): number {
  let i = at;
  while (i < end && !isBlank(bytes[i])) i++;
  return i;
}

function isSeparator(byte: number): boolean {
  return byte === 0x20 || byte === 0x2d;
}
