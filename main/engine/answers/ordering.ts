/**
 * Sorted and filtered lists of ids, made in slices so that one long sort or filter never holds up the engine:
 * the caller yields between slices and may stop. A list of ids is plain numbers; what looks at one of them says of what kind
 * they are.
 *
 * Sorting is by digits of the keys (LSD radix sort, 16 bits a pass): it asks for each key once, compares nothing, and can rest
 * anywhere, which a call of `sort` cannot.
 */

/** Called between slices; rejects to stop. */
export type Breathe = () => Promise<void>;

/** Ids looked at between two breaths: some milliseconds' work even where each makes a row. */
const SLICE = 4096;
/** Ids moved between two breaths. */
const PASS_SLICE = 1 << 16;
const DIGITS = 1 << 16;

/**
 * Sorts ids by keys, ties in order of id.
 * @param keyOf gives a number or a text for an id, always of one kind; asked once for each
 */
export async function sortIds<Id extends number>(
  ids: Uint32Array,
  keyOf: (id: Id) => number | string,
  descending: boolean,
  breathe: Breathe,
): Promise<Uint32Array> {
  const keys = new Float64Array(ids.length);
  const texts = new Map<string, number>();
  for (let i = 0; i < ids.length; i++) {
    const key = keyOf(ids[i] as Id);
    // −0 and 0 are one number, and two patterns of bits.
    if (typeof key === 'number') keys[i] = key + 0;
    else keys[i] = numberOf(key, texts);
    if (i % SLICE === SLICE - 1) await breathe();
  }
  if (texts.size > 0) await rankTexts(keys, texts, breathe);
  const order = await orderOf(keys, descending, breathe);
  for (let i = 0; i < order.length; i++) order[i] = ids[order[i]];
  return order;
}

/** Different texts are numbered as they come. */
function numberOf(text: string, numbers: Map<string, number>): number {
  let number = numbers.get(text);
  if (number === undefined) {
    number = numbers.size;
    numbers.set(text, number);
  }
  return number;
}

/** Puts the place of each text among all texts in the place of its number. */
async function rankTexts(
  keys: Float64Array,
  numbers: ReadonlyMap<string, number>,
  breathe: Breathe,
): Promise<void> {
  const ranks = new Float64Array(numbers.size);
  const sorted = [...numbers.keys()].sort();
  await breathe();
  sorted.forEach((text, rank) => {
    ranks[numbers.get(text) ?? 0] = rank;
  });
  for (let i = 0; i < keys.length; i++) keys[i] = ranks[keys[i]];
}

/** The places of the keys in ascending or descending order, equal ones in the order in which they stand. */
async function orderOf(keys: Float64Array, descending: boolean, breathe: Breathe): Promise<Uint32Array> {
  const count = keys.length;
  const words = new Uint32Array(keys.buffer, keys.byteOffset, 2 * count);
  // Patterns of bits that sort as the numbers do: of negative ones all bits turned, of others the sign.
  for (let i = 0; i < count; i++) {
    const high = words[2 * i + 1];
    const turn = high >>> 31 === 1 ? -1 : 0;
    const flip = descending ? -1 : 0;
    words[2 * i] = words[2 * i] ^ turn ^ flip;
    words[2 * i + 1] = high ^ (turn | (1 << 31)) ^ flip;
  }
  await breathe();
  let order = Uint32Array.from({ length: count }, (_, i) => i);
  let next = new Uint32Array(count);
  const places = new Uint32Array(DIGITS);
  for (let digit = 0; digit < 4; digit++) {
    const word = digit >> 1;
    const shift = (digit & 1) << 4;
    places.fill(0);
    for (let i = 0; i < count; i++) places[(words[2 * i + word] >>> shift) & 0xffff]++;
    if (count === 0 || places[(words[word] >>> shift) & 0xffff] === count) continue;
    let place = 0;
    for (let i = 0; i < DIGITS; i++) {
      const here = places[i];
      places[i] = place;
      place += here;
    }
    for (let i = 0; i < count; i++) {
      const one = order[i];
      next[places[(words[2 * one + word] >>> shift) & 0xffff]++] = one;
      if (i % PASS_SLICE === PASS_SLICE - 1) await breathe();
    }
    [order, next] = [next, order];
    await breathe();
  }
  return order;
}
