/**
 * Which protocol a flow speaks, by bytes that only this protocol puts at the start of a message. Ports say nothing
 * here, and a doubtful match is none: `recognise` would rather know nothing than be wrong.
 */
import type { HintProtocol } from '../../../shared/model/hints.ts';
import { startsWith, u16, u24, u32 } from './bytes.ts';
import { isDnsOverTcp } from './dns.ts';
import { isSmtpHello, smtpGreeting, sshIdentification } from './greetings.ts';
import { isMongoRequest } from './mongodb.ts';
import { isMysqlRefusal, mysqlGreeting } from './mysql.ts';
import { isPostgresStart } from './postgresql.ts';
import { isRedisCommand } from './redis.ts';

export interface Recognised {
  readonly protocol: HintProtocol;
  /** Which role sends such a message; null where both do. */
  readonly speaker: 'client' | 'server' | null;
  readonly banner: string | null;
}

/**
 * @param end of the captured bytes
 * @param length of the payload on the wire
 * @returns undefined where nothing matches. HTTP/1.x and TLS have their own readers.
 */
export function recognise(
  bytes: Uint8Array,
  at: number,
  end: number,
  length: number,
): Recognised | undefined {
  const ssh = sshIdentification(bytes, at, end);
  if (ssh !== undefined) return { protocol: 'ssh', speaker: null, banner: ssh };
  const smtp = smtpGreeting(bytes, at, end);
  if (smtp !== undefined) return { protocol: 'smtp', speaker: 'server', banner: smtp };
  const mysql = mysqlGreeting(bytes, at, end, length);
  if (mysql !== undefined) return { protocol: 'mysql', speaker: 'server', banner: mysql };
  if (isMysqlRefusal(bytes, at, end, length)) return { protocol: 'mysql', speaker: 'server', banner: null };
  const opening = clientOpening(bytes, at, end, length);
  if (opening !== undefined) return { protocol: opening, speaker: 'client', banner: null };
  const either = fromEitherEnd(bytes, at, end, length);
  return either === undefined ? undefined : { protocol: either, speaker: null, banner: null };
}

function clientOpening(bytes: Uint8Array, at: number, end: number, length: number): HintProtocol | undefined {
  if (startsWith(bytes, at, end, 'PRI * HTTP/2.0\r\n')) return 'http2';
  if (isSmtpHello(bytes, at, end)) return 'smtp';
  if (isPostgresStart(bytes, at, end, length)) return 'postgresql';
  if (isRedisCommand(bytes, at, end)) return 'redis';
  if (isMongoRequest(bytes, at, end, length)) return 'mongodb';
  if (isMqttConnect(bytes, at, end)) return 'mqtt';
  if (isSslv2Hello(bytes, at, end, length)) return 'tls';
  return undefined;
}

function fromEitherEnd(bytes: Uint8Array, at: number, end: number, length: number): HintProtocol | undefined {
  if (isAmqpHeader(bytes, at, end, length)) return 'amqp';
  if (isSmb(bytes, at, end)) return 'smb';
  if (startsWith(bytes, at, end, '\x13BitTorrent protocol')) return 'bittorrent';
  if (isDnsOverTcp(bytes, at, end, length)) return 'dns';
  return undefined;
}

/** Protocol header: 'AMQP' and four bytes, nothing else (AMQP 0-9-1 §4.2.2, 1.0 §2.2). */
function isAmqpHeader(bytes: Uint8Array, at: number, end: number, length: number): boolean {
  return length === 8 && end - at === 8 && startsWith(bytes, at, end, 'AMQP') && bytes[at + 4] <= 3;
}

/** CONNECT packet (MQTT 5 §3.1): type 1, remaining length, protocol name. */
function isMqttConnect(bytes: Uint8Array, at: number, end: number): boolean {
  if (bytes[at] !== 0x10) return false;
  let next = at + 1;
  while (next < end && next < at + 4 && bytes[next] >= 0x80) next++;
  const name = next + 1;
  return startsWith(bytes, name, end, '\0\x04MQTT') || startsWith(bytes, name, end, '\0\x06MQIsdp');
}

/** NetBIOS session message around SMB1, SMB2 or SMB3 encrypted ([MS-SMB2] §2.1). */
function isSmb(bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at < 8 || bytes[at] !== 0 || u24(bytes, at + 1) < 32) return false;
  const magic = u32(bytes, at + 4);
  return magic === 0xff534d42 || magic === 0xfe534d42 || magic === 0xfd534d42;
}

/** CLIENT-HELLO in SSL 2.0 form (RFC 5246 appendix E.2): all its lengths must add up to the payload. */
function isSslv2Hello(bytes: Uint8Array, at: number, end: number, length: number): boolean {
  if (end - at < 11 || (bytes[at] & 0x80) === 0 || bytes[at + 2] !== 1) return false;
  if ((u16(bytes, at) & 0x7fff) + 2 !== length) return false;
  const version = u16(bytes, at + 3);
  if (version !== 0x0002 && (version < 0x0300 || version > 0x0303)) return false;
  const ciphers = u16(bytes, at + 5);
  const session = u16(bytes, at + 7);
  const challenge = u16(bytes, at + 9);
  const isShaped = ciphers > 0 && ciphers % 3 === 0 && challenge >= 16 && challenge <= 32;
  return isShaped && (session === 0 || session === 16) && 11 + ciphers + session + challenge === length;
}
