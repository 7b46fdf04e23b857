// npm test [-- --only STAGE,…]
//
// Everything that must hold, stage by stage; each gate counts as one test. Names what was skipped and why, and ends
// with the line "N passed, N failed, N skipped". Exit code 0 only when nothing failed. Under CI, a skip fails too,
// unless its reason is one that is declared below.
import { spawn, spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureNativeBuilt } from './build-native.mjs';
import { electronBinary } from './electron-binary.mjs';
import { checkNode, ensureInstalled, root } from './setup.mjs';
import { ensureSystemPackages } from './system-packages.mjs';

const corpus = process.env.RESETSCOPE_CORPUS ?? join(root, '../shared/corpus/zeek');

/** What a machine may lack without failing: the tests that need it, the reason, and whether that is really so here. */
const DECLARED_ABSENCES = [
  {
    tests: /corpus|needs every explanation/,
    reason: 'no real captures (RESETSCOPE_CORPUS)',
    holds: () => !existsSync(corpus),
  },
  {
    tests: /electron binary/i,
    reason: "Electron's program is not installed",
    holds: () => electronBinary() === undefined,
  },
  {
    tests: /permission is missing/,
    reason: 'root may read everything',
    holds: () => process.getuid?.() === 0,
  },
  { tests: /^lab:/, reason: 'network namespaces cannot be made', holds: () => !canMakeNamespaces() },
  {
    tests: /kernel witness/,
    reason: 'no tracefs, or no right to mount it',
    holds: () => !canMakeNamespaces() || !existsSync('/sys/kernel/tracing'),
  },
  {
    tests: /capture helper/,
    reason: 'the capture helper cannot be built or network namespaces cannot be made',
    holds: () => !canMakeNamespaces() || !ensureNativeBuilt().built,
  },
  {
    tests: /live capture under faults/,
    reason: 'live capture needs the capture helper, root, and network namespaces',
    holds: () => !canMakeNamespaces() || !ensureNativeBuilt().built,
  },
  {
    tests: /live capture under faults: as nobody/,
    reason: 'others may not read this folder',
    holds: () => !othersMayRead(),
  },
  { tests: /long\.fuzz/, reason: 'long fuzzing is a command of its own (npm run fuzz)', holds: () => true },
];

const STAGES = {
  build: () => gate('build', 'scripts/build.mjs'),
  native: buildNative,
  typecheck: () => gate('typecheck', 'scripts/typecheck.mjs'),
  lint: () => gate('lint', 'node_modules/eslint/bin/eslint.js', '.', '--max-warnings=0'),
  format: () => gate('format', 'node_modules/prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.'),
  layers: () => gate('layers', 'scripts/check-layers.mjs'),
  unit: runVitest,
  e2e: runE2e,
  lab: runLab,
  live: runLiveLab,
};

const total = { passed: 0, failed: 0, skipped: 0 };
const skips = [];
const failures = [];

checkNode();
const { values } = parseArgs({
  options: { only: { type: 'string' } },
});
const wanted = values.only?.split(',') ?? Object.keys(STAGES);
const unknown = wanted.filter((stage) => !(stage in STAGES));
if (unknown.length > 0) {
  console.error(`no such stage: ${unknown.join(', ')}; there are ${Object.keys(STAGES).join(', ')}`);
  process.exit(64);
}
ensureInstalled();
const missingPrograms = ensureSystemPackages();
if (process.env.CI && missingPrograms.length > 0) {
  total.failed++;
  failures.push(`not installed: ${missingPrograms.join(', ')}`);
}
for (const stage of wanted) {
  const started = performance.now();
  console.log(`\n── ${stage}`);
  const counts = await STAGES[stage]();
  for (const kind of Object.keys(total)) total[kind] += counts[kind];
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(
    `── ${stage}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped in ${seconds} s`,
  );
}
report();

/** A program that passes or fails as a whole. */
async function gate(name, ...command) {
  const code = await run(command);
  if (code !== 0) failures.push(`${name} (exit code ${code})`);
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
}

/** The capture helper as it ships, and as its tests run it. */
function buildNative() {
  const result = ensureNativeBuilt({ variants: ['plain', 'sanitized', 'witness-lines'] });
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const status = result.built ? 'passed' : result.isMissing ? 'skipped' : 'failed';
  if (!result.built) console.log(result.reason);
  countTest(counts, 'native: the capture helper is built', status);
  return counts;
}

async function runVitest() {
  const file = join(root, '.cache/vitest.json');
  rmSync(file, { force: true });
  const code = await run([
    'node_modules/vitest/vitest.mjs',
    'run',
    '--config=test/vitest.config.ts',
    '--reporter=dot',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ]);
  if (!existsSync(file)) return noReport('vitest', code);
  const results = JSON.parse(readFileSync(file, 'utf8'));
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { name, status, message, assertionResults } of results.testResults) {
    const suite = name.replace(root, '');
    for (const test of assertionResults) countTest(counts, `${suite}: ${test.fullName}`, test.status);
    // A file that cannot even be loaded has no tests to fail.
    const isBroken = status === 'failed' && !assertionResults.some((test) => test.status === 'failed');
    if (isBroken) countTest(counts, `${suite}: ${message.split('\n')[0]}`, 'failed');
  }
  // Errors outside of any test, such as unhandled rejections, only show in the exit code.
  if (code !== 0 && counts.failed === 0) countTest(counts, `vitest ended with exit code ${code}`, 'failed');
  return counts;
}

