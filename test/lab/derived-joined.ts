/** The same facts, captured at several places of which one is worse than the others: its clock, its length, what it keeps. */
import type { Random } from '../bench/random.ts';
import { coalesce } from './coalesce.ts';
import { aheadAt } from './clock.ts';
import { isReset, type PathFacts } from './facts.ts';
import { parseSegment } from './frames.ts';
import type { ClockTruth, LabelledCapture, LabelledFrame } from './output.ts';
import type { Place } from './places.ts';

export const JOINED_DERIVATIONS = [
  'clock-offset',
  'clock-drift',
  'clock-step',
  'starts-late',
  'ends-early',
  'snaplen-96',
  'one-way-only',
  'offloaded',
  'capture-loss',
] as const;
export type JoinedDerivation = (typeof JOINED_DERIVATIONS)[number];

/** Those that only long captures tell apart. */
export const CLOCK_DERIVATIONS = [
  'clock-offset',
  'clock-drift',
  'clock-step',
] as const satisfies JoinedDerivation[];

const HOUR_NS = 3_600e9;
const STEP_NS = 0.5e9;
const DRIFT_PPM = 40;
/** Of a hundred frames, what a capture that is too slow does not keep. */
const LOST_PERCENT = 3;
const SNAP = 96;

/** Makes the capture of one place, which chance chooses, worse; an empty map where that leaves nothing of it. */
export function deriveJoined(
  how: JoinedDerivation,
  captures: ReadonlyMap<Place, LabelledCapture>,
  path: PathFacts,
  random: Random,
): Map<Place, LabelledCapture> {
  const places = [...captures.keys()];
  const chosen = places[random.between(0, places.length)];
  const worse = new Map(captures);
  const capture = captures.get(chosen);
  if (capture === undefined || capture.frames.length < 2) return new Map();
  const frames = { ...capture, frames: worsenFrames(how, capture, path, random) };
  worse.set(chosen, how.startsWith('clock-') ? withClock(capture, clockOf(how, capture, random)) : frames);
  return worse.get(chosen)?.frames.length === 0 ? new Map() : worse;
}

function worsenFrames(
  how: JoinedDerivation,
  { frames, linkType }: LabelledCapture,
  path: PathFacts,
  random: Random,
): readonly LabelledFrame[] {
  const cut = Math.floor(frames.length * (0.2 + 0.5 * random.unit()));
  switch (how) {
    case 'starts-late':
      return frames.slice(cut);
    case 'ends-early':
      return frames.slice(0, frames.length - cut);
    case 'snaplen-96':
      return frames.map((frame) => {
        const data = frame.data.subarray(0, SNAP);
        const segment = parseSegment(data, linkType);
        // Behind extension headers the flags may be cut off.
        return { ...frame, data, truth: segment !== null && isReset(segment) ? frame.truth : null };
      });
    case 'one-way-only': {
      const fromClient = random.chance(0.5);
      return frames.filter(
        ({ segment }) => segment === null || (path.owners.get(segment.source) === 'client') === fromClient,
      );
    }
    case 'offloaded':
      return coalesce(frames, linkType);
    case 'capture-loss':
      return frames.filter(() => !random.chance(LOST_PERCENT / 100));
    default:
      return frames;
  }
}

function clockOf(how: JoinedDerivation, { frames }: LabelledCapture, random: Random): ClockTruth {
  const fromNs = String(frames[0].timeNs);
  const sign = random.chance(0.5) ? 1 : -1;
  const right = { offsetNs: 0, ppm: 0, fromNs, stepAtNs: null, stepNs: 0 };
  if (how === 'clock-offset')
    return { ...right, offsetNs: Math.round(sign * HOUR_NS * random.between(1, 12)) };
  if (how === 'clock-drift')
    return {
      ...right,
      offsetNs: Math.round(sign * 1e9 * random.unit()),
      ppm: random.chance(0.5) ? DRIFT_PPM : -DRIFT_PPM,
    };
  const middle = frames[Math.floor(frames.length * (0.3 + 0.4 * random.unit()))];
  return { ...right, stepAtNs: String(middle.timeNs), stepNs: random.chance(0.7) ? STEP_NS : -STEP_NS };
}

function withClock(capture: LabelledCapture, clock: ClockTruth): LabelledCapture {
  const frames = capture.frames.map((frame) => ({
    ...frame,
    timeNs: frame.timeNs + BigInt(Math.round(aheadAt(frame.timeNs, 0, clock))),
  }));
  return { ...capture, frames, clock };
}
