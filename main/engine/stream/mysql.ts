/** MySQL and MariaDB: greeting and errors (client/server protocol: HandshakeV10, ERR_Packet). */
import type { PacketNumber } from '../../../shared/base/units.ts';
import type { ApplicationError, HintDirection } from '../../../shared/model/hints.ts';
import { findByte, safeText } from './bytes.ts';

const NUL = 0;
const MYSQL_HEADER = 4;
const HANDSHAKE_V10 = 0x0a;
const MYSQL_ERR = 0xff;
const MAX_VERSION = 64;

/** The version that a MySQL or MariaDB server greets with; undefined for anything else. */
export function mysqlGreeting(
  bytes: Uint8Array,
  at: number,
  end: number,
  length: number,
): string | undefined {
  const body = at + MYSQL_HEADER;
  if (!isFirstMysqlPacket(bytes, at, end, length) || bytes[body] !== HANDSHAKE_V10) return undefined;
  const to = findByte(bytes, NUL, body + 1, Math.min(end, body + 1 + MAX_VERSION));
  // After the version: thread id, eight bytes of salt and a filler of 0.
  if (to + 13 >= end || bytes[to] !== NUL || bytes[to + 13] !== NUL) return undefined;
  if (!/^\d+\.\d+/.test(String.fromCharCode(...bytes.subarray(body + 1, to)))) return undefined;
  return safeText(bytes, body + 1, to);
}

/** ERR packet; before a greeting ("Host … is blocked") it is the first packet. */
export function mysqlError(
  bytes: Uint8Array,
  at: number,
  end: number,
  length: number,
  direction: HintDirection,
  packet: PacketNumber,
): ApplicationError | undefined {
  const body = at + MYSQL_HEADER;
  if (end - body < 3 || mysqlLength(bytes, at) !== length || bytes[body] !== MYSQL_ERR) return undefined;
  const code = bytes[body + 1] | (bytes[body + 2] << 8);
  if (code < 1000 || code > 9999) return undefined;
  const hasState = end - body >= 9 && bytes[body + 3] === 0x23;
  return { code: String(code), text: safeText(bytes, body + (hasState ? 9 : 3), end), direction, packet };
}

/** Whether the payload is an ERR packet that a MySQL server sends instead of its greeting. */
export function isMysqlRefusal(bytes: Uint8Array, at: number, end: number, length: number): boolean {
  const body = at + MYSQL_HEADER;
  if (!isFirstMysqlPacket(bytes, at, end, length) || end - body < 12 || bytes[body] !== MYSQL_ERR)
    return false;
  const code = bytes[body + 1] | (bytes[body + 2] << 8);
  if (code < 1000 || code > 4999) return false;
  for (let i = body + 3; i < end; i++) if (bytes[i] < 0x20 || bytes[i] > 0x7e) return false;
  return true;
}

function isFirstMysqlPacket(bytes: Uint8Array, at: number, end: number, length: number): boolean {
  return end - at > MYSQL_HEADER + 4 && mysqlLength(bytes, at) === length && bytes[at + 3] === 0;
}

/** Bytes of the packet with its header. */
function mysqlLength(bytes: Uint8Array, at: number): number {
  return MYSQL_HEADER + (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16));
}
