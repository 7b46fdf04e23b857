/** Values of fields as `tshark -T fields` writes them, so that scripts made for it go on working. */
import type { FieldInfo, FieldValue } from '../../shared/fields/field.ts';
import { bitsOf } from '../../shared/fields/widths.ts';
import { addressText } from '../../shared/format/address.ts';
import { secondsText } from '../../shared/format/time.ts';

const NS = 1_000_000_000n;
const DIGITS_OF_SECOND = 9;

/** What would break a line or a column is written as tshark does. */
const ESCAPES: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r', '\v': '\\v' };

export function fieldText(field: FieldInfo, value: FieldValue): string {
  switch (field.type) {
    case 'protocol':
      // Of what only is there or not there is nothing else to say.
      return field.name.includes('.') ? '1' : field.title;
    case 'boolean':
      return value === true || value === 1 ? '1' : '0';
    case 'ipv4':
    case 'ipv6':
      return value instanceof Uint8Array ? addressOf(value) : String(value);
    case 'ether':
      return value instanceof Uint8Array ? hex(value, ':') : String(value);
    case 'bytes':
      return value instanceof Uint8Array ? hex(value, '') : String(value);
    case 'time':
      return typeof value === 'bigint' ? dateText(value) : String(value);
    case 'duration':
      if (typeof value === 'bigint') return secondsText(value);
      return typeof value === 'number' ? value.toFixed(DIGITS_OF_SECOND) : String(value);
    case 'unsigned':
    case 'signed':
      if (field.base === 'hex' && (typeof value === 'number' || typeof value === 'bigint'))
        return `0x${value.toString(16).padStart(bitsOf(field) / 4, '0')}`;
      return String(value);
    default:
      return String(value).replace(/[\t\n\r\v]/gu, (character) => ESCAPES[character]);
  }
}

function addressOf(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const words = Array.from({ length: bytes.length >> 2 }, (_, i) => view.getInt32(4 * i));
  return addressText(words, 0, bytes.length === 4 ? 4 : 6);
}

function hex(bytes: Uint8Array, separator: string): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(separator);
}

/** `Feb  1, 2018 08:43:13.914057000 UTC`, in the time zone of the machine. */
function dateText(ns: bigint): string {
  const seconds = ns / NS - (ns % NS < 0n ? 1n : 0n);
  const date = new Date(Number(seconds) * 1000);
  const fraction = String(ns - seconds * NS).padStart(DIGITS_OF_SECOND, '0');
  const month = date.toLocaleString('en-US', { month: 'short' });
  const two = (number: number): string => String(number).padStart(2, '0');
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
  const zone =
    new Intl.DateTimeFormat('en-US', { timeZoneName: 'short' })
      .formatToParts(date)
      .find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const day = String(date.getDate()).padStart(2, ' ');
  return `${month} ${day}, ${date.getFullYear()} ${time}.${fraction} ${zone}`;
}
