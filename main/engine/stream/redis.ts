/** Redis: commands and errors (Redis serialization protocol, RESP). */
import type { PacketNumber } from '../../../shared/base/units.ts';
import type { ApplicationError, HintDirection } from '../../../shared/model/hints.ts';
import { CR, LF, SPACE, decimal, findByte, safeText, startsWith } from './bytes.ts';

const ASTERISK = 0x2a;
const DOLLAR = 0x24;
const MAX_RESP_DIGITS = 7;

/** Whether the payload begins a command as an array of bulk strings: `*2\r\n$4\r\nPING…`. */
export function isRedisCommand(bytes: Uint8Array, at: number, end: number): boolean {
  if (bytes[at] !== ASTERISK) return false;
  const count = respNumber(bytes, at + 1, end);
  if (count === undefined || count.value < 1 || count.next >= end || bytes[count.next] !== DOLLAR)
    return false;
  const size = respNumber(bytes, count.next + 1, end);
  if (size === undefined || size.value < 1 || size.next + 2 > end) return false;
  return isLetter(bytes[size.next]) && isLetter(bytes[size.next + 1]);
}

/** `-ERR unknown command` and the like. */
export function redisError(
  bytes: Uint8Array,
  at: number,
  end: number,
  direction: HintDirection,
  packet: PacketNumber,
): ApplicationError | undefined {
  if (!startsWith(bytes, at, end, '-')) return undefined;
  const to = findByte(bytes, CR, at, end);
  const codeEnd = findByte(bytes, SPACE, at, to);
  if (to === end || codeEnd - at < 3) return undefined;
  for (let i = at + 1; i < codeEnd; i++) if (!isLetter(bytes[i]) || bytes[i] > 0x5a) return undefined;
  return {
    code: safeText(bytes, at + 1, codeEnd),
    text: safeText(bytes, Math.min(codeEnd + 1, to), to),
    direction,
    packet,
  };
}

function respNumber(
  bytes: Uint8Array,
  at: number,
  end: number,
): { readonly value: number; readonly next: number } | undefined {
  const to = findByte(bytes, CR, at, Math.min(end, at + MAX_RESP_DIGITS + 1));
  const value = decimal(bytes, at, to);
  if (value === null || to + 2 > end || bytes[to + 1] !== LF) return undefined;
  return { value, next: to + 2 };
}

function isLetter(byte: number): boolean {
  return (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);
}
