/** What made a reset, and where, in the few words that stand on the path strip. */
import { causeOf } from '../causes/list.ts';
import type { CauseCode } from '../model/cause.ts';
import type { Verdict } from '../model/verdict.ts';
import { plural } from '../format/count.ts';
import { hopsText, percentText } from './origin.ts';

/** What kind of device each cause needs; other causes say nothing of it. */
const DEVICES: Partial<Record<CauseCode, string>> = {
  'firewall-reject': 'firewall',
  'nat-state-lost': 'address translation',
  'translation-missing': 'address translation',
  'stateful-device-lost-flow': 'stateful firewall or translation',
  'proxy-reset': 'proxy or load balancer',
};
/** Below this the cause does not say what kind of device it was. */
const SURE_ENOUGH = 0.6;

/** "firewall", "load balancer or proxy", "device"; '' for the host itself. */
export function makerWord({ path, cause }: Verdict): string {
  switch (path.maker) {
    case 'host':
    case 'open':
      return '';
    case 'other-host':
      return 'another host of this address';
    case 'front-end':
      return 'load balancer or proxy before it';
    case 'forwarder':
      return 'the capturing machine';
    case 'device':
      return (cause.confidence >= SURE_ENOUGH ? DEVICES[cause.code] : undefined) ?? 'device';
  }
}

/** The name of the capture point that begins with a file. */
export type NameOfPoint = (file: number) => string;

/**
 * Where hops are counted from: `the capture`, of several `the capture at middle`, that nearest to the claimed sender of those that saw
 * the reset. A capture point may be called as a host is: it is never named alone.
 */
function countedFrom({ path, claimed }: Verdict, nameOf: NameOfPoint | undefined): string {
  const seen = path.vantages.filter(({ sees }) => sees === 'seen');
  const nearest = seen.at(claimed === 'client' ? 0 : -1);
  return nearest === undefined || nameOf === undefined
    ? 'the capture'
    : `the capture at ${nameOf(nearest.file)}`;
}

/** Where it was made, no more exactly than is known. */
export function makerPlace(verdict: Verdict, nameOf?: NameOfPoint): string {
  const { path, origin } = verdict;
  if (origin.kind !== 'middlebox') return '';
  if (path.maker === 'forwarder') return 'made here';
  switch (path.placedBy) {
    case 'nothing':
      return 'somewhere on the path';
    case 'time':
      return `in the first ${percentText(shareFromCapture(path))} of the way, by its delay`;
    case 'ttl':
    case 'host': {
      // In the same words as the headline, which counts the routers between.
      const routers = path.resetHops ?? 0;
      const from = countedFrom(verdict, nameOf);
      if (routers === 0) return `next to ${from}, by its TTL`;
      return `${hopsText(routers)} ${path.vantages.length > 1 ? `from ${from}` : 'away'}, by its TTL`;
    }
  }
}

function shareFromCapture({ place, capturePoint }: Verdict['path']): number {
  const share = place ?? 1;
  return Math.max(0.01, capturePoint === 'server' ? 1 - share : share);
}

/** What the place rests on, for those who want to know how far to trust it. */
export function placeBasis(verdict: Verdict, nameOf?: NameOfPoint): string {
  const { path, origin, cause } = verdict;
  if (origin.kind !== 'middlebox') return '';
  switch (path.placedBy) {
    case 'nothing':
      return 'Neither its TTL nor its delay says where on the path the device is.';
    case 'time':
      return 'The reset came too soon to have been made farther away; how much nearer it was made is not known.';
    case 'ttl':
      return `Its TTL counts ${plural(path.resetHops ?? 0, 'router')} on the way, if it began at one of the usual values: it would be hop ${(path.resetHops ?? 0) + 1} of a traceroute from ${countedFrom(verdict, nameOf)}. A device may begin elsewhere, so the hop is likely and not certain.`;
    case 'host':
      return causeOf(cause.code).title;
  }
}
