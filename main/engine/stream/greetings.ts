/** Line protocols that introduce themselves: SSH (RFC 4253 §4.2) and SMTP (RFC 5321 §3.1). */
import type { PacketNumber } from '../../../shared/base/units.ts';
import type { ApplicationError, HintDirection } from '../../../shared/model/hints.ts';
import {
  CR,
  LF,
  SPACE,
  containsIgnoringCase,
  decimal,
  findByte,
  safeText,
  startsWith,
  startsWithIgnoringCase,
} from './bytes.ts';

const DASH = 0x2d;

/** The identification string of either end, `SSH-2.0-OpenSSH_9.6`; undefined for anything else. */
export function sshIdentification(bytes: Uint8Array, at: number, end: number): string | undefined {
  const isSsh = startsWith(bytes, at, end, 'SSH-2.0-') || startsWith(bytes, at, end, 'SSH-1.');
  return isSsh ? safeText(bytes, at, lineEnd(bytes, at, end)) : undefined;
}

/** What a server that names SMTP says after its 220; undefined for anything else (FTP also begins with 220). */
export function smtpGreeting(bytes: Uint8Array, at: number, end: number): string | undefined {
  if (end - at < 4 || !startsWith(bytes, at, end, '220') || !isSeparator(bytes[at + 3])) return undefined;
  const to = lineEnd(bytes, at, end);
  return containsIgnoringCase(bytes, at, to, 'smtp') ? safeText(bytes, at + 4, to) : undefined;
}

/** Whether a client opens an SMTP session. */
export function isSmtpHello(bytes: Uint8Array, at: number, end: number): boolean {
  return (
    (startsWithIgnoringCase(bytes, at, end, 'ehlo ') || startsWithIgnoringCase(bytes, at, end, 'helo ')) &&
    findByte(bytes, LF, at, end) < end
  );
}

/** A reply that begins with 4yz or 5yz (RFC 5321 §4.2). */
export function smtpError(
  bytes: Uint8Array,
  at: number,
  end: number,
  direction: HintDirection,
  packet: PacketNumber,
): ApplicationError | undefined {
  if (end - at < 4 || !isSeparator(bytes[at + 3])) return undefined;
  const code = decimal(bytes, at, at + 3);
  if (code === null || code < 400 || code > 599) return undefined;
  return { code: String(code), text: safeText(bytes, at + 4, lineEnd(bytes, at, end)), direction, packet };
}

function isSeparator(byte: number): boolean {
  return byte === SPACE || byte === DASH;
}

function lineEnd(bytes: Uint8Array, at: number, end: number): number {
  const newline = findByte(bytes, LF, at, end);
  return newline > at && bytes[newline - 1] === CR ? newline - 1 : newline;
}
