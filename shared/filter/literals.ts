/**
 * Values as they are written, by the type that they are compared with. What is accepted is what Wireshark 4 accepts: a number has no
 * underscore and no exponent, an address no quotes, a time no unit.
 */
import type { Result } from '../base/result.ts';
import { err, ok } from '../base/result.ts';
import type { FieldInfo, FieldValue } from '../fields/field.ts';
import { bitsOf } from '../fields/widths.ts';
import { addressBytes, parseBlock } from './address-match.ts';
import { nearest } from './suggest.ts';

export interface Literal {
  readonly value: FieldValue;
  readonly prefix: number | null;
}

export interface LiteralProblem {
  readonly message: string;
  /** What to write in its place; null where nothing is near. */
  readonly instead: string | null;
}

type Read = Result<Literal, LiteralProblem>;

function plain(value: FieldValue): Read {
  return ok({ value, prefix: null });
}

function wrong(message: string, instead: string | null = null): Read {
  return err({ message, instead });
}

/** A value without quotes. */
export function readPlain(field: FieldInfo, written: string): Read {
  switch (field.type) {
    case 'unsigned':
    case 'signed':
      return readInteger(field, written);
    case 'boolean':
      return readBoolean(field, written);
    case 'float':
      return /^\d+(?:\.\d+)?$/u.test(written)
        ? plain(Number(written))
        : wrong(`“${written}” is no number for “${field.name}”; write 0.9`);
    case 'duration':
      return readDuration(field, written);
    case 'time':
      return readTime(written);
    case 'ipv4':
    case 'ipv6':
      return readAddress(field, written);
    case 'ether':
      return readEther(written);
    case 'bytes':
    case 'protocol': {
      const bytes = hexBytes(written);
      return bytes === undefined
        ? wrong(`“${written}” is no sequence of bytes; write 47:45:54 or "GET"`, bytesInstead(written))
        : plain(bytes);
    }
    case 'string':
      return readChoice(field, written);
  }
}

/** A long number in hexadecimal digits is meant as its bytes, and all else as text. */
function bytesInstead(written: string): string {
  const [, digits] = /^0[xX]((?:[0-9A-Fa-f]{2})+)$/u.exec(written) ?? [];
  return digits === undefined ? JSON.stringify(written) : (digits.match(/../gu) ?? []).join(':');
}

/** A value in double quotes. */
export function readQuoted(field: FieldInfo, value: string): Read {
  switch (field.type) {
    case 'string':
      return readChoice(field, value);
    case 'bytes':
    case 'protocol':
      return plain(textBytes(value));
    case 'time':
      return readTime(value);
    case 'unsigned':
    case 'signed':
    case 'boolean': {
      if (field.words !== undefined || field.type === 'boolean') {
        const named = field.type === 'boolean' ? readSwitch(field, value, true) : wordNumber(field, value);
        if (named !== undefined) return plain(named);
        return noSuchWord(field, value);
      }
      return wrong(`“${field.name}” is a number: write it without quotes`, unquoted(field, value));
    }
    default:
      return wrong(`a value of “${field.name}” is written without quotes`, unquoted(field, value));
  }
}

export function readChar(field: FieldInfo, value: number): Read {
  switch (field.type) {
    case 'unsigned':
    case 'signed':
      return plain(value);
    case 'string':
      return plain(String.fromCharCode(value));
    case 'bytes':
    case 'protocol':
      return plain(Uint8Array.of(value));
    default:
      return wrong(`“${field.name}” has no characters`);
  }
}

function unquoted(field: FieldInfo, value: string): string | null {
  const read = readPlain(field, value);
  return read.ok ? value : null;
}

function readChoice({ name, choices }: FieldInfo, value: string): Read {
  if (choices === undefined || choices.includes(value)) return plain(value);
  const near =
    nearest(value, choices) ?? choices.find((one) => value !== '' && one.includes(value.toLowerCase()));
  const known = choices.length > 8 ? `${choices.slice(0, 8).join(', ')} …` : choices.join(', ');
  return wrong(
    `“${name}” is never “${value}”; ${near === undefined ? `it is one of ${known}` : `did you mean “${near}”?`}`,
    near === undefined ? null : JSON.stringify(near),
  );
}

/** As C reads it: 0x and 0b, and octal behind a 0. */
export function parseInteger(text: string): bigint | undefined {
  const isWhole = /^(?:0[xX][0-9A-Fa-f]+|0[bB][01]+|[1-9][0-9]*|0)$/u.test(text);
  if (isWhole) return BigInt(text.toLowerCase());
  return /^0[0-7]+$/u.test(text) ? BigInt(`0o${text}`) : undefined;
}

