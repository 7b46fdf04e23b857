/** The answers of a server, by the protocol its flow is known to speak. */
import type { PacketNumber } from '../../../shared/base/units.ts';
import type { HintDirection } from '../../../shared/model/hints.ts';
import type { GatheredHints } from './flow-hints.ts';
import { smtpError, smtpGreeting, sshIdentification } from './greetings.ts';
import { mysqlError } from './mysql.ts';
import { postgresError } from './postgresql.ts';
import { redisError } from './redis.ts';

/** Takes over a server's name for itself and its errors. */
export function readReply(
  hints: GatheredHints,
  direction: HintDirection,
  packet: PacketNumber,
  bytes: Uint8Array,
  at: number,
  end: number,
  length: number,
): void {
  const ssh = sshIdentification(bytes, at, end);
  if (ssh !== undefined) {
    // Both ends of SSH identify themselves; the server's counts.
    if (hints.banner === null || (hints.protocol === 'ssh' && direction === 1)) hints.banner = ssh;
    return;
  }
  if (direction === hints.clientDirection) return;
  switch (hints.protocol) {
    case 'smtp':
      hints.banner ??= smtpGreeting(bytes, at, end) ?? null;
      hints.error = smtpError(bytes, at, end, direction, packet) ?? hints.error;
      break;
    case 'postgresql':
      hints.error = postgresError(bytes, at, end, direction, packet) ?? hints.error;
      break;
    case 'mysql':
      hints.error = mysqlError(bytes, at, end, length, direction, packet) ?? hints.error;
      break;
    case 'redis':
      hints.error = redisError(bytes, at, end, direction, packet) ?? hints.error;
      break;
    default:
  }
}
