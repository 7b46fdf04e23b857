/** Which of two capture points is nearer to one side of a connection. */
import type { Side } from '../../../shared/model/verdict.ts';
import { nearerServer, type Sample } from './clock.ts';
import { type FlowFacts, otherSide } from './facts.ts';

export interface Nearness {
  /** Whether the other capture point is nearer; null where nothing tells. */
  readonly isNearer: boolean | null;
  /** Why not, for people; null where it is known. */
  readonly doubt: string | null;
}

/** Differences of the two handshakes that may be noise of time stamps. */
const NOISE_NS = 100_000;
/** So many handshakes that agree decide where TTLs are equal. */
const ENOUGH_HANDSHAKES = 3;

/**
 * By the TTL of that side’s packets, which every router lowers. Where the other side’s TTL or the handshakes say otherwise, something on the
 * way writes TTLs anew, and nothing is said.
 * @param samples connections that both hold, for capture points between which no router stands @param isSameHost both are of one machine
 */
export function nearness(
  here: FlowFacts,
  there: FlowFacts,
  side: Side,
  { samples, isSameHost }: { readonly samples: readonly Sample[]; readonly isSameHost: boolean },
): Nearness {
  const own = here.hops[side];
  const other = there.hops[side];
  const byHandshake = handshakeNearer(here, there, side);
  if (other === null || (own === null && other !== 0))
    return { isNearer: null, doubt: `the TTL of the ${side}’s packets does not tell where it stands` };
  if (own === null || own === other)
    return own === null || !isSameHost
      ? betweenNeighbours(side, samples, byHandshake)
      : { isNearer: null, doubt: `it stands as far from the ${side}` };
  const isNearer = other < own;
  const back = otherSide(side);
  const ownBack = here.hops[back];
  const otherBack = there.hops[back];
  if (ownBack !== null && otherBack !== null && (isNearer ? otherBack < ownBack : otherBack > ownBack))
    return {
      isNearer: null,
      doubt: `the TTLs of the two sides contradict each other: something on the way writes them anew, or the directions take different ways`,
    };
  if (byHandshake !== null && byHandshake !== isNearer)
    return {
      isNearer: null,
      doubt: `by the TTL it is ${isNearer ? 'nearer to' : 'further from'} the ${side}, and by the times of the handshake it is not`,
    };
  return { isNearer, doubt: null };
}

/** Capture points between which no router stands: the times of several handshakes tell. */
function betweenNeighbours(side: Side, samples: readonly Sample[], byHandshake: boolean | null): Nearness {
  const nearer = samples.length < ENOUGH_HANDSHAKES ? null : nearerServer(samples);
  const isNearer = nearer === null ? null : (nearer === 'there') === (side === 'server');
  if (isNearer === null || (byHandshake !== null && byHandshake !== isNearer))
    return {
      isNearer: null,
      doubt: `no router stands between the two, and the times of the handshakes do not tell which is nearer to the ${side}`,
    };
  return { isNearer, doubt: null };
}

/** The handshake is shorter where the server is nearer. Null where either did not capture it, or the two last alike. */
function handshakeNearer(here: FlowFacts, there: FlowFacts, side: Side): boolean | null {
  if (here.synNs === null || here.synAckNs === null || there.synNs === null || there.synAckNs === null)
    return null;
  const shorter = Number(here.synAckNs - here.synNs - (there.synAckNs - there.synNs));
  if (Math.abs(shorter) <= NOISE_NS) return null;
  return shorter > 0 === (side === 'server');
}
