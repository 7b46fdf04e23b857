/**
 * Sorted lists of ids, made in slices so that one long sort never holds up the engine: the caller yields between slices and may stop. A
 * list of ids is plain numbers; what looks at one of them says of what kind they are.
 */
import { sortSteps } from '../../../shared/base/radix-order.ts';
import { inSlices } from '../../../shared/base/steps.ts';

/** Called between slices; rejects to stop. */
export type Breathe = () => Promise<void>;

/**
 * Sorts ids by keys, ties in order of id.
 * @param keyOf gives a number or a text for an id, always of one kind; asked once for each
 */
export function sortIds<Id extends number>(
  ids: Uint32Array,
  keyOf: (id: Id) => number | string,
  descending: boolean,
  breathe: Breathe,
): Promise<Uint32Array> {
  return inSlices(sortSteps(ids, keyOf, descending), breathe);
}