/** Ports that people ask for by the name of their service. */
const SERVICES: Readonly<Record<string, number>> = {
  ftp: 21,
  ssh: 22,
  telnet: 23,
  smtp: 25,
  dns: 53,
  domain: 53,
  http: 80,
  pop3: 110,
  ntp: 123,
  imap: 143,
  snmp: 161,
  ldap: 389,
  tls: 443,
  https: 443,
  mysql: 3306,
  rdp: 3389,
  postgres: 5432,
  postgresql: 5432,
  redis: 6379,
};

/** A name where a port is asked for. */
export function serviceProblem(field: FieldInfo, written: string): LiteralProblem | undefined {
  const isPort = /port$/u.test(field.name);
  const name = written.toLowerCase();
  if (!isPort || !Object.hasOwn(SERVICES, name)) return undefined;
  return {
    message: `ports are asked for by number: ${written} is usually ${SERVICES[name]}`,
    instead: String(SERVICES[name]),
  };
}

function readInteger(field: FieldInfo, written: string): Read {
  const number = parseInteger(written);
  if (number !== undefined) {
    const bits = bitsOf(field);
    const most = 2n ** BigInt(field.type === 'signed' ? bits - 1 : bits) - 1n;
    return number > most
      ? wrong(`${written} is too big for “${field.name}”, which is at most ${most}`)
      : plain(small(number));
  }
  const named = wordNumber(field, written);
  if (named !== undefined) return plain(named);
  const service = serviceProblem(field, written);
  if (service !== undefined) return err(service);
  if (field.words !== undefined && !/^\d/u.test(written)) return noSuchWord(field, written);
  const bare = written.replaceAll('_', '');
  return wrong(`“${written}” is no number`, /^[1-9]\d*$/u.test(bare) ? bare : null);
}

/** The number that has this name; Wireshark looks at no case. */
function wordNumber(field: FieldInfo, word: string): number | undefined {
  const wanted = word.toLowerCase();
  const entry = Object.entries(field.words ?? {}).find(([, name]) => name.toLowerCase() === wanted);
  return entry === undefined ? undefined : Number(entry[0]);
}

function noSuchWord(field: FieldInfo, value: string): Read {
  const names = field.type === 'boolean' ? ['True', 'False'] : Object.values(field.words ?? {});
  const near = nearest(value, names);
  const hint =
    near === undefined
      ? `it is ${names.slice(0, 6).join(', ')}${names.length > 6 ? ' …' : ''}`
      : `did you mean “${near}”?`;
  const instead = near === undefined ? null : /^\w+$/u.test(near) ? near : JSON.stringify(near);
  return wrong(`“${field.name}” has no value called “${value}”; ${hint}`, instead);
}

function readBoolean(field: FieldInfo, written: string): Read {
  const number = parseInteger(written);
  if (number !== undefined) return plain(number !== 0n);
  const named = readSwitch(field, written, false);
  if (named !== undefined) return plain(named);
  return noSuchWord(field, written);
}

function readSwitch(field: FieldInfo, written: string, isQuoted: boolean): boolean | undefined {
  if (!isQuoted && (written === 'True' || written === 'TRUE')) return true;
  if (!isQuoted && (written === 'False' || written === 'FALSE')) return false;
  const word = written.toLowerCase();
  // Fields of our own take what people say of them.
  if (/^(?:rst|failure)\./u.test(field.name)) {
    if (word === 'yes' || word === 'true') return true;
    if (word === 'no' || word === 'false') return false;
  }
  const named = wordNumber(field, written);
  if (named !== undefined) return named !== 0;
  if (field.words === undefined && word === 'set') return true;
  return field.words === undefined && word === 'not set' ? false : undefined;
}

/** As a number where one holds it exactly. */
function small(number: bigint): number | bigint {
  return number <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(number) : number;
}

function readDuration(field: FieldInfo, written: string): Read {
  const [, seconds, fraction = ''] = /^(\d+)(?:\.(\d+))?$/u.exec(written) ?? [];
  if (seconds !== undefined) {
    if (field.isExact !== true) return plain(Number(written));
    return plain(BigInt(seconds + fraction.slice(0, 9).padEnd(9, '0')));
  }
  const unit = /^(\d+(?:\.\d+)?)(ns|us|ms|s|m|min|h)$/u.exec(written);
  const scale = { ns: 1e-9, us: 1e-6, ms: 1e-3, s: 1, m: 60, min: 60, h: 3600 }[unit?.[2] ?? ''];
  const instead =
    unit === null || scale === undefined ? null : String(Number((Number(unit[1]) * scale).toFixed(9)));
  return wrong(`“${written}” is no time for “${field.name}”: it counts seconds, without a unit`, instead);
}

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

