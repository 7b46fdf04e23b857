/**
 * Nothing of the original remains: what tshark reads out of captures, and what text their payloads hold, is looked for in the bytes of
 * the anonymised ones. What is found all the same is a word of a protocol, and stands in a list with its reason.
 */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  DST0,
  DST3,
  FACT_COUNT,
  FAMILY,
  PAYLOAD_AT,
  PAYLOAD_CAPTURED,
  SRC0,
  SRC3,
} from '../../main/engine/decode/facts.ts';
import { Decoder } from '../../main/engine/decode/decoder.ts';
import { stayingBits } from '../../main/engine/anonymise/special-addresses.ts';
import { LimitCounter } from '../../main/engine/limits.ts';
import { corpusFolder, fieldFolder } from '../support/capture-fixture.ts';
import { SCENARIOS } from '../golden/scenarios.ts';
import { bytesOf, CASE_KEY, eachPacket, newAnonymiser } from './anonymise-file.ts';
import { joinedFile, tsharkFields, withoutSharedConnections } from './joined-files.ts';

const PATIENCE_MS = 1_200_000;
/** Shorter ones come about by chance. */
const SHORTEST_RUN = 8;
const SHORTEST_NAME = 7;
/** Every so many-th set of the lab: its scenarios differ in what happens more than in what is said. */
const LAB_SHARE = 6;

/** What HTTP itself says in values: closed, so that nobody's words pass for it. */
const VALUE =
  '(?:(?:close|keep-alive|upgrade|te|trailers|chunked|gzip|deflate|br|zstd|compress|identity|100-continue|websocket|h2c|http2-settings|' +
  'timeout|max|bytes|none|no-cache|no-store|no-transform|must-revalidate|public|private|max-age|s-maxage|accept-encoding|accept|origin|' +
  'cookie|user-agent|nosniff|q|x|\\*|\\d{1,12}(?:\\.\\d{1,3})?)(?:[ ,;=]+|(?![\\w-])))*';
const FIELDS_OF_HTTP =
  'connection|proxy-connection|keep-alive|upgrade|transfer-encoding|te|expect|accept-encoding|content-encoding|accept-ranges|' +
  'cache-control|pragma|vary|x-content-type-options';
const OTHER_FIELDS =
  'if-modified-since|if-none-match|user-agent|accept|accept-language|cookie|set-cookie|content-type|last-modified|location|server|' +
  'referer|authorization|content-language|x-powered-by|proxy-authorization|x-forwarded-for|www-authenticate|from|subject|' +
  'message-id|received|expires|content-disposition|if-range|content-range|x-requested-with|date|host|etag|content-location|' +
  'mime-version|return-path|origin|sec-fetch-mode|sec-fetch-site|sec-websocket-key|sec-websocket-accept|x-forwarded-proto|' +
  'access-control-allow-origin|range';
const REASONS =
  'OK|No Content|Partial Content|Moved Permanently|Found|Not Modified|Bad Request|Unauthorized|Forbidden|Not Found|Request Timeout|' +
  'Payload Too Large|Content Too Large|Internal Server Error|Bad Gateway|Service Unavailable|Gateway Timeout|Switching Protocols|' +
  'Connection established';
const MEDIA =
  'text/(?:plain|html|css|xml|javascript)|application/(?:json|xml|javascript|octet-stream|x-www-form-urlencoded|grpc)|' +
  'image/(?:png|gif|jpeg|webp)|multipart/form-data';

