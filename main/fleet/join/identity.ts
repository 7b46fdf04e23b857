/** Whether two flows of two captures are one connection, and how sure that is. */
import type { FleetWitness } from '../../../shared/model/fleet.ts';
import { type FlowFacts, isEnd } from './facts.ts';

export interface Identity {
  readonly by: FleetWitness['by'];
  /** Both captures hold the initial sequence numbers of both sides, and they agree. */
  readonly isCertain: boolean;
  /** Something speaks against it. */
  readonly doubt: string | null;
}

/** A SYN is sent again for so long (Linux: six times, 127 s in all). */
const SYN_AGAIN_NS = 130_000_000_000;
/** Where nothing is known of two clocks, connections are held to be of one time up to here. */
const APART_NS = 60e9;
const MOST_APART_NS = 600e9;

/** @param apartNs what the clocks of the two captures may be apart at most; null where nobody knows */
export function identityOf(here: FlowFacts, there: FlowFacts, apartNs: number | null): Identity | null {
  const isSameServerIsn =
    here.serverIsnKey === null || there.serverIsnKey === null
      ? null
      : here.serverIsnKey === there.serverIsnKey;
  const isSameMatch = isKnownAlike(here.matchKey, there.matchKey);
  const isSameIsn = isKnownAlike(here.isnKey, there.isnKey);
  if (isSameMatch === true || isSameIsn === true) {
    const by = isSameMatch === true ? 'match-key' : 'isn-key';
    if (isSameServerIsn === true) return { by, isCertain: true, doubt: null };
    if (isSameServerIsn === false)
      return isSameMatch === true
        ? {
            by,
            isCertain: false,
            doubt:
              'the server’s initial sequence number is another one there: a device between the two answers for the server, or it is another connection with the same numbers',
          }
        : null;
    const isEndAlike =
      isSameMatch === true ||
      isEnd(here.ends.server, there.ends.server) ||
      isEnd(here.ends.client, there.ends.client);
    const begins = Math.abs(Number(startOf(there) - startOf(here)));
    const isAtThatTime = apartNs !== null && begins <= SYN_AGAIN_NS + apartNs;
    if (!isAtThatTime && by === 'isn-key') return null;
    if (isAtThatTime && isEndAlike) return { by, isCertain: false, doubt: null };
    return {
      by,
      isCertain: false,
      doubt: isEndAlike
        ? 'no SYN-ACK is in both captures, and the clocks do not tell whether it is the same try'
        : 'the client’s initial sequence number alone says that it is the same connection',
    };
  }
  if (isSameMatch === false) return null;
  if (!isEnd(here.ends.client, there.ends.client) || !isEnd(here.ends.server, there.ends.server)) return null;
  const slack = BigInt(Math.ceil(Math.min(apartNs ?? APART_NS, MOST_APART_NS)));
  if (there.timeNs - slack > here.lastTimeNs || there.lastTimeNs + slack < here.timeNs) return null;
  return {
    by: 'ends-and-time',
    isCertain: false,
    doubt:
      'the start of the connection was not captured at both: addresses, ports and time say that it is the same one, and another network may use them too',
  };
}

function startOf(flow: FlowFacts): bigint {
  return flow.synNs ?? flow.timeNs;
}

/** Null where either is not known. */
function isKnownAlike(a: string | null, b: string | null): boolean | null {
  return a === null || b === null ? null : a === b;
}
