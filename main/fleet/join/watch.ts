/**
 * The stretch of time, by the clock of another capture, in which the reset would have passed there; and whether that capture watched all of it.
 *
 * Two things bound it. Connections that both captures hold need no clock: one that the first saw begin after the reset shows that the other
 * was still running. Or both machines say how wrong their clocks may be.
 */
import { plural } from '../../../shared/format/count.ts';
import { durationText } from '../../../shared/format/duration.ts';
import { takesResetsAlike } from './capture-filter.ts';
import { type Interval, intersect, offsetOf, type Sample } from './clock.ts';
import type { FlowFacts, SegmentFacts } from './facts.ts';

/** What speaks against a proof, and what takes it away the next time. */
export interface Doubt {
  readonly why: string;
  readonly cure: string | null;
}

export interface Watch {
  /** By the clock there. */
  readonly fromNs: bigint;
  readonly toNs: bigint;
  /** The clock there minus the clock where the reset was captured, in nanoseconds. */
  readonly offset: Interval;
  /** For people. */
  readonly by: string;
}

/** No packet is on its way for longer. */
const LONGEST_WAY_NS = 10e9;
const TOUCHING_NS = 1_000_000_000n;
/** A running capture has judged what it captured after so long. */
export const SETTLED_NS = 60_000_000_000n;

const CLOCK_CURE =
  'let chrony run on both machines, or give both agents --clock-bound, so that their clocks can be compared';

/**
 * @param timeNs of the reset @param bounds how wrong the clocks may be, here and there, as the machines say @param isSame whether the connection
 * there is the same one for certain, so that its begin there was before the reset whatever the clocks say
 */
export function watchOf(
  timeNs: bigint,
  there: FlowFacts,
  samples: readonly Sample[],
  bounds: readonly [here: number | null, there: number | null],
  isSame: boolean,
): Watch | Doubt {
  const derived = offsetOf(samples);
  if (derived === 'contradict')
    return {
      why: 'the connections that both hold leave no difference of the two clocks: one of them was set meanwhile',
      cure: CLOCK_CURE,
    };
  const told = bounds[0] === null || bounds[1] === null ? null : bounds[0] + bounds[1];
  const declared = told === null ? null : { least: -told, most: told };
  const begin = isSame ? (there.synNs ?? there.timeNs) : null;
  if (declared !== null) {
    const offset = derived === 'none' ? declared : intersect(derived, declared);
    if (offset === null)
      return {
        why: 'the two clocks are further apart than their machines say that they can be',
        cure: 'check the clocks of both machines, and what --clock-bound says of them',
      };
    const from = timeNs + BigInt(Math.floor(offset.least - LONGEST_WAY_NS));
    return {
      fromNs: begin !== null && begin > from ? begin : from,
      toNs: timeNs + BigInt(Math.ceil(offset.most)),
      offset,
      by: `the clocks differ by at most ${durationText(Math.max(-offset.least, offset.most))}`,
    };
  }
  if (derived === 'none')
    return {
      why: 'nothing tells how far the two clocks are apart',
      cure: CLOCK_CURE,
    };
  const after = samples.filter(({ syn }) => syn > 0).toSorted((a, b) => a.synAckThere - b.synAckThere);
  if (after.length === 0)
    return {
      why: 'nothing shows that this capture still ran when the reset came: its clock is not known, and no later connection is in both',
      cure: `let both captures run on after a reset, or ${CLOCK_CURE}`,
    };
  const before = samples
    .filter(({ synAck }) => synAck < -LONGEST_WAY_NS)
    .map(({ synThere }) => timeNs + BigInt(Math.floor(synThere)));
  const from = [...before, ...(begin === null ? [] : [begin])].reduce<bigint | null>(
    (latest, one) => (latest === null || one > latest ? one : latest),
    null,
  );
  if (from === null)
    return {
      why: 'nothing shows that this capture already ran when the reset came: its clock is not known, and no earlier connection is in both',
      cure: CLOCK_CURE,
    };
  const toNs = timeNs + BigInt(Math.ceil(after[0].synAckThere));
  return {
    fromNs: from,
    toNs,
    offset: derived,
    by: 'connections before and after the reset are in both captures',
  };
}

/** @param segments of that capture that touch the watch, in any order */
export function watchDoubts(
  watch: Watch,
  segments: readonly SegmentFacts[],
  there: FlowFacts,
  isFile: boolean,
): readonly Doubt[] {
  const sorted = segments.toSorted((a, b) => a.segment - b.segment);
  const first = sorted.at(0);
  const last = sorted.at(-1);
  const notRunning = 'start the captures earlier and end them later than what is looked for';
  if (first === undefined || last === undefined || watch.fromNs > watch.toNs)
    return [{ why: 'its capture did not run at that time, or was not brought', cure: notRunning }];
  const doubts: Doubt[] = [];
  const doubt = (why: string, cure: string | null = null): void => void doubts.push({ why, cure });
  if (first.timeNs > watch.fromNs)
    doubt(
      `its capture may have begun ${durationText(Number(first.timeNs - watch.fromNs))} too late`,
      notRunning,
    );
  if (last.lastTimeNs < watch.toNs)
    doubt(
      `its capture may have ended ${durationText(Number(watch.toNs - last.lastTimeNs))} too early`,
      notRunning,
    );
  for (let at = 1; at < sorted.length; at++) {
    const gap = sorted[at].timeNs - sorted[at - 1].lastTimeNs;
    const isNext = sorted[at].segment === sorted[at - 1].segment + 1;
    if (!isNext || gap > TOUCHING_NS || gap < -TOUCHING_NS) {
      doubt('a part of its capture around that time is missing', 'bring all that its agent wrote');
      break;
    }
  }
  if (sorted.some(({ lost }) => lost === null))
    doubt(
      'nobody counted what its capture lost',
      'capture there with `resetscope live --spool`, which counts losses',
    );
  const lost = sorted.reduce((sum, one) => sum + (one.lost ?? 0), 0);
  if (lost > 0)
    doubt(
      `its capture lost ${plural(lost, 'packet')} around that time`,
      'lose nothing there: a capture filter for the servers in question, a larger buffer, or a faster machine',
    );
  if (sorted.some(({ isWhole }) => !isWhole))
    doubt('a part of its capture is damaged or was not read to its end', 'analyse the whole file there');
  const untold = sorted.reduce((sum, { untold: one }) => sum + one, 0);
  if (untold > 0)
    doubt(`${plural(untold, 'reset or flow', 'resets and flows')} of that time have no row there`, null);
  const hiding = sorted.find(({ filter }) => !takesResetsAlike(filter));
  if (hiding !== undefined)
    doubt(
      'its capture filter may leave out just the reset',
      'capture there without flags, lengths, bytes and link addresses in the filter',
    );
  if (there.isOpen && there.segment < last.segment)
    doubt('its list of open connections is older than the reset', 'bring all that its agent wrote');
  const isTold = there.isOpen || isFile || there.lastTimeNs >= watch.toNs;
  if (!isTold && last.lastTimeNs < watch.toNs + SETTLED_NS)
    doubt('resets of that time may not have been told there yet', 'ask again when its next part was brought');
  return doubts;
}
