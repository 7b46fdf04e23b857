/**
 * The verdict that follows from what all other captures say.
 *
 * Invariant: nothing but a capture that stands nearer to the claimed sender than every capture that holds the reset, and that proves its absence,
 * makes a reset forged; and nothing but one at the sender that holds it makes it sent. All else is open.
 */
import { nearness } from './nearness.ts';
import type { ResetFacts } from './facts.ts';
import type { Case, Place, Testimony, Weighed } from './witness.ts';

/** A capture that holds the reset. */
export interface Sighting {
  readonly place: Place;
  readonly flow: Testimony['flow'];
  readonly reset: ResetFacts;
  /** Whether it is known to hold it as often as the capture of the reset. */
  readonly isEach: boolean;
}

export type Ruling =
  | {
      readonly verdict: 'forged';
      readonly seen: Sighting;
      readonly absent: Weighed;
      /** Further captures nearer to the sender that prove the same. */
      readonly more: readonly Weighed[];
    }
  | {
      readonly verdict: 'sent';
      readonly seen: Sighting;
      /** `own`: that machine made it, by its own record. `segment`: no router stands between it and the sender. */
      readonly how: 'own' | 'segment';
    }
  | {
      readonly verdict: 'open';
      /** Where it was captured nearest to the claimed sender. */
      readonly seen: Sighting;
    };

/** Evidence that the capturing machine itself is the sender. */
const OWN = new Set(['kernel-sent', 'sent-from-here']);
/** Evidence that it came to that machine from elsewhere, or was made there in another’s name. */
const NOT_OWN = new Set([
  ...[
    'kernel-sent-for-another',
    'kernel-did-not-send',
    'kernel-did-not-send-own',
    'own-address-from-outside',
  ],
  ...['made-here-for-another', 'made-by-forwarder', 'passed-through-here'],
]);

export function rule(
  the: Case,
  weighed: readonly Weighed[],
): { readonly ruling: Ruling; readonly weighed: readonly Weighed[] } {
  const { claimed } = the.reset;
  const own: Sighting = { place: the.place, flow: the.flow, reset: the.reset, isEach: true };
  const others = weighed.filter(({ sees }) => sees === 'seen');
  const sightings = [own, ...others.map((one) => sightingOf(the, one))];
  const checked = weighed.map((one) => {
    if (one.sees !== 'absent' || one.isNearerSender !== true) return one;
    const nearer = sightings.find((seen) => seen !== own && !isNearerThan(one, seen, claimed));
    return nearer === undefined ? one : contradicted(one, nearer);
  });
  const absent = checked
    .filter(({ sees, isNearerSender }) => sees === 'absent' && isNearerSender === true)
    .toSorted((a, b) => hopsAt(b, claimed) - hopsAt(a, claimed));
  const nearestSeen = others
    .filter(({ isNearerSender }) => isNearerSender === true)
    .toSorted((a, b) => hopsAt(a, claimed) - hopsAt(b, claimed))
    .map((one) => sightingOf(the, one))
    .at(0);
  const seen = nearestSeen ?? own;
  const how = sentHow(seen, own, claimed);
  if (absent.length > 0) {
    const ruling: Ruling =
      how === 'own'
        ? { verdict: 'open', seen }
        : { verdict: 'forged', seen, absent: absent[0], more: absent.slice(1) };
    return { ruling, weighed: checked };
  }
  if (how !== null) return { ruling: { verdict: 'sent', seen, how }, weighed: checked };
  return { ruling: { verdict: 'open', seen }, weighed: checked };
}

function hopsAt({ testimony }: Weighed, claimed: ResetFacts['claimed']): number {
  return testimony.flow.hops[claimed] ?? 0;
}

function sightingOf(the: Case, { testimony, counts }: Weighed): Sighting {
  const reset =
    testimony.resets.find(
      ({ resetKey, flow }) => resetKey === the.reset.resetKey && flow === testimony.flow.flow,
    ) ??
    testimony.resets.find(({ resetKey }) => resetKey === the.reset.resetKey) ??
    the.reset;
  return { place: testimony.place, flow: testimony.flow, reset, isEach: counts.there >= counts.here };
}

function isNearerThan(one: Weighed, seen: Sighting, claimed: ResetFacts['claimed']): boolean {
  const { flow, place } = one.testimony;
  const isSameHost = place.host === seen.place.host;
  return nearness(seen.flow, flow, claimed, { samples: [], isSameHost }).isNearer === true;
}

function contradicted(one: Weighed, seen: Sighting): Weighed {
  const why = `${seen.place.host} holds the reset and may stand nearer to its sender: then it took another way, or was missed here`;
  return { ...one, sees: 'unclear', because: [why, ...one.because], doubts: [{ why, cure: null }] };
}

function sentHow(seen: Sighting, own: Sighting, claimed: ResetFacts['claimed']): 'own' | 'segment' | null {
  const { reset, flow, isEach } = seen;
  if (flow.hops[claimed] !== 0 || !isEach) return null;
  if (reset.evidence.some((code) => NOT_OWN.has(code))) return null;
  if (reset.evidence.some((code) => OWN.has(code))) return 'own';
  return seen !== own && reset.origin === 'endpoint' ? 'segment' : null;
}
