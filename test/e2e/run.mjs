// node test/e2e/run.mjs [FILE…]
//
// End-to-end tests of the built programs in a real browser, and in Electron where its program is. The last line of
// stdout is JSON: {passed, failures, skips}, the latter two by their names. CHROMIUM names another browser.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt } from '../../scripts/build.mjs';
import { ensureNativeBuilt } from '../../scripts/build-native.mjs';
import { electronBinary, whyNoWindow } from '../../scripts/electron-binary.mjs';
import { root } from '../../scripts/setup.mjs';
import { Tally } from '../../scripts/test-report.mjs';

const MEASURED = join(root, 'test-results/e2e-measured.txt');
const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium';
const tally = new Tally();

if (process.env.RESETSCOPE_E2E_DIST === undefined) {
  await ensureBuilt();
  const native = ensureNativeBuilt();
  if (!native.built) console.log(native.reason);
}
if (existsSync(chromium)) await runHost('server', {});
else tally.add(`browser: ${chromium} is not there`, 'skipped');
const noWindow = whyNoWindow();
if (noWindow === undefined) await runHost('electron', { RESETSCOPE_E2E_ELECTRON: electronBinary() });
else tally.add(`electron${electronBinary() === undefined ? ' binary' : ''}: ${noWindow}`, 'skipped');

console.log(JSON.stringify(tally));
process.exitCode = tally.failures.length === 0 ? 0 : 1;

async function runHost(host, env) {
  const file = join(root, `.cache/e2e-${host}.json`);
  rmSync(file, { force: true });
  const code = await vitest(host, file, env);
  if (existsSync(MEASURED))
    process.stdout.write(
      readFileSync(MEASURED, 'utf8').replace(/^(?=.)/gm, 'measured, maybe with other tests beside it: '),
    );
  tally.addReport(file, code, `${host} `);
}

function vitest(host, file, env) {
  const args = [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--config=test/e2e/vitest.config.ts',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
    ...process.argv.slice(2),
  ];
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...env, RESETSCOPE_E2E_HOST: host },
    });
    child.on('close', (code, signal) => resolve(code ?? signal));
  });
}
