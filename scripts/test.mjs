// npm test [-- --only STAGE,… [PATTERN…]]   patterns choose among the files of vitest: for the stages unit and system only
// npm run test:unit [-- PATTERN…]    only the unit tests: Node and nothing else
// npm run test:system [-- PATTERN…]  only what crosses processes; patterns choose among the files of vitest and leave the rest out
//
// Everything that must hold. Stages that only compute run beside each other; those that start programs, capture and wait
// have the machine for themselves. Names what was skipped and why, and ends with the line "N passed, N failed, N skipped".
// Exit code 0 only when nothing failed. Under CI, a skip fails too, unless its reason is one that test-report.mjs declares.
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkNode, ensureInstalled, root } from './setup.mjs';
import { ensureSystemPackages } from './system-packages.mjs';
import { report, Tally } from './test-report.mjs';
import { STAGES } from './test-stages.mjs';

checkNode();
const { values, positionals } = parseArgs({
  options: { only: { type: 'string' } },
  allowPositionals: true,
});
const half = ['unit', 'system'].includes(positionals[0]) ? positionals.shift() : undefined;
const wanted = chooseStages(half, values.only?.split(','), positionals);
if (positionals.length > 0 && !wanted.every(({ name }) => ['unit', 'system'].includes(name))) {
  console.error('only the stages unit and system take patterns: npm test -- --only unit,system PATTERN…');
  process.exit(64);
}
const tallies = [];

ensureInstalled();
// A fresh machine gets its packages while the stages that need none of them run.
const packages = wanted.some((stage) => stage.needsPackages) ? ensureSystemPackages() : Promise.resolve([]);
const isAlone = (stage) => stage.isAlone || wanted.length === 1;
await inLanes(
  wanted.filter((stage) => !isAlone(stage)),
  availableParallelism(),
  (stage) => runStage(stage, false),
);
for (const stage of wanted.filter(isAlone)) await runStage(stage, true);
const missing = await packages;
if (process.env.CI && missing.length > 0) {
  const tally = new Tally();
  tally.add(`not installed: ${missing.join(', ')}`, 'failed');
  tallies.push(tally);
}
process.exitCode = report(tallies) ? 0 : 1;

function chooseStages(half, only, patterns) {
  const unknown = (only ?? []).filter((name) => !STAGES.some((stage) => stage.name === name));
  if (unknown.length > 0) {
    const names = STAGES.map(({ name }) => name).join(', ');
    console.error(`no such stage: ${unknown.join(', ')}; there are ${names}`);
    process.exit(64);
  }
  if (only !== undefined) return STAGES.filter(({ name }) => only.includes(name));
  if (patterns.length > 0 && half !== undefined) return STAGES.filter(({ name }) => name === half);
  if (half === 'unit') return STAGES.filter((stage) => stage.half === 'unit');
  if (half === 'system')
    return STAGES.filter(({ half, name }) => half === 'system' || ['build', 'native'].includes(name));
  return STAGES;
}

/** @param isAlone its output is shown as it comes; else all of it when it has ended, so that no two are mixed */
async function runStage(stage, isAlone) {
  if (stage.needsPackages) await packages;
  const started = performance.now();
  const held = [];
  const show = (text) => (isAlone ? process.stdout.write(text) : held.push(text));
  show(`\n── ${stage.name}\n`);
  const tally = await stage.run({
    node: (command, lines) => runNode(command, show, lines),
    patterns: positionals,
    isAlone,
    isWanted: values.only !== undefined || half === 'system',
  });
  tallies.push(tally);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  show(`── ${stage.name}: ${tally} in ${seconds} s\n`);
  process.stdout.write(held.join(''));
}

/** Works the queue off, so many at once. */
async function inLanes(queue, lanes, work) {
  const left = [...queue];
  const lane = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await work(next);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

/** Runs a script of ours in Node and shows its output; keeps the lines of stdout when asked. */
function runNode(command, show, lines) {
  const at = command.findIndex((word) => !word.startsWith('-'));
  const [flags, script, args] = [command.slice(0, at), join(root, command[at]), command.slice(at + 1)];
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...flags, script, ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let rest = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      show(text);
      const split = (rest + text).split('\n');
      rest = split.pop();
      lines?.push(...split);
    });
    child.stderr.setEncoding('utf8').on('data', show);
    child.on('close', (code, signal) => {
      if (rest !== '') lines?.push(rest);
      resolve(code ?? signal);
    });
  });
}
