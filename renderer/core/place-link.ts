/** An address that leads others to what is shown, or oneself to it later. */
import type { Place } from '../state/place.ts';
import { placeText } from './place.ts';

/** Where the desktop app listens to links; packages register it with the system. */
export const LINK_SCHEME = 'resetscope';

interface LinkParts {
  readonly place: Place;
  /** Of the loopback host; null where the app has no address of its own. */
  readonly base: string | null;
  readonly paths: readonly string[];
}

export function placeLink({ place, base, paths }: LinkParts): string {
  if (base !== null) return `${base}#${placeText(place)}`;
  const query = new URLSearchParams(paths.map((path) => ['path', path]));
  // Whoever follows it may have other captures open: a number would lead into a wrong one.
  return `${LINK_SCHEME}://open?${query}#${placeText({ ...place, capture: null })}`;
}
