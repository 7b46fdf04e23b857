import { mutate, Random } from './mutate.ts';

export interface FuzzTarget {
  readonly name: string;
  /** Sound inputs to start from. */
  readonly corpus: readonly Uint8Array[];
  /** Makes an input that is damaged in the target's own way; by bytes (`mutate`) unless it has one. */
  damage?(random: Random): Uint8Array;
  /** Throws where the input, whatever it is, was not treated as it must be. */
  check(input: Uint8Array, random: Random): void;
}

/** A failure names what to replay: `seed` gives the same input at the same iteration. */
export class FuzzFailure extends Error {
  readonly input: Uint8Array;

  constructor(target: string, seed: number, iteration: number, input: Uint8Array, cause: unknown) {
    const why = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
    super(`${target}: seed ${seed}, iteration ${iteration} (${input.length} bytes): ${why}`, { cause });
    this.input = input;
  }
}

/** Checks the sound corpus, then `iterations` damaged inputs. Each iteration has a seed of its own. */
export function fuzz(target: FuzzTarget, seed: number, iterations: number): void {
  target.corpus.forEach((input, i) => checkOne(target, seed, -1 - i, input, new Random(seed)));
  for (let i = 0; i < iterations; i++) {
    const random = new Random(seed + Math.imul(i, 0x9e3779b1));
    const input = target.damage?.(random) ?? mutate(random.pick(target.corpus), random, target.corpus);
    checkOne(target, seed, i, input, random);
  }
}

/** As `fuzz` for about `seconds`; @returns how many inputs were checked */
export function fuzzFor(target: FuzzTarget, seed: number, seconds: number): number {
  const end = performance.now() + seconds * 1000;
  const batch = 200;
  let done = 0;
  for (let round = 0; performance.now() < end; round++, done += batch) fuzz(target, seed + round, batch);
  return done;
}

function checkOne(
  target: FuzzTarget,
  seed: number,
  iteration: number,
  input: Uint8Array,
  random: Random,
): void {
  try {
    target.check(input, random);
  } catch (error) {
    throw new FuzzFailure(target.name, seed, iteration, input, error);
  }
}
