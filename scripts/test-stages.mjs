// The stages of `npm test`. Each answers a Tally; a gate counts as one test.
import { randomInt } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { availableParallelism } from 'node:os';
import { ensureNativeBuilt } from './build-native.mjs';
import { root } from './setup.mjs';
import { canMakeNamespaces, Tally } from './test-report.mjs';

const CORES = availableParallelism();

/**
 * @typedef {object} Run how a stage is run
 * @property {(command: readonly string[], lines?: string[]) => Promise<number | string>} node runs a script in Node, with
 *   flags of Node's before it; answers its exit code or signal, and keeps the lines of its stdout when asked
 * @property {readonly string[]} patterns which tests of vitest; all when there are none
 * @property {boolean} isAlone nothing else runs beside it
 * @property {boolean} isWanted somebody asked for this stage by its name
 */

/**
 * @typedef {object} Stage
 * @property {string} name
 * @property {'gate' | 'unit' | 'system'} half
 * @property {boolean} isAlone it measures, or keeps all cores busy by itself: nothing may run beside it
 * @property {boolean} needsPackages it wants the system packages that `npm test` installs
 * @property {(run: Run) => Promise<Tally> | Tally} run
 */

/** @type {readonly Stage[]} those that run beside each other first, the long ones before the short ones */
export const STAGES = [
  beside('unit', 'unit', (run) => vitest(run, ['unit', 'unit-page'], run.isAlone ? CORES : CORES - 1)),
  gate('build', 'scripts/build.mjs'),
  // It keeps the types of all programs, more than Node gives memory to by itself.
  gate('lint', '--max-old-space-size=8192', 'node_modules/eslint/bin/eslint.js', '.', '--max-warnings=0'),
  gate('format', 'node_modules/prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.'),
  gate('typecheck', 'scripts/typecheck.mjs'),
  gate('dead', 'node_modules/knip/bin/knip.js', '--no-progress'),
  gate('layers', 'scripts/check-layers.mjs'),
  { ...beside('native', 'gate', buildNative), needsPackages: true },
  // Its tests wait for the kernel and for programs more than they compute.
  alone('system', (run) => vitest(run, ['system'], CORES + 1)),
  alone('e2e', runE2e),
  // It installs Resetscope, which other tests would find on the machine.
  alone('installed', (run) => vitest(run, ['installed'], 1)),
  alone('lab', runLab),
  alone('live', runLiveLab),
];

function beside(name, half, run) {
  return { name, half, isAlone: false, needsPackages: false, run };
}

function alone(name, run) {
  return { name, half: 'system', isAlone: true, needsPackages: true, run };
}

/** A program that passes or fails as a whole. */
function gate(name, ...command) {
  return beside(name, 'gate', async (run) => {
    const tally = new Tally();
    const code = await run.node(command);
    tally.add(code === 0 ? name : `${name} (exit code ${code})`, code === 0 ? 'passed' : 'failed');
    return tally;
  });
}

/** The capture helper as it ships, and as its tests run it. */
function buildNative() {
  const result = ensureNativeBuilt({ variants: ['plain', 'sanitized', 'witness-lines'] });
  const tally = new Tally();
  const status = result.built ? 'passed' : result.isMissing ? 'skipped' : 'failed';
  if (!result.built) console.log(result.reason);
  tally.add('native: the capture helper is built', status);
  return tally;
}

async function vitest({ node, patterns }, projects, workers) {
  const file = join(root, `.cache/vitest-${projects[0]}.json`);
  rmSync(file, { force: true });
  const code = await node([
    'node_modules/vitest/vitest.mjs',
    'run',
    '--config=test/vitest.config.ts',
    ...projects.map((project) => `--project=${project}`),
    `--maxWorkers=${Math.max(1, workers)}`,
    '--reporter=dot',
    '--reporter=json',
    `--outputFile.json=${file}`,
    ...patterns,
  ]);
  const tally = new Tally();
  tally.addReport(file, code);
  return tally;
}

/** Its last line is a Tally as JSON. */
async function runE2e({ node }) {
  const lines = [];
  const code = await node(['test/e2e/run.mjs'], lines);
  const tally = new Tally();
  let counts;
  try {
    counts = JSON.parse(lines.findLast((line) => line.startsWith('{')));
  } catch {
    return withoutReport(tally, code);
  }
  tally.passed = counts.passed;
  for (const name of counts.skips) tally.add(`e2e: ${name}`, 'skipped');
  for (const name of counts.failures) tally.add(`e2e: ${name}`, 'failed');
  if (code !== 0 && counts.failures.length === 0) return withoutReport(tally, code);
  return tally;
}

/** A short lab with a seed of its own, so that no fixed captures can be learned by heart. */
async function runLab(run) {
  const folder = join(root, '.cache/lab-fresh');
  rmSync(folder, { recursive: true, force: true });
  return shortLab(run, 'lab: a short lab with a new seed is judged as well as its floors say', '', (seed) => [
    ['scripts/lab.mjs', '--short', `--seed=${seed}`, `--out=${folder}`],
    ['scripts/accuracy.mjs', folder, '--floors=fresh'],
  ]);
}

/** The program captures live at three places while the lab makes resets there; its word is held against the truth. */
async function runLiveLab(run) {
  const name = 'live: the capture helper in a short lab: the truth about its resets is told as they happen';
  if (!ensureNativeBuilt().built) {
    const tally = new Tally();
    tally.add(name, 'skipped');
    return tally;
  }
  return shortLab(run, name, ' --live', (seed) => [
    ['scripts/lab.mjs', '--short', '--live', `--seed=${seed}`, `--out=${join(root, '.cache/lab-live')}`],
  ]);
}

async function shortLab({ node, isWanted }, name, options, steps) {
  const tally = new Tally();
  if (!canMakeNamespaces() || !(process.env.CI || isWanted)) {
    tally.add(name, 'skipped');
    return tally;
  }
  const seed = String(randomInt(2, 1_000_000));
  console.log(`seed ${seed}`);
  for (const step of steps(seed)) {
    const code = await node(step);
    if (code === 0) continue;
    tally.add(`${name}: npm run lab -- --short${options} --seed ${seed} (exit code ${code})`, 'failed');
    return tally;
  }
  tally.add(name, 'passed');
  return tally;
}

function withoutReport(tally, code) {
  tally.add(`e2e ended with exit code ${code} and no report`, 'failed');
  return tally;
}
