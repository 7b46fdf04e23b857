/**
 * Sorting by digits of the keys (LSD radix sort, 16 bits a pass): it asks for each key once, compares nothing, and can rest
 * anywhere, which a call of `sort` cannot.
 */
import type { Steps } from './steps.ts';

/** Ids whose keys are asked for between two rests: some milliseconds' work even where each makes a row. */
const SLICE = 4096;
/** Ids moved between two rests. */
const PASS_SLICE = 1 << 16;
const DIGITS = 1 << 16;

/**
 * Sorts ids by keys, ties in the order in which they are given.
 * @param keyOf gives a number or a text for an id, always of one kind; asked once for each
 */
export function* sortSteps<Id extends number>(
  ids: Uint32Array,
  keyOf: (id: Id) => number | string,
  descending: boolean,
): Steps<Uint32Array> {
  const keys = new Float64Array(ids.length);
  const texts = new Map<string, number>();
  for (let i = 0; i < ids.length; i++) {
    const key = keyOf(ids[i] as Id);
    // −0 and 0 are one number, and two patterns of bits.
    if (typeof key === 'number') keys[i] = key + 0;
    else keys[i] = numberOf(key, texts);
    if (i % SLICE === SLICE - 1) yield;
  }
  if (texts.size > 0) yield* rankTexts(keys, texts);
  const order = yield* orderOf(keys, descending);
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
function* rankTexts(keys: Float64Array, numbers: ReadonlyMap<string, number>): Steps<void> {
  const ranks = new Float64Array(numbers.size);
  const sorted = yield* sortTexts([...numbers.keys()]);
  for (let rank = 0; rank < sorted.length; rank++) {
    ranks[numbers.get(sorted[rank]) ?? 0] = rank;
    if (rank % PASS_SLICE === PASS_SLICE - 1) yield;
  }
  for (let i = 0; i < keys.length; i++) keys[i] = ranks[keys[i]];
}

/** Runs of a slice are sorted by themselves, then merged two by two. */
function* sortTexts(texts: readonly string[]): Steps<readonly string[]> {
  let runs: string[][] = [];
  for (let at = 0; at < texts.length; at += SLICE) {
    runs.push(texts.slice(at, at + SLICE).sort());
    yield;
  }
  while (runs.length > 1) {
    const merged: string[][] = [];
    for (let i = 0; i < runs.length; i += 2) {
      if (i + 1 === runs.length) merged.push(runs[i]);
      else merged.push(yield* merge(runs[i], runs[i + 1]));
    }
    runs = merged;
  }
  return runs.at(0) ?? [];
}

function* merge(a: readonly string[], b: readonly string[]): Steps<string[]> {
  const merged: string[] = [];
  for (let i = 0, j = 0; i < a.length || j < b.length;) {
    const isFirst = j >= b.length || (i < a.length && a[i] <= b[j]);
    merged.push(isFirst ? a[i++] : b[j++]);
    if (merged.length % SLICE === 0) yield;
  }
  return merged;
}

/** The places of the keys in ascending or descending order, equal ones in the order in which they stand. */
function* orderOf(keys: Float64Array, descending: boolean): Steps<Uint32Array> {
  const count = keys.length;
  const words = new Uint32Array(keys.buffer, keys.byteOffset, 2 * count);
  // Patterns of bits that sort as the numbers do: of negative ones all bits turned, of others the sign.
  for (let i = 0; i < count; i++) {
    const high = words[2 * i + 1];
    const turn = high >>> 31 === 1 ? -1 : 0;
    const flip = descending ? -1 : 0;
    words[2 * i] = words[2 * i] ^ turn ^ flip;
    words[2 * i + 1] = high ^ (turn | (1 << 31)) ^ flip;
    if (i % PASS_SLICE === PASS_SLICE - 1) yield;
  }
  yield;
  let order = new Uint32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  let next = new Uint32Array(count);
  const places = new Uint32Array(DIGITS);
  for (let digit = 0; digit < 4; digit++) {
    const word = digit >> 1;
    const shift = (digit & 1) << 4;
    places.fill(0);
    for (let i = 0; i < count; i++) {
      places[(words[2 * i + word] >>> shift) & 0xffff]++;
      if (i % PASS_SLICE === PASS_SLICE - 1) yield;
    }
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
      if (i % PASS_SLICE === PASS_SLICE - 1) yield;
    }
    [order, next] = [next, order];
    yield;
  }
  return order;
}