/** Words that stay, and why. Each is taken out of what was found; what is left counts. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/x{8,}/gu, 'the letter that fills long payloads, where it stood before'],
  [
    new RegExp(`HTTP/[12]\\.[01](?: \\d{3}(?: (?:${REASONS})?)?)?`, 'giu'),
    'version, code and standard reason of HTTP',
  ],
  [/^(?:OPTIONS|CONNECT|PROPFIND|SUBSCRIBE) /gu, 'methods of HTTP'],
  [new RegExp(`^(?:${OTHER_FIELDS}): ?$`, 'giu'), 'the name of a field by itself: its value is gone'],
  [
    /(?:content-length|retry-after|max-forwards|sec-websocket-version|upgrade-insecure-requests): \d{1,12}/giu,
    'numbers by which messages are framed, and versions',
  ],
  [
    new RegExp(`(?:${FIELDS_OF_HTTP}): ?${VALUE}`, 'giu'),
    'how connections are used and bodies packed and kept, in words of HTTP',
  ],
  [new RegExp(`(?:content-type: ?)?(?:${MEDIA})`, 'giu'), 'media types of everybody'],
  [/(?:www\.)?example\.(?:com|net|org)\b/giu, 'names of examples (RFC 2606)'],
  [/\[0x[\da-f]+:\d+\] Idle timeout/gu, 'place in the code of a known product, and its words'],
  [/host: (?:localhost(?::\d+)?|www\.)/giu, 'a name that means each machine itself, and its port'],
  [/localhost(?::\d+)?/giu, 'the same'],
  [/\.(?:example(?:\.test|\.com)?|com|net|org)/gu, 'domains of everybody'],
  [/SSH-2\.0-/gu, 'version of SSH'],
  [/250[- ]SMTP|STARTTLS/gu, 'code, protocol and command of SMTP'],
  [/ an error /gu, 'words in a reset of a known product'],
  [/PRI \* HTTP\/2\.0/gu, 'preface of HTTP/2'],
  [
    /^Content-T(?:yp)?$|^(?:Content-Type|Range): [a-z]{1,2}$/gu,
    'a field that is cut, or one or two letters of it by chance',
  ],
  [/^(?:9Z)?0'1%0#$|1\$0"|1%0#/gu, 'tags and lengths of a certificate that are letters by chance'],
  [/^20\d{4}01$/gu, 'the month of a certificate that is valid from its first day on'],
  [/(?:01000000|235959)Z[0-9]?/gu, 'the month of a certificate'],
];

const scratch = mkdtempSync(join(tmpdir(), 'resetscope-leaks-'));
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

const OTHER_KEY = CASE_KEY.map((byte) => byte ^ 0x5a);

interface Pair {
  readonly frame: number;
  readonly linkType: number;
  readonly wire: number;
  readonly before: Uint8Array;
  /** By two keys: what is the same by chance is not so by both. */
  readonly after: readonly [Uint8Array, Uint8Array];
}

function pairsOf(bytes: Uint8Array): Pair[] {
  const [one, other] = [newAnonymiser(), newAnonymiser(OTHER_KEY)];
  const pairs: Pair[] = [];
  eachPacket(bytes, (linkType, packet, wire) => {
    const after = [one.packet(linkType, packet, wire), other.packet(linkType, packet, wire)] as const;
    pairs.push({ frame: pairs.length + 1, linkType, wire, before: packet, after });
  });
  return pairs;
}

const isPrintable = (byte: number): boolean => byte >= 0x20 && byte <= 0x7e;

/** Printable runs that stand where they stood, at least SHORTEST_RUN long. */
function keptRuns({ before, after }: Pair, from: number, end: number): string[] {
  const runs: string[] = [];
  let start = from;
  for (let at = from; at <= end; at++) {
    if (at < end && isPrintable(before[at]) && after.every((bytes) => bytes[at] === before[at])) continue;
    if (at - start >= SHORTEST_RUN) runs.push(Buffer.from(before.subarray(start, at)).toString('latin1'));
    start = at + 1;
  }
  return runs;
}

/** What of a run no word explains. */
function unexplained(run: string): boolean {
  let left = run;
  for (const [pattern] of WORDS) left = left.replaceAll(pattern, '\n');
  return left.split('\n').some((part) => part.length >= SHORTEST_RUN);
}

