/**
 * Holds a route that was asked for against the path of a verdict: which router is the hop that made the reset, and how far that can
 * be trusted. A route is of now and from where its program ran; the capture is of then and from where it was made.
 */
import { plural } from '../format/count.ts';
import type { PathModel, Side } from '../model/verdict.ts';
import type { Hop, Route } from './route.ts';

export interface HopMatch {
  /** Hops that may be the device, the likeliest first; empty where its distance is not known. */
  readonly devices: readonly Hop[];
  /** Whatever stands against taking it for granted, for people. */
  readonly doubts: readonly string[];
}

interface MatchQuestion {
  readonly path: PathModel;
  readonly claimed: Side;
  /** Address of the host in whose name the reset came. */
  readonly host: string;
  readonly isDevice: boolean;
}

/** Of routes that lead to the host in whose name the reset came. */
export function matchHops(route: Route, { path, claimed, host, isDevice }: MatchQuestion): HopMatch {
  const doubts: string[] = ['The route was asked for now, and not when the reset was captured.'];
  if (route.target !== '' && route.target !== host)
    return {
      devices: [],
      doubts: [...doubts, `It leads to ${route.target}, and the reset claims to come from ${host}.`],
    };
  const hostHops = claimed === 'server' ? path.serverHops : path.clientHops;
  const last = route.hops[route.hops.length - 1];
  const routers = route.isComplete ? last.number - 1 : null;
  if (path.capturePoint === 'between' || path.capturePoint === 'unknown')
    doubts.push(
      'The capture was not made at an end: hops are counted from where it was made, and the route from where it was run.',
    );
  if (routers !== null && hostHops !== null && routers !== hostHops)
    doubts.push(
      `It counts ${plural(routers, 'router')} to ${host}, and the TTL of its packets ${hostHops}: the ways there and back differ, or it was run elsewhere.`,
    );
  if (!route.isComplete) doubts.push('It did not reach its target.');
  if (!isDevice || path.resetHops === null || path.placedBy !== 'ttl') return { devices: [], doubts };
  // Counted from the far end as well, where both ends are known: a different begin then shifts nothing.
  const fromHere = path.resetHops + 1;
  const fromHost =
    routers !== null && hostHops !== null ? routers - (hostHops - path.resetHops) + 1 : fromHere;
  const numbers = [...new Set([fromHere, fromHost])].filter((number) => number >= 1 && number <= last.number);
  if (numbers.length > 1)
    doubts.push('Counted from this end and from the other end it is not the same router.');
  const devices = numbers.flatMap((number) => route.hops.filter((hop) => hop.number === number));
  if (devices.some(({ answers }) => answers.length > 1))
    doubts.push('Several routers answered at that distance: the way is shared among them.');
  if (devices.some(({ answers }) => answers.length === 0)) doubts.push('Nothing answered at that distance.');
  return { devices, doubts };
}

export function hopText({ number, answers }: Hop): string {
  if (answers.length === 0) return `hop ${number}, which did not answer`;
  const who = answers
    .map(({ address, name }) => (name === '' ? address : `${name} (${address})`))
    .join(' or ');
  return `hop ${number}: ${who}`;
}
