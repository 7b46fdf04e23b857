/**
 * The log of the hosts: JSON lines on stderr, so that stdout stays for what a program prints. It never holds bytes or
 * text of packets.
 */
import type { Logger } from 'pino';
import { destination, pino } from 'pino';

export type { Logger };

const STDERR = 2;
const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/** The level comes from RESETSCOPE_LOG; without it, only what somebody should do something about is told. */
export function createLog(name: string): Logger {
  const wanted = process.env['RESETSCOPE_LOG'] ?? '';
  const level = LEVELS.includes(wanted) ? wanted : 'warn';
  // Synchronous: the line that explains an exit must be out before it.
  const stderr = destination({ fd: STDERR, sync: true });
  // A log that cannot be written (its disk is full, its reader is gone) ends nothing.
  stderr.on('error', () => undefined);
  return pino({ name, level }, stderr);
}
