// npm run test:repeat -- [--times 30] [--load 2] PATTERN…
//
// Runs test files again and again beside processes that keep the cores busy: a test that waits for a time instead of a state
// fails here sooner than on the machine of somebody else. Patterns choose files as vitest does; those in test/e2e are run
// with the end-to-end configuration. Each file is told with its runs and failures; exit code 1 where one failed.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt } from './build.mjs';
import { root } from './setup.mjs';
import { vitestFiles } from './test-report.mjs';

const { values, positionals } = parseArgs({
  options: { times: { type: 'string', default: '30' }, load: { type: 'string', default: '2' } },
  allowPositionals: true,
});
if (positionals.length === 0 || !/^[1-9]\d*$/.test(values.times) || !/^\d+$/.test(values.load)) {
  console.error('usage: npm run test:repeat -- [--times N] [--load N] PATTERN…');
  process.exit(64);
}
const E2E = ['--config=test/e2e/vitest.config.ts'];
// As many files at once as `npm test` runs of the system tests.
const OTHERS = ['--config=test/vitest.config.ts', `--maxWorkers=${availableParallelism() + 1}`];
const isE2e = (pattern) => pattern.includes('e2e');
const REPORT = join(root, `.cache/vitest-repeat-${process.pid}.json`);

/** By file: how often it ran, and how often each of its tests failed. */
const files = new Map();

await ensureBuilt();
mkdirSync(join(root, '.cache'), { recursive: true });
const busy = Array.from({ length: Number(values.load) }, () =>
  spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }),
);
/** The vitest that runs now. */
let running;
process.on('exit', () => {
  running?.kill('SIGTERM');
  for (const child of busy) child.kill('SIGKILL');
  rmSync(REPORT, { force: true });
});
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => {
    tell();
    process.exit(130);
  });

for (let time = 1; time <= Number(values.times); time++) {
  await runOnce(
    OTHERS,
    positionals.filter((pattern) => !isE2e(pattern)),
  );
  await runOnce(E2E, positionals.filter(isE2e));
  const failed = [...files.values()].reduce((sum, { failures }) => sum + failures.size, 0);
  console.log(`run ${time} of ${values.times}: ${files.size} files, ${failed} tests have failed so far`);
}
tell();
process.exit([...files.values()].some(({ failures }) => failures.size > 0) ? 1 : 0);

function tell() {
  for (const [name, { runs, seconds, failures }] of files) {
    console.log(
      `${name}: ${runs} runs, ${(seconds / runs).toFixed(1)} s each, ${failures.size} tests failed`,
    );
    for (const [test, messages] of failures)
      console.log(`  ${messages.length} × ${test}\n    ${messages[0].replaceAll('\n', '\n    ')}`);
  }
}

async function runOnce(config, patterns) {
  if (patterns.length === 0) return;
  rmSync(REPORT, { force: true });
  const reporters = ['--reporter=json', `--outputFile.json=${REPORT}`];
  const code = await new Promise((resolve) => {
    const args = ['node_modules/vitest/vitest.mjs', 'run', ...config, ...reporters, ...patterns];
    running = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
    running.on('close', (code, signal) => resolve(code ?? signal));
  });
  if (!existsSync(REPORT)) throw new Error(`vitest ended with ${code} and no report`);
  let isTold = false;
  for (const { name, seconds, tests } of vitestFiles(REPORT)) {
    const file = fileNamed(name);
    file.runs++;
    file.seconds += seconds;
    for (const { title, status, messages } of tests) {
      if (status !== 'failed') continue;
      note(file, title, messages.join('\n'));
      isTold = true;
    }
  }
  // Errors outside of any test, such as unhandled rejections, only show in the exit code.
  if (code !== 0 && !isTold) note(fileNamed('(outside of any test)'), 'vitest', `exit code ${code}`);
}

function fileNamed(name) {
  const file = files.get(name) ?? { runs: 0, seconds: 0, failures: new Map() };
  files.set(name, file);
  return file;
}

function note({ failures }, test, message) {
  failures.set(test, [...(failures.get(test) ?? []), message]);
}