/** A point in time: of the machine's time zone where it names none. */
function readTime(written: string): Read {
  const iso =
    /^(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s?(Z|UTC|[+-]\d{2}:?\d{2})?)?$/u.exec(
      written,
    );
  const worded =
    /^([A-Z][a-z]{2})\s+(\d{1,2}),\s+(\d{4})(?:\s+(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?)?$/u.exec(written);
  const parts =
    iso !== null
      ? iso.slice(1)
      : worded === null
        ? undefined
        : [
            worded[3],
            String(MONTHS.indexOf(worded[1].toLowerCase()) + 1),
            worded[2],
            ...worded.slice(4),
            undefined,
          ];
  const at = parts === undefined ? Number.NaN : milliseconds(parts);
  if (parts === undefined || Number.isNaN(at)) {
    return wrong(
      `“${written}” is no point in time; write "2026-01-31 14:05:00" or "2026-01-31T14:05:00Z"`,
      /^\d{9,10}$/u.test(written) ? JSON.stringify(new Date(Number(written) * 1000).toISOString()) : null,
    );
  }
  return plain(BigInt(at) * 1_000_000n + BigInt((parts[6] ?? '').padEnd(9, '0')));
}

function milliseconds(parts: readonly (string | undefined)[]): number {
  const [year, month, day, hour, minute, second] = parts.slice(0, 6).map((part) => Number(part ?? 0));
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60)
    return Number.NaN;
  const zone = parts[7];
  if (zone === undefined) return new Date(year, month - 1, day, hour, minute, second).getTime();
  const offset = /^([+-])(\d{2}):?(\d{2})$/u.exec(zone);
  const minutes =
    offset === null ? 0 : (offset[1] === '-' ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3]));
  return Date.UTC(year, month - 1, day, hour, minute, second) - minutes * 60_000;
}

function readAddress(field: FieldInfo, written: string): Read {
  const block = parseBlock(written);
  const family = field.type === 'ipv4' ? 4 : 6;
  if (block?.address.family === family) {
    const isWhole = block.prefix === (family === 4 ? 32 : 128);
    return ok({ value: addressBytes(block.address), prefix: isWhole ? null : block.prefix });
  }
  const example = family === 4 ? '10.0.0.1 or 10.0.0.0/8' : '2001:db8::1 or 2001:db8::/32';
  const short = family === 4 ? shortBlock(written) : undefined;
  if (block !== undefined) {
    return wrong(
      `“${written}” is an IPv${block.address.family} address; “${field.name}” holds IPv${family} addresses`,
    );
  }
  return wrong(`“${written}” is no IPv${family} address; write ${example}`, short ?? null);
}

/** `10.0` is `10.0.0.0/16` to people. */
function shortBlock(written: string): string | undefined {
  const octets = written.split('.');
  if (octets.length > 3 || !octets.every((octet) => /^\d{1,3}$/u.test(octet) && Number(octet) < 256))
    return undefined;
  if (octets.length === 1) return undefined;
  return `${[...octets, '0', '0', '0'].slice(0, 4).join('.')}/${octets.length * 8}`;
}

function readEther(written: string): Read {
  const bytes = hexBytes(written);
  if (bytes?.length === 6) return plain(bytes);
  const problem =
    bytes === undefined
      ? 'is no Ethernet address'
      : `is ${bytes.length} bytes long, an Ethernet address is 6`;
  return wrong(`“${written}” ${problem}; write 00:11:22:aa:bb:cc`);
}

/**
 * `47:45:54`, `47-45`, `4745.5400`, `474554`: two digits a byte, one where a byte's digit stands alone; `0x47` is a single byte.
 */
export function hexBytes(written: string): Uint8Array | undefined {
  const single = /^0[xX]([0-9A-Fa-f]+)$/u.exec(written);
  if (single !== null) {
    const value = Number.parseInt(single[1], 16);
    return value > 255 ? undefined : Uint8Array.of(value);
  }
  const groups = written.replace(/^:/u, '').split(/[-:.]/u);
  if (!groups.every((group) => /^[0-9A-Fa-f]+$/u.test(group))) return undefined;
  const pairs = groups.flatMap((group) => group.match(/..?/gsu) ?? []);
  return Uint8Array.from(pairs.map((digits) => Number.parseInt(digits, 16)));
}

const ENCODER = new TextEncoder();

/** Characters up to 255 that are written as an escape are meant as bytes; the text as a whole is UTF-8. */
export function textBytes(text: string): Uint8Array {
  return ENCODER.encode(text);
}
