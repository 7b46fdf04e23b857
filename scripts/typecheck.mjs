// Type-checks every runtime against its own library: what the folder may touch is what its tsconfig declares.
import { spawnSync } from 'node:child_process';

const RUNTIMES = ['shared', 'main/engine', 'main', 'main/electron', 'renderer', 'test'];

let failed = 0;
for (const runtime of RUNTIMES) {
  const run = spawnSync(process.execPath, ['node_modules/@typescript/native/bin/tsc', '-p', runtime], {
    stdio: 'inherit',
  });
  console.log(`${run.status === 0 ? 'ok  ' : 'FAIL'} types of ${runtime}`);
  if (run.status !== 0) failed++;
}
process.exit(failed === 0 ? 0 : 1);
