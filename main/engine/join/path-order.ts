/** Which of two vantages lies nearer to the client of a connection. */
import type { PacketNumber } from '../../../shared/base/units.ts';
import type { PacketMatch } from './join-view.ts';
import type { JoinStores } from './stores.ts';

/**
 * Routers that packets pass from the first vantage to the second: positive where the first is nearer to the client, by the
 * TTLs of what both sides sent.
 */
export function routersBetween({ packets }: JoinStores, match: PacketMatch): number {
  let sum = 0;
  let count = 0;
  for (let at = 0; at < match.ours.length; at++) {
    const other = match.ofOurs[at];
    if (other < 0) continue;
    const packet = match.ours[at] as PacketNumber;
    const lost = packets.ttl(packet) - packets.ttl(match.theirs[other] as PacketNumber);
    sum += packets.direction(packet) === 0 ? lost : -lost;
    count++;
  }
  return count === 0 ? 0 : Math.round(sum / count);
}
