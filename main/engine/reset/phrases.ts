/** Phrases that several texts about a reset share. */
import { endpointText } from '../../../shared/format/endpoint.ts';
import { durationText } from '../../../shared/format/duration.ts';
import { isoTimeOfDay } from '../../../shared/format/time.ts';
import type { FlowRecord } from '../../../shared/base/units.ts';
import type { Side } from '../../../shared/model/verdict.ts';
import { portOf } from './observe/flow-ends.ts';
import { hopsOf } from './observe/hops.ts';
import type { CaptureView } from './observe/view.ts';

const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

export function hopsText(hops: number): string {
  return `${NUMBERS[hops] ?? String(hops)} ${hops === 1 ? 'hop' : 'hops'}`;
}

/** "two hops away", "next to the capture point". */
export function awayText(hops: number): string {
  return hops === 0 ? 'next to the capture point' : `${hopsText(hops)} away`;
}

/** "TTL 62, two hops away"; the TTL alone where it says nothing about the distance. */
export function ttlText(ttl: number): string {
  const hops = hopsOf(ttl);
  return hops < 0 ? `TTL ${ttl}` : `TTL ${ttl}, ${awayText(hops)}`;
}

const SECOND_NS = 1e9;
const TENTHS = 10;

/**
 * "12.3 ms" of nanoseconds; "an unknown time" below 0. From a second on the hundredths are round trips and work, and would only blur
 * the timer: "5 s" of 5.01 s. All sentences round alike, so that one silence is one number.
 */
export function delayText(ns: number): string {
  if (ns < 0) return 'an unknown time';
  return durationText(ns < SECOND_NS ? ns : (Math.round((ns / SECOND_NS) * TENTHS) / TENTHS) * SECOND_NS);
}

export function sideName(direction: 0 | 1): Side {
  return direction === 0 ? 'client' : 'server';
}

/** "10.0.0.2:443": address and port of one side of a flow. */
export function endText(view: CaptureView, flow: FlowRecord, side: 0 | 1): string {
  return endpointText(view.addressText(flow, side), portOf(view, flow, side));
}

/** "22:13:20.4 UTC", to look up in a log. */
export function clockText(view: CaptureView, ns: number): string {
  const { epochNs } = view;
  return epochNs === undefined ? delayText(ns) : `${isoTimeOfDay(epochNs, ns).slice(0, 10)} UTC`;
}

/** "one try", "six tries". */
export function triesText(tries: number): string {
  return `${NUMBERS[tries] ?? String(tries)} ${tries === 1 ? 'try' : 'tries'}`;
}

/** "2 %" of 0.023; never 0. */
export function shareText(share: number): string {
  return share < 0.01 ? 'less than 1 %' : `${Math.round(share * 100)} %`;
}

/** "a, b and c", as Intl.ListFormat says it in en-GB; that one takes longer to set up than a small capture to read. */
export function listText(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}

/** "0.6 %" of 0.0058: a bound is rounded up. */
export function boundText(share: number): string {
  const percent = share * 100;
  if (percent >= 1) return `${Math.ceil(percent)} %`;
  const digits = Math.min(4, Math.ceil(-Math.log10(percent)));
  const scale = 10 ** digits;
  return `${(Math.ceil(percent * scale) / scale).toFixed(digits)} %`;
}

/** What Linux' habits are asked on: no system is known by this alone, and what stands before a host may write its SYN anew. */
export function linuxOrder(sender: Side): string {
  return `the ${sender}'s handshake has its options in Linux' order`;
}