/** Of packets by our own decode: payload texts, and addresses where they stood. */
function ownFindings(pairs: readonly Pair[]): string[] {
  const found: string[] = [];
  const decoder = new Decoder(new LimitCounter());
  for (const pair of pairs) {
    const { before, after, frame, linkType, wire } = pair;
    const facts = new Int32Array(FACT_COUNT);
    decoder.facts = facts;
    decoder.decode(before, 0, before.length, wire, linkType, 0);
    const at = facts[PAYLOAD_AT];
    const size = facts[PAYLOAD_CAPTURED];
    if (size > 0)
      for (const run of keptRuns(pair, at, at + size))
        if (unexplained(run)) found.push(`frame ${frame}: ${run}`);
    for (const address of addressesOf(facts)) {
      if (stayingBits(address).every((bit) => bit === 1)) continue;
      for (let place = find(before, address, 0); place >= 0; place = find(before, address, place + 1)) {
        if (after.every((bytes) => find(bytes.subarray(place, place + address.length), address, 0) === 0))
          found.push(`frame ${frame}: address ${address.join('.')} at ${place}`);
      }
    }
  }
  return found;
}

function addressesOf(facts: Int32Array): Uint8Array[] {
  if (facts[FAMILY] === 0) return [];
  return [facts.slice(SRC0, SRC3 + 1), facts.slice(DST0, DST3 + 1)].map((words) => {
    const bytes = new Uint8Array(facts[FAMILY] === 4 ? 4 : 16);
    const view = new DataView(bytes.buffer);
    for (let i = 0; i < bytes.length / 4; i++) view.setInt32(4 * i, words[i]);
    return bytes;
  });
}

function find(bytes: Uint8Array, part: Uint8Array, from: number): number {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(part, from);
}

const NAMES = [
  ...['dns.qry.name', 'dns.resp.name', 'dns.cname', 'dns.ptr.domain_name', 'dns.ns', 'dns.txt'],
  ...[
    'tls.handshake.extensions_server_name',
    'http.host',
    'http.request.uri',
    'http.user_agent',
    'http.server',
  ],
  ...['http.referer', 'http.cookie', 'http.authorization', 'http.location', 'http2.headers.authority'],
  ...['x509sat.uTF8String', 'x509sat.printableString', 'x509ce.dNSName', 'x509sat.teletexString'],
  ...[
    'smtp.req.parameter',
    'ftp.request.arg',
    'ssh.protocol',
    'dhcp.option.hostname',
    'pgsql.parameter_value',
  ],
];
const ADDRESSES = ['ip.addr', 'ipv6.addr', 'arp.src.proto_ipv4', 'arp.dst.proto_ipv4', 'dns.a', 'dns.aaaa'];
const MACS = ['eth.addr', 'arp.src.hw_mac', 'arp.dst.hw_mac', 'wlan.addr', 'icmpv6.opt.linkaddr'];
const PAYLOADS = ['tcp.payload', 'udp.payload', 'data.data'];
const FIELDS = [...NAMES, ...ADDRESSES, ...MACS, ...PAYLOADS];
const SEPARATOR = '\u0001';

type FieldValues = ReadonlyMap<string, ReadonlySet<string>>;

/** Values of each field in each of the captures. */
function fieldsOf(captures: readonly Uint8Array[]): FieldValues[] {
  const values = captures.map(() => new Map(FIELDS.map((field) => [field, new Set<string>()])));
  for (const group of withoutSharedConnections(captures)) {
    const { bytes, counts } = joinedFile(group.map((i) => captures[i]));
    const path = join(scratch, 'joined.pcapng');
    writeFileSync(path, bytes);
    const lines = tsharkFields(path, FIELDS, [...['-E', 'separator=/t', '-E', `aggregator=${SEPARATOR}`]]);
    const owners = group.flatMap((capture, i) => Array<number>(counts[i]).fill(capture));
    if (lines.length !== owners.length)
      throw new Error(`${owners.length} packets, tshark reads ${lines.length}`);
    for (const [at, line] of lines.entries())
      for (const [i, cell] of line.split('\t').entries())
        for (const value of cell.split(SEPARATOR))
          if (value !== '') values[owners[at]].get(FIELDS[i])?.add(value);
  }
  return values;
}

