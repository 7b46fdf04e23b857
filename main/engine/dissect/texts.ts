/** Values as text: as the tree shows them, and as a filter asks for them. */
import { ipv6Text } from '../../../shared/format/address.ts';
import { flagNames } from '../../../shared/format/flags.ts';
import { sanitiseText } from '../../../shared/format/text.ts';
import { isoTime, secondsText } from '../../../shared/format/time.ts';
import type { FieldInfo, FieldValue } from '../../../shared/fields/field.ts';

const MAX_BYTES_SHOWN = 24;
export const MAX_TEXT_SHOWN = 400;

export function valueText(info: FieldInfo, value: FieldValue): string {
  switch (info.type) {
    case 'protocol':
      return '';
    case 'boolean':
      return value === true ? 'Set' : 'Not set';
    case 'ipv4':
      return value instanceof Uint8Array ? value.join('.') : '';
    case 'ipv6':
      return value instanceof Uint8Array ? ipv6Text(wordsOf(value), 0) : '';
    case 'ether':
      return value instanceof Uint8Array ? hexText(value, ':') : '';
    case 'bytes':
      return value instanceof Uint8Array ? bytesText(value) : '';
    case 'string':
      return sanitiseText(String(value), MAX_TEXT_SHOWN);
    case 'time':
      return typeof value === 'bigint' ? isoTime(value) : '';
    case 'duration':
      return `${typeof value === 'bigint' ? secondsText(value) : Number(value).toFixed(9)} s`;
    default:
      return numberText(info, value);
  }
}

function numberText(info: FieldInfo, value: FieldValue): string {
  const number = Number(value);
  if (info.name === 'tcp.flags') return `0x${hex(number, 3)} (${flagNames(number) || 'none'})`;
  const text =
    info.base === 'hex' ? `0x${hex(number, number > 0xffff ? 8 : number > 0xff ? 4 : 2)}` : String(value);
  const word = info.words?.[number];
  return word === undefined ? text : `${word} (${text})`;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

function bytesText(bytes: Uint8Array): string {
  const shown = hexText(bytes.subarray(0, MAX_BYTES_SHOWN), ' ');
  return bytes.length > MAX_BYTES_SHOWN ? `${shown} … (${bytes.length} bytes)` : shown;
}

export function hexText(bytes: Uint8Array, separator: string): string {
  return Array.from(bytes, (byte) => hex(byte, 2)).join(separator);
}

/** The four words of an address. */
function wordsOf(bytes: Uint8Array): number[] {
  const words: number[] = [];
  for (let i = 0; i + 3 < bytes.length; i += 4) {
    words.push((bytes[i] << 24) | (bytes[i + 1] << 16) | (bytes[i + 2] << 8) | bytes[i + 3]);
  }
  return words;
}

const MAX_BYTES_ASKED = 32;

/** The filter that finds packets with this very value; empty where there is none worth asking for. */
export function valueFilter(info: FieldInfo, value: FieldValue): string {
  switch (info.type) {
    case 'protocol':
      return info.name;
    case 'boolean':
      return `${info.name} == ${value === true ? '1' : '0'}`;
    case 'ipv4':
    case 'ipv6':
    case 'ether':
      return `${info.name} == ${valueText(info, value)}`;
    case 'bytes':
      return value instanceof Uint8Array && value.length > 0 && value.length <= MAX_BYTES_ASKED
        ? `${info.name} == ${hexText(value, ':')}`
        : '';
    case 'string':
      return `${info.name} == ${quoted(String(value))}`;
    case 'time':
      return '';
    case 'duration':
      return `${info.name} == ${typeof value === 'bigint' ? secondsText(value) : Number(value).toFixed(9)}`;
    default:
      return `${info.name} == ${info.base === 'hex' ? `0x${hex(Number(value), 1)}` : String(value)}`;
  }
}

/** A string as a filter writes it: what is neither ASCII nor printable as the byte that it is. */
function quoted(text: string): string {
  const escaped = text.replaceAll(/["\\]/gu, String.raw`\$&`);
  return `"${escaped.replaceAll(/[\u0000-\u001f\u007f-\u00ff]/gu, (c) => String.raw`\x` + hex(c.charCodeAt(0), 2))}"`;
}
