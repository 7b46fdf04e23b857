// npm run bench [-- --cases real,generated --runs 3 --packets 100000 --no-write …]
//
// Resetscope's command line and its peers over the same captures, which the bench makes: wall time, CPU time and peak memory, and
// where the time goes. The page cache is warmed first; in each round every tool runs once, so that a noisy spell hits all of them;
// medians are compared. Writes test/bench/RESULTS.md when all cases but those that must be asked for came to their end.
//
//   real       traffic of nginx and wrk through a router, captured on the spot (root; Debian packages nginx-light, wrk, ethtool, tcpdump)
//   generated  traffic of the generator
//   floods     SYNs and resets in great number
//   files      thousands of small files
//   start      what a command costs before it does anything
//   stages     nanoseconds a packet, by stage
//   compile    what V8 optimises more than once
//   queries    what answers cost the engine
//   join       two captures of the same traffic, joined and apart
//   big        100 million packets, only when asked for: mind the disk
//
// With --packets N[,N] captures are of these sizes, or smaller where a case is.
import { chmodSync, cpSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { ensureBuilt } from './build.mjs';
import { Captures } from './bench/captures.mjs';
import { big } from './bench/cases/big.mjs';
import { compile } from './bench/cases/compile.mjs';
import { files } from './bench/cases/files.mjs';
import { floods } from './bench/cases/floods.mjs';
import { generated } from './bench/cases/generated.mjs';
import { join as joined } from './bench/cases/join.mjs';
import { queries } from './bench/cases/queries.mjs';
import { real } from './bench/cases/real.mjs';
import { stages } from './bench/cases/stages.mjs';
import { start } from './bench/cases/start.mjs';
import { card } from './bench/machine.mjs';
import { BenchError, demandTimer } from './bench/measure.mjs';
import { installed, PEERS } from './bench/peers.mjs';

const root = new URL('..', import.meta.url).pathname;
const cache = join(root, '.cache/bench');
/** A copy, so that a build meanwhile does not change what is measured. */
const dist = join(cache, 'dist');
const LEFT_OUT_OF_DIST = ['renderer', 'electron'];

const CASES = { real, generated, floods, files, start, stages, compile, queries, join: joined };
const ASKED_FOR = { big };

const { values: options } = parseArgs({
  options: {
    cases: { type: 'string', default: Object.keys(CASES).join(',') },
    packets: { type: 'string' },
    runs: { type: 'string', default: '3' },
    'slow-runs': { type: 'string', default: '1' },
    peers: { type: 'string', default: Object.keys(PEERS).join(',') },
    seed: { type: 'string', default: '1' },
    files: { type: 'string', default: '1000,2000,3000' },
    'start-runs': { type: 'string', default: '20' },
    'join-packets': { type: 'string' },
    'join-runs': { type: 'string', default: '7' },
    'big-packets': { type: 'string', default: '100000000' },
    'big-snap': { type: 'string', default: '800' },
    'big-keep': { type: 'boolean', default: false },
    'no-write': { type: 'boolean', default: false },
  },
});

const known = { ...CASES, ...ASKED_FOR };
const cases = options.cases.split(',').filter(Boolean);
const peers = options.peers.split(',').filter(Boolean);
for (const one of cases) demandKnown(one, known, 'case');
for (const one of peers) demandKnown(one, PEERS, 'peer');

const packets = options.packets?.split(',').map(Number);
const bench = {
  root,
  cache,
  options,
  captures: new Captures(root, cache, options.seed),
  // Through its first line, as it runs when installed.
  cli: join(dist, 'cli/index.js'),
  peers: installed(peers),
  runs: Number(options.runs),
  slowRuns: Number(options['slow-runs']),
  packets,
  /** The size of a capture: what was asked for, where that is less than what the case wants. */
  sizeOf: (wanted) => (packets === undefined ? wanted : Math.min(wanted, Math.max(...packets))),
};

const sections = [];
const leftOut = [];
try {
  demandTimer();
  await prepare();
} catch (error) {
  fail(error.message);
}
for (const one of cases) {
  try {
    sections.push(...(await known[one](bench)));
  } catch (error) {
    // What the other cases measured is worth keeping.
    console.error(`${one}: ${error instanceof BenchError ? error.message : error.stack}`);
    leftOut.push(one);
    sections.push('', `## Left out: ${one}`, '', error.message.split('\n', 1)[0]);
  }
}
const text = [...heading(), ...sections].join('\n');
const results = join(root, 'test/bench/RESULTS.md');
const style = await resolveConfig(results);
const report = await format(text, { ...style, parser: 'markdown' });
console.log(report);
const isWhole = leftOut.length === 0 && Object.keys(CASES).every((one) => cases.includes(one));
if (isWhole && !options['no-write']) writeFileSync(results, report);
if (leftOut.length > 0) process.exitCode = 1;

async function prepare() {
  await ensureBuilt({ targets: ['programs'] });
  rmSync(dist, { recursive: true, force: true });
  for (const part of readdirSync(join(root, 'dist'))) {
    if (LEFT_OUT_OF_DIST.includes(part)) continue;
    cpSync(join(root, 'dist', part), join(dist, part), { recursive: true });
  }
  chmodSync(bench.cli, 0o755);
}

function heading() {
  const command = ['npm run bench', ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : [])];
  const tools = [
    `\`resetscope analyze FILE\``,
    ...bench.peers.map((name) => `\`${PEERS[name].command('FILE').join(' ')}\``),
  ];
  return [
    '# Bench results',
    '',
    'Written by `scripts/bench.mjs`; not edited by hand.',
    '',
    `- Command: \`${command.join(' ')}\``,
    ...card(cache, bench.peers),
    `- Tools: ${tools.join(', ')}; what they print is thrown away. \`tcp[13]\` finds resets in IPv4 only`,
    `- How Resetscope is started: \`${readFileSync(bench.cli, 'utf8').split('\n', 1)[0]}\``,
    '- Peak RSS is that of the largest process (`/usr/bin/time`), threads included.',
  ];
}

function demandKnown(name, table, what) {
  if (!(name in table)) fail(`unknown ${what} ${name}; known: ${Object.keys(table).join(', ')}`);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