/** What tshark read, looked for anywhere in all bytes of the copies. */
function tsharkFindings(fields: FieldValues, pairs: readonly Pair[]): string[] {
  const copies = [0, 1].map((key) => Buffer.concat(pairs.map(({ after }) => after[key])));
  const texts = copies.map((copy) => copy.toString('latin1').toLowerCase());
  const stays = (needle: string): boolean => texts.every((text) => text.includes(needle.toLowerCase()));
  const found: string[] = [];
  for (const [field, values] of fields) {
    for (const value of values) {
      if (NAMES.includes(field)) {
        if (value.length >= SHORTEST_NAME && isOwnName(value) && stays(value))
          found.push(`${field}: ${value}`);
      } else if (MACS.includes(field)) {
        const bytes = Buffer.from(value.replaceAll(':', ''), 'hex');
        if (isOwnMac(bytes) && copies.every((copy) => copy.includes(bytes))) found.push(`${field}: ${value}`);
      } else if (ADDRESSES.includes(field)) {
        // As text: bytes of short ones come about by chance, and are looked for where they stood.
        if (value.length >= SHORTEST_NAME && stays(value)) found.push(`${field}: ${value}`);
      } else {
        const payload = Buffer.from(value.replaceAll(':', ''), 'hex').toString('latin1');
        for (const [run] of payload.matchAll(/[ -~]{8,}/gu))
          if (unexplained(run) && stays(run)) found.push(`${field}: ${run}`);
      }
    }
  }
  return found;
}

/** More than words that stay, and numbers and signs. */
function isOwnName(value: string): boolean {
  let left = value;
  for (const [pattern] of WORDS) left = left.replaceAll(pattern, '');
  return left.replaceAll(/[^A-Za-z]/gu, '').length >= 3;
}

/** Addresses of protocols, of virtual routers and zeros say nothing of anybody. */
function isOwnMac(bytes: Buffer): boolean {
  return (bytes[0] & 1) === 0 && bytes.some((byte) => byte !== 0) && bytes.readUIntBE(0, 5) !== 0x5e0001;
}

interface Named {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const isCapture = (name: string): boolean => /\.(?:pcap|pcapng|trace|cap)(?:\.gz)?$/u.test(name);
const filesOf = (folder: string): Named[] =>
  readdirSync(folder)
    .filter(isCapture)
    .map((name) => join(folder, name))
    .map((path) => ({ name: path.split('/').slice(-2).join('/'), bytes: bytesOf(path) }));

/** @returns what stays of the captures, each once */
function leaksOf(captures: readonly Named[]): string[] {
  const found = new Set<string>();
  let packets = 0;
  const fields = fieldsOf(captures.map(({ bytes }) => bytes));
  for (const [i, { name, bytes }] of captures.entries()) {
    const pairs = pairsOf(bytes);
    packets += pairs.length;
    for (const text of [...ownFindings(pairs), ...tsharkFindings(fields[i], pairs)])
      found.add(`${name}: ${text}`);
  }
  console.log(`${captures.length} captures, ${packets} packets; ${found.size} findings`);
  expect(packets).toBeGreaterThan(captures.length);
  return [...found];
}

const lab = new URL('../fixtures/lab/', import.meta.url).pathname;
const fieldCases = fieldFolder();
const corpus = corpusFolder();

describe('nothing of the original stays', () => {
  it(
    'of recorded scenarios',
    () => {
      const captures = SCENARIOS.map(({ name, capture }) => ({ name, bytes: capture() }));
      expect(leaksOf(captures)).toEqual([]);
    },
    PATIENCE_MS,
  );

  it(
    'of a share of the lab',
    () => {
      const sets = readdirSync(lab).filter((_, i) => i % LAB_SHARE === 0);
      expect(leaksOf(sets.flatMap((set) => filesOf(join(lab, set))))).toEqual([]);
    },
    PATIENCE_MS,
  );

  it.skipIf(fieldCases === undefined)(
    'of field cases',
    () => {
      expect(leaksOf(filesOf(join(fieldCases ?? '', 'cases')))).toEqual([]);
    },
    PATIENCE_MS,
  );

  it.skipIf(corpus === undefined)(
    'of the corpus',
    () => {
      expect(leaksOf(filesOf(corpus ?? ''))).toEqual([]);
    },
    PATIENCE_MS,
  );
});
