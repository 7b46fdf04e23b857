/** For how many connections of two vantages something holds. */
import { countText, plural } from '../../../shared/format/count.ts';

/** " in 3 of 133 connections"; nothing where it is all of them. */
export function shareText(count: number, connections: number): string {
  return count === connections ? '' : ` in ${countText(count)} of ${plural(connections, 'connection')}`;
}