function countTest(counts, name, status) {
  if (status === 'passed') counts.passed++;
  else if (status === 'failed') {
    counts.failed++;
    failures.push(name);
  } else {
    counts.skipped++;
    skips.push(name);
  }
}

/** Its last line is JSON: {passed, failed, skipped, skips?: string[], failures?: string[]}. */
async function runE2e() {
  const script = 'test/e2e/run.mjs';
  if (!existsSync(join(root, script))) {
    failures.push(`${script} is missing`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const lines = [];
  const code = await run([script], lines);
  let counts;
  try {
    counts = JSON.parse(lines.findLast((line) => line.startsWith('{')));
  } catch {
    return noReport('e2e', code);
  }
  skips.push(...(counts.skips ?? []).map((name) => `e2e: ${name}`));
  failures.push(...(counts.failures ?? []).map((name) => `e2e: ${name}`));
  if (code !== 0 && counts.failed === 0) return noReport('e2e', code);
  return { passed: counts.passed, failed: counts.failed, skipped: counts.skipped };
}

/** A short lab with a seed of its own, so that no fixed captures can be learned by heart. */
async function runLab() {
  const name = 'lab: a short lab with a new seed is judged as well as its floors say';
  if (!canMakeNamespaces() || !(process.env.CI || values.only !== undefined)) {
    skips.push(name);
    return { passed: 0, failed: 0, skipped: 1 };
  }
  const seed = String(randomInt(2, 1_000_000));
  console.log(`seed ${seed}`);
  const folder = join(root, '.cache/lab-fresh');
  rmSync(folder, { recursive: true, force: true });
  for (const step of [
    ['scripts/lab.mjs', '--short', `--seed=${seed}`, `--out=${folder}`],
    ['scripts/accuracy.mjs', folder, '--floors=fresh'],
  ]) {
    const code = await run(step);
    if (code === 0) continue;
    failures.push(`${name}: npm run lab -- --short --seed ${seed} (exit code ${code})`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
  return { passed: 1, failed: 0, skipped: 0 };
}

/** The program captures live at three places while the lab makes resets there; its word is held against the truth. */
async function runLiveLab() {
  const name = 'live: the capture helper in a short lab: the truth about its resets is told as they happen';
  if (!canMakeNamespaces() || !ensureNativeBuilt().built || !(process.env.CI || values.only !== undefined)) {
    skips.push(name);
    return { passed: 0, failed: 0, skipped: 1 };
  }
  const seed = String(randomInt(2, 1_000_000));
  console.log(`seed ${seed}`);
  const code = await run([
    'scripts/lab.mjs',
    ...['--short', '--live', `--seed=${seed}`, `--out=${join(root, '.cache/lab-live')}`],
  ]);
  if (code === 0) return { passed: 1, failed: 0, skipped: 0 };
  failures.push(`${name}: npm run lab -- --short --live --seed ${seed} (exit code ${code})`);
  return { passed: 0, failed: 1, skipped: 0 };
}

function canMakeNamespaces() {
  return process.getuid?.() === 0 && spawnSync('unshare', ['--net', 'true']).status === 0;
}

function othersMayRead() {
  const nobody = ['--reuid=65534', '--regid=65534', '--clear-groups', '--inh-caps=-all'];
  return spawnSync('setpriv', [...nobody, 'test', '-r', join(root, 'dist/cli/index.js')]).status === 0;
}

function noReport(name, code) {
  failures.push(`${name} ended with exit code ${code} and no report`);
  return { passed: 0, failed: 1, skipped: 0 };
}

/** Runs a script of ours in Node and shows its output; keeps the lines of stdout when asked. */
function run([script, ...args], lines) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, script), ...args], {
      cwd: root,
      stdio: ['ignore', lines === undefined ? 'inherit' : 'pipe', 'inherit'],
    });
    let rest = '';
    child.stdout?.setEncoding('utf8').on('data', (text) => {
      process.stdout.write(text);
      const split = (rest + text).split('\n');
      rest = split.pop();
      lines.push(...split);
    });
    child.on('close', (code, signal) => {
      if (rest !== '') lines.push(rest);
      resolve(code ?? signal);
    });
  });
}

function report() {
  console.log('');
  const undeclared = [];
  for (const name of skips) {
    const absence = DECLARED_ABSENCES.find(({ tests, holds }) => tests.test(name) && holds());
    console.log(`skipped: ${name}${absence === undefined ? '' : ` — ${absence.reason}`}`);
    if (process.env.CI && absence === undefined) undeclared.push(name);
  }
  for (const name of undeclared) console.log(`FAILED: skipped under CI without a declared reason: ${name}`);
  for (const name of failures) console.log(`FAILED: ${name}`);
  // What must not be skipped here and was is a failure, and is counted once.
  const failed = total.failed + undeclared.length;
  const skipped = total.skipped - undeclared.length;
  process.exitCode = failed === 0 ? 0 : 1;
  console.log(`${total.passed} passed, ${failed} failed, ${skipped} skipped`);
}
