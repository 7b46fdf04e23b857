/** The same facts, captured worse: what people send when they were not asked for more. */
import type { Random } from '../bench/random.ts';
import { LINK_ETHERNET, parseSegment } from './frames.ts';
import type { LabelledCapture, LabelledFrame } from './output.ts';
import type { Place } from './places.ts';
import { isReset, type PathFacts } from './facts.ts';

export const DERIVATIONS = ['one-sided', 'duplicated', 'headers-only', 'late-start'] as const;
export type Derivation = (typeof DERIVATIONS)[number];

export function derive(
  how: Derivation,
  captures: ReadonlyMap<Place, LabelledCapture>,
  path: PathFacts,
  random: Random,
): Map<Place, LabelledCapture> {
  const fromClient = random.chance(0.5);
  const out = new Map<Place, LabelledCapture>();
  for (const [place, capture] of captures)
    out.set(place, { ...capture, frames: worsen(how, capture, path, fromClient) });
  return out;
}

function worsen(
  how: Derivation,
  capture: LabelledCapture,
  path: PathFacts,
  fromClient: boolean,
): readonly LabelledFrame[] {
  switch (how) {
    case 'one-sided':
      return capture.frames.filter(
        ({ segment }) => segment === null || (path.owners.get(segment.source) === 'client') === fromClient,
      );
    case 'duplicated':
      // A mirror port that copies both the way in and the way out: each frame twice, microseconds apart.
      return capture.frames
        .flatMap((frame) => [frame, { ...frame, timeNs: frame.timeNs + 3_000n }])
        .sort((a, b) => (a.timeNs < b.timeNs ? -1 : a.timeNs > b.timeNs ? 1 : 0));
    case 'headers-only': {
      const keep = capture.linkType === LINK_ETHERNET ? 78 : 84;
      return capture.frames.map((frame) => {
        const data = frame.data.subarray(0, keep);
        // Behind extension headers the flags are cut off: nobody can see that it is a reset.
        const segment = parseSegment(data, capture.linkType);
        return { ...frame, data, truth: segment !== null && isReset(segment) ? frame.truth : null };
      });
    }
    case 'late-start': {
      // The capture is started when somebody complains, in the middle of what the scenario did.
      const first = capture.frames.findIndex((frame) => frame.truth !== null);
      const own = capture.frames.flatMap((frame, at) => (frame.scenario !== '' && at < first ? [at] : []));
      return capture.frames.slice(own[Math.floor(own.length / 2)] ?? 0);
    }
  }
}
