/**
 * Sorted and filtered lists of ids, made in slices so that one long sort or filter never holds up the engine:
 * the caller yields between slices and may stop. A list of ids is plain numbers; what looks at one of them says of what kind
 * they are.
 */

/** Called between slices; rejects to stop. */
export type Breathe = () => Promise<void>;

/** Ids looked at between two breaths: some milliseconds' work even where each makes a row. */
const SLICE = 4096;

/** Those of the ids that pass, in their order. */
export async function selectIds<Id extends number>(
  all: Uint32Array,
  passes: ((id: Id) => boolean) | undefined,
  breathe: Breathe,
): Promise<Uint32Array> {
  if (passes === undefined) return all;
  const ids = new Uint32Array(all.length);
  let kept = 0;
  for (let i = 0; i < all.length; i++) {
    if (passes(all[i] as Id)) ids[kept++] = all[i];
    if (i % SLICE === SLICE - 1) await breathe();
  }
  return ids.slice(0, kept);
}

/**
 * Sorts ids by keys, ties in order of id.
 * @param keyOf gives a number or a text for an id; asked once for each
 */
export async function sortIds<Id extends number>(
  ids: Uint32Array,
  keyOf: (id: Id) => number | string,
  descending: boolean,
  breathe: Breathe,
): Promise<Uint32Array> {
  const keys: (number | string)[] = new Array<number | string>(ids.length);
  for (let i = 0; i < ids.length; i++) {
    keys[i] = keyOf(ids[i] as Id);
    if (i % SLICE === SLICE - 1) await breathe();
  }
  const order = new Uint32Array(ids.length);
  for (let i = 0; i < order.length; i++) order[i] = i;
  const sign = descending ? -1 : 1;
  order.sort((a, b) => {
    const x = keys[a];
    const y = keys[b];
    if (x < y) return -sign;
    if (x > y) return sign;
    return a - b;
  });
  return order.map((i) => ids[i]);
}
