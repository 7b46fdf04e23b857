/** What a person should know of the way between two vantages, in short sentences. */
import { plural } from '../../../shared/format/count.ts';
import { durationText } from '../../../shared/format/duration.ts';
import { relativeSeconds } from '../../../shared/format/time.ts';
import { CHANGED, type ClockStep } from '../../../shared/model/join.ts';
import { shareText } from './share-text.ts';
import type { Counts } from './tally.ts';
import type { WayBetween } from './way-between.ts';

/** Steps that are told one by one. */
const MOST_STEPS = 3;
/** Fewer packets may miss, or have the same times, by chance. */
const ENOUGH = 10;

export interface Passed {
  readonly connections: number;
  readonly matched: number;
  /** Of those that were matched: packets with one and the same time at both. */
  readonly sameTimes: number;
  /** By the bit of CHANGED (its number, not its value): connections in which it occurs. */
  readonly changedIn: ArrayLike<number>;
  /** By direction: packets at both, only at the first, only at the second. */
  readonly directions: readonly [Counts, Counts];
}

export interface Names {
  readonly first: string;
  readonly second: string;
}

export function foundOnTheWay(way: WayBetween, passed: Passed, names: Names): string[] {
  const texts = [...onePointText(passed), ...oneDirectionTexts(passed, names)];
  texts.push(...way.translations.texts(way.nearer < 0));
  if (way.routers !== null && way.routers > 0) {
    texts.push(`TTLs fall by ${way.routers}: ${plural(way.routers, 'router')} between`);
  }
  const changed: readonly (readonly [bit: number, text: string, more: string])[] = [
    [CHANGED.options, 'TCP options are changed on the way', ''],
    [CHANGED.tos, 'DSCP or ECN are changed on the way', ''],
    [
      CHANGED.segments,
      'Segments differ',
      ': at one capture point they were taken before offload splits them, or after it joins them',
    ],
  ];
  for (const [bit, text, more] of changed) {
    const count = passed.changedIn[Math.log2(bit)];
    if (count > 0) texts.push(text + shareText(count, passed.connections) + more);
  }
  const steps = way.clock?.steps ?? [];
  for (const step of steps.slice(0, MOST_STEPS)) texts.push(stepText(step, names));
  if (steps.length > MOST_STEPS) texts.push(`${plural(steps.length - MOST_STEPS, 'more step')} of a clock`);
  return texts;
}

/** The kernel stamps a packet once for all that listen at one point; two points never agree in each of many. */
function onePointText({ matched, sameTimes }: Passed): string[] {
  if (matched < ENOUGH || sameTimes < matched) return [];
  return [
    'All packets have the same times at both: they were captured at one point, or one capture is a copy or a part of the other, ' +
      'so that both prove no more than one of them',
  ];
}

/** A capture filter, a mirror port or the way itself may leave one direction out. */
function oneDirectionTexts({ directions }: Passed, names: Names): string[] {
  return directions.flatMap((counts, direction) => {
    const [both, onlyFirst, onlySecond] = counts;
    if (both > 0 || Math.max(onlyFirst, onlySecond) < ENOUGH || directions[1 - direction][0] === 0) return [];
    const to = direction === 0 ? 'servers' : 'clients';
    const point = onlyFirst > onlySecond ? names.second : names.first;
    return [
      `No packet to the ${to} is in ${point}: its capture filter, its port or the way leaves this direction out`,
    ];
  });
}

function stepText({ timeNs, byNs }: ClockStep, names: Names): string {
  const size = `${byNs < 0 ? '−' : '+'}${durationText(Math.abs(byNs))}`;
  const at = relativeSeconds(timeNs, 3);
  return `A clock stepped: that of ${names.second} against that of ${names.first} by ${size}, at ${at} s`;
}
