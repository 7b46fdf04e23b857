/** The long run behind scripts/fuzz.mjs: all targets take turns until the time is over. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'vitest';
import { lz4Target, zstdTarget } from './decompressors.ts';
import { FuzzFailure, fuzzFor, type FuzzTarget } from './fuzz-loop.ts';
import { readersTarget } from './readers.ts';
import { rpcTarget } from './rpc.ts';
import { argumentsTarget, filtersTarget, traceLinesTarget } from '../native/fuzz-targets.ts';
import { isBuilt } from '../native/support/programs.ts';

const TARGETS: readonly FuzzTarget[] = [
  ...[readersTarget, lz4Target, zstdTarget],
  rpcTarget,
  ...(isBuilt ? [filtersTarget, argumentsTarget, traceLinesTarget] : []),
];

const TURN_SECONDS = 5;

const seconds = Number(process.env['FUZZ_SECONDS'] ?? 0);
const seed = Number(process.env['FUZZ_SEED'] ?? 1);
const only = process.env['FUZZ_TARGET'];

it.skipIf(seconds === 0)(
  'all targets, for long',
  () => {
    const targets = TARGETS.filter((target) => only === undefined || target.name === only);
    if (targets.length === 0) throw new Error(`no target ${only}; there are ${TARGETS.map((t) => t.name)}`);
    const done = new Map<string, number>();
    const end = performance.now() + seconds * 1000;
    for (let turn = 0; performance.now() < end; turn++) {
      const target = targets[turn % targets.length];
      const left = Math.min(TURN_SECONDS, (end - performance.now()) / 1000);
      const inputs = runAndSave(target, seed + turn * 100_000, left);
      done.set(target.name, (done.get(target.name) ?? 0) + inputs);
    }
    for (const [name, inputs] of done) console.log(`${name}: ${inputs} inputs, no failure`);
  },
  (seconds + 60) * 1000,
);

/** A failing input is kept, to be looked at and to become a test. */
function runAndSave(target: FuzzTarget, turnSeed: number, turnSeconds: number): number {
  try {
    return fuzzFor(target, turnSeed, turnSeconds);
  } catch (error) {
    if (error instanceof FuzzFailure) {
      const directory = join('.cache', 'fuzz');
      mkdirSync(directory, { recursive: true });
      const path = join(directory, `${target.name}-${turnSeed}.bin`);
      writeFileSync(path, error.input);
      console.error(`failing input: ${path}`);
    }
    throw error;
  }
}
