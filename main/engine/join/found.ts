/** What a person should know of the way between two vantages, in short sentences. */
import { plural } from '../../../shared/format/count.ts';
import { durationText } from '../../../shared/format/duration.ts';
import { relativeSeconds } from '../../../shared/format/time.ts';
import { CHANGED, type ClockStep, type MatchClass } from '../../../shared/model/join.ts';
import type { WayBetween } from './way-between.ts';

/** Steps that are told one by one. */
const MOST_STEPS = 3;

/**
 * @param changes CHANGED bits that occur on the way
 * @param second name of the second vantage
 */
export function foundOnTheWay(
  way: WayBetween,
  kind: MatchClass,
  changes: number,
  names: { readonly first: string; readonly second: string },
): string[] {
  const has = (bit: number): boolean => (changes & bit) !== 0;
  const texts: string[] = [];
  if (kind === 'proxied') texts.push('A proxy ends connections: other sequence numbers, the same bytes');
  texts.push(...way.translations.texts(way.nearer < 0));
  if (way.routers !== null && way.routers > 0) {
    texts.push(`TTLs fall by ${way.routers}: ${plural(way.routers, 'router')} between`);
  }
  if (has(CHANGED.options)) texts.push('TCP options are changed on the way');
  if (has(CHANGED.tos)) texts.push('DSCP or ECN are changed on the way');
  if (has(CHANGED.segments)) {
    texts.push(
      'Segments differ: at one capture point they were taken before offload splits them, or after it joins them',
    );
  }
  const steps = way.clock?.steps ?? [];
  for (const step of steps.slice(0, MOST_STEPS)) texts.push(stepText(step, names));
  if (steps.length > MOST_STEPS) texts.push(`${plural(steps.length - MOST_STEPS, 'more step')} of a clock`);
  return texts;
}

function stepText(
  { timeNs, byNs }: ClockStep,
  names: { readonly first: string; readonly second: string },
): string {
  const size = `${byNs < 0 ? '−' : '+'}${durationText(Math.abs(byNs))}`;
  const at = relativeSeconds(timeNs, 3);
  return `A clock stepped: that of ${names.second} against that of ${names.first} by ${size}, at ${at} s`;
}
