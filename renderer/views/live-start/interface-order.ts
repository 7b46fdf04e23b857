/** Which interfaces are listed, and in which order. */
import type { CaptureInterface } from '../../../shared/model/live.ts';
import { interfaceWords } from '../../words/live-text.ts';
import type { Traffic } from './use-counters.ts';

/** Hosts of containers have thousands of interfaces: more than these are only found by the search. */
export const MAX_LISTED = 60;
/** The search is shown where there are more interfaces than this. */
export const SEARCH_FROM = 8;

/**
 * Those with traffic first, then those that had any, those that are up, the rest. An interface only ever moves up, so
 * that rows do not move under the pointer whenever somebody pauses.
 */
function classOf({ name, up }: CaptureInterface, { byName }: Traffic): number {
  const traffic = byName.get(name);
  if (traffic?.wasActive === true) return 0;
  if (!up) return 3;
  return (traffic?.totalPackets ?? 0) > 0 ? 1 : 2;
}

export function listedInterfaces(
  interfaces: readonly CaptureInterface[],
  traffic: Traffic,
  search: string,
): { readonly shown: readonly CaptureInterface[]; readonly hidden: number } {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const found = interfaces
    .filter((one) => {
      const text = interfaceWords(one);
      return words.every((word) => text.includes(word));
    })
    .map((one, index) => ({ one, index, order: classOf(one, traffic) + (one.loopback ? 0.5 : 0) }))
    .sort((a, b) => a.order - b.order || a.index - b.index)
    .map(({ one }) => one);
  return { shown: found.slice(0, MAX_LISTED), hidden: Math.max(0, found.length - MAX_LISTED) };
}
