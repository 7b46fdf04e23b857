// Long fuzzing: npm run fuzz -- --seconds 600 --seed 7 [--target readers|lz4|zstd|rpc|…]
// A failing input is written to .cache/fuzz; the message names the seed and the iteration to replay.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    target: { type: 'string' },
  },
});

const numbers = [values.seconds, values.seed].map(Number);
if (!numbers.every((value) => Number.isFinite(value) && value >= 0)) {
  console.error('--seconds and --seed want numbers');
  process.exit(64);
}

const run = spawnSync(
  process.execPath,
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--config',
    'test/vitest.config.ts',
    'test/fuzz/long.fuzz.test.ts',
  ],
  {
    stdio: 'inherit',
    env: {
      ...process.env,
      FUZZ_SECONDS: values.seconds,
      FUZZ_SEED: values.seed,
      ...(values.target === undefined ? {} : { FUZZ_TARGET: values.target }),
    },
  },
);
process.exit(run.status ?? 1);
