// npm run golden [-- --update]: checks the recorded verdicts, or records them anew.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const root = new URL('..', import.meta.url).pathname;
const { values } = parseArgs({ options: { update: { type: 'boolean', default: false } } });
const run = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts', 'test/golden'],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, RESETSCOPE_UPDATE_GOLDEN: values.update ? '1' : '' },
  },
);
process.exit(run.status ?? 1);
