/**
 * What a note on a finding holds on to: who, why and where, as findings are told apart. The same capture read anew has the same keys;
 * where a newer version of the program judges otherwise, the note stays and says that its finding is gone.
 */
import type { Finding } from '../model/finding.ts';

type Kept = Pick<Finding, 'kind' | 'side' | 'claimed' | 'cause' | 'server' | 'hops'>;

export function findingKey({ kind, side, claimed, cause, server, hops }: Kept): string {
  // Resets of nobody known are told apart by the distance too, where they carry the server's address.
  const place = kind === 'unknown' && claimed === 'server' ? ` at ${hops ?? 'unknown'} hops` : '';
  return `${kind} ${side} ${claimed} ${cause} ${server}${place}`;
}
