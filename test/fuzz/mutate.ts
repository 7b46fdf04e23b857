/** Seeded damage to byte strings. The same seed gives the same damage on every machine. */

/** mulberry32: 32 bits of state are plenty for picking places to damage. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** An integer in [0, below). */
  below(below: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000) * below);
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)];
  }
}

/** Numbers at which length and count fields break. */
const EDGES = [
  0, 1, 3, 4, 7, 8, 11, 12, 15, 16, 20, 24, 28, 31, 32, 60, 0x7f, 0x80, 0xff, 0x100, 0x3fff, 0x7fff, 0x8000,
  0xffff, 0x10000, 0xfffff, 0x1000000, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff,
];

type Mutation = (input: Uint8Array, random: Random, corpus: readonly Uint8Array[]) => Uint8Array;

/** Damages `input` in one to six ways, none of which changes `input` itself. */
export function mutate(input: Uint8Array, random: Random, corpus: readonly Uint8Array[]): Uint8Array {
  let output: Uint8Array = input.slice();
  for (let rounds = 1 + random.below(6); rounds > 0; rounds--) {
    output = random.pick(MUTATIONS)(output, random, corpus);
  }
  return output;
}

const flipBits: Mutation = (bytes, random) => {
  for (let n = 1 + random.below(8); n > 0 && bytes.length > 0; n--) {
    bytes[random.below(bytes.length)] ^= 1 << random.below(8);
  }
  return bytes;
};

const setBytes: Mutation = (bytes, random) => {
  for (let n = 1 + random.below(4); n > 0 && bytes.length > 0; n--) {
    bytes[random.below(bytes.length)] = random.below(256);
  }
  return bytes;
};

/** Overwrites a 16-bit or 32-bit field, mostly an aligned one, by an edge or by near what it was. */
const editField: Mutation = (bytes, random) => {
  const width = random.pick([2, 4]);
  if (bytes.length < width) return bytes;
  let at = random.below(bytes.length - width + 1);
  if (random.below(4) > 0) at &= ~(width - 1);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = random.below(2) === 0;
  const old = width === 2 ? view.getUint16(at, little) : view.getUint32(at, little);
  const value = random.below(3) === 0 ? old + random.below(9) - 4 : random.pick(EDGES);
  if (width === 2) view.setUint16(at, value, little);
  else view.setUint32(at, value, little);
  return bytes;
};

const truncate: Mutation = (bytes, random) => bytes.slice(0, random.below(bytes.length + 1));

const remove: Mutation = (bytes, random) => {
  const from = random.below(bytes.length + 1);
  const to = Math.min(bytes.length, from + random.below(200));
  return concat(bytes.subarray(0, from), bytes.subarray(to));
};

/** Puts in zeros, a repeated byte, or a copy of what is there. */
const insert: Mutation = (bytes, random) => {
  const at = random.below(bytes.length + 1);
  const length = random.below(random.pick([4, 64, 2000]));
  const from = random.below(bytes.length + 1);
  const added =
    random.below(3) === 0
      ? bytes.slice(from, from + length)
      : new Uint8Array(length).fill(random.pick([0, 0xff, 0xa5]));
  return concat(bytes.subarray(0, at), added, bytes.subarray(at));
};

/** The begin of one input and the end of another. */
const splice: Mutation = (bytes, random, corpus) => {
  const other = random.pick(corpus);
  return concat(
    bytes.subarray(0, random.below(bytes.length + 1)),
    other.subarray(random.below(other.length + 1)),
  );
};

const overwrite: Mutation = (bytes, random) => {
  const at = random.below(bytes.length + 1);
  return bytes.fill(random.pick([0, 0xff, 0xa5]), at, at + random.below(300));
};

const MUTATIONS: readonly Mutation[] = [
  flipBits,
  setBytes,
  editField,
  editField,
  editField,
  truncate,
  remove,
  insert,
  splice,
  overwrite,
];

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const result = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}
