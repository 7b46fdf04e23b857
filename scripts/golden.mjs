// npm run golden [-- [--update] [--keep DIR]]: checks the recorded verdicts, or records them anew; keeps the captures that
// they are about, to be looked at.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

const root = new URL('..', import.meta.url).pathname;
const { values } = parseArgs({
  options: { update: { type: 'boolean', default: false }, keep: { type: 'string' } },
});
const run = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts', 'test/golden'],
  {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      RESETSCOPE_UPDATE_GOLDEN: values.update ? '1' : '',
      RESETSCOPE_KEEP_GOLDEN:
        values.keep === undefined ? '' : resolve(process.env.INIT_CWD ?? '.', values.keep),
    },
  },
);
process.exit(run.status ?? 1);
