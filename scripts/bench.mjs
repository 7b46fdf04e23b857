// npm run bench [-- --cases peers,join --packets 1000000,5000000 --runs 3 --peers tcptrace,tshark,tcpdump,cat --tshark-runs 1]
//
// Resetscope's command line and peers over the same generated captures: wall time and peak memory. The page
// cache is warmed first; in each round every tool runs once, so that a noisy spell hits all of them; medians are
// compared. Then the same capture with that of a second point of the path, joined and apart. Writes test/bench/RESULTS.md where
// both cases were run.
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { bundle } from '../test/bench/bundle.mjs';
import { ensureBuilt } from './build.mjs';

const root = new URL('..', import.meta.url).pathname;
const cache = join(root, '.cache/bench');
/** A copy, so that a build meanwhile does not change what is measured. */
const cli = join(cache, 'dist/cli/index.js');

/** How each tool reads a whole capture; what it prints is thrown away. */
const TOOLS = {
  // Through its first line, as it runs when installed.
  resetscope: (file) => [cli, 'analyze', file],
  tcptrace: (file) => ['tcptrace', '-n', file],
  tshark: (file) => ['tshark', '-n', '-q', '-z', 'conv,tcp', '-r', file],
  tcpdump: (file) => ['tcpdump', '-n', '-r', file, '-w', '/dev/null'],
  cat: (file) => ['cat', file],
};

const { values: options } = parseArgs({
  options: {
    cases: { type: 'string', default: 'peers,join' },
    packets: { type: 'string', default: '1000000,5000000' },
    runs: { type: 'string', default: '3' },
    'tshark-runs': { type: 'string', default: '1' },
    peers: { type: 'string', default: 'tcptrace,tshark,tcpdump,cat' },
    seed: { type: 'string', default: '1' },
    'join-packets': { type: 'string', default: '1000000' },
    'join-runs': { type: 'string', default: '7' },
    'no-write': { type: 'boolean', default: false },
  },
});

const load = loadavg()[0];
const runs = Number(options.runs);
const rounds = { tshark: Math.min(Number(options['tshark-runs']), runs) };
const cases = options.cases.split(',').filter(Boolean);
for (const one of cases)
  if (!['peers', 'join'].includes(one)) fail(`unknown case ${one}; known: peers, join`);
const peers = options.peers.split(',').filter(Boolean);
for (const peer of peers) {
  if (!(peer in TOOLS)) fail(`unknown peer ${peer}; known: ${Object.keys(TOOLS).join(', ')}`);
}
const timer = '/usr/bin/time';
if (!existsSync(timer)) fail(`${timer} is needed to measure memory (Debian package "time")`);

await ensureBuilt({ targets: ['programs'] });
rmSync(join(cache, 'dist'), { recursive: true, force: true });
for (const part of ['cli', 'host', 'chunks']) {
  const from = join(root, 'dist', part);
  if (existsSync(from)) cpSync(from, join(cache, 'dist', part), { recursive: true });
}
chmodSync(cli, 0o755);
const generator = await bundle(root, 'test/bench/run-generate.ts', join(cache, 'bin'));
const tools = ['resetscope', ...peers.filter(isInstalled)];

const sections = [];
if (cases.includes('peers'))
  for (const packets of options.packets.split(',')) sections.push(benchOne(packets));
if (cases.includes('join')) sections.push(await benchJoin(options['join-packets']));
const report = [...heading(), ...sections.flat()].join('\n');
console.log(report);
if (!options['no-write'] && cases.length === 2) {
  const path = join(root, 'test/bench/RESULTS.md');
  const style = await resolveConfig(path);
  writeFileSync(path, await format(report, { ...style, parser: 'markdown' }));
}

function benchOne(packets) {
  const made = spawnSync(process.execPath, [generator, cache, packets, options.seed], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (made.status !== 0) fail(`could not generate ${packets} packets`);
  const { path, report: truth } = JSON.parse(made.stdout);
  measure(['cat', path]); // warms the page cache
  const samples = new Map(tools.map((tool) => [tool, []]));
  for (let round = 0; round < runs; round++) {
    for (const tool of tools) {
      if (round >= (rounds[tool] ?? runs)) continue;
      process.stderr.write(`${packets} packets, round ${round + 1}: ${tool} …\n`);
      samples.get(tool).push(measure(TOOLS[tool](path)));
    }
  }
  return section(truth, statSync(path).size, samples);
}

/** CPU time of analysing two captures of the same traffic in one process, joined and apart, in turn. */
async function benchJoin(packets) {
  const made = spawnSync(process.execPath, [generator, cache, packets, options.seed, 'pair'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (made.status !== 0) fail(`could not generate two captures of ${packets} packets`);
  const { path, secondPath } = JSON.parse(made.stdout);
  const program = await bundle(root, 'test/bench/run-join.ts', join(cache, 'bin'));
  measure(['cat', path, secondPath]);
  const samples = { apart: [], joined: [] };
  for (let round = 0; round < Number(options['join-runs']); round++) {
    for (const how of ['apart', 'joined']) {
      process.stderr.write(`two captures of ${packets} packets, round ${round + 1}: ${how} …\n`);
      const run = spawnSync(process.execPath, [program, how, path, secondPath], { encoding: 'utf8' });
      if (run.status !== 0) fail(`${program} failed: ${run.stderr}`);
      samples[how].push(JSON.parse(run.stdout));
    }
  }
  const [{ connections, matched, packets: read }] = samples.joined;
  const apart = median(samples.apart.map(({ cpu }) => cpu));
  const joined = median(samples.joined.map(({ cpu }) => cpu));
  const least = (how) => Math.min(...samples[how].map(({ cpu }) => cpu));
  const rows = Object.entries(samples).map(([how, taken]) => {
    const cpus = taken.map(({ cpu }) => cpu);
    const seconds = median(taken.map((one) => one.seconds));
    const spread = `${Math.min(...cpus).toFixed(2)}–${Math.max(...cpus).toFixed(2)}`;
    return `| ${how} | ${taken.length} | ${median(cpus).toFixed(2)} | ${spread} | ${seconds.toFixed(2)} | ${(median(cpus) / apart).toFixed(2)} |`;
  });
  return [
    '',
    `## Two captures of the same traffic: ${read.toLocaleString('en')} packets, ${connections.toLocaleString('en')} connections joined`,
    '',
    `${matched.toLocaleString('en')} packets of the first are matched with those of the second. Joining takes ` +
      `${(joined / apart).toFixed(2)} times the CPU time of reading and judging both apart, in one process and thread; by the ` +
      `least of each, which other work disturbs least, ${(least('joined') / least('apart')).toFixed(2)} times.`,
    '',
    '| both captures | runs | median CPU s | min–max CPU s | median s | CPU / apart |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...rows,
  ];
}

function measure(command) {
  const result = join(cache, `time.${process.pid}`);
  const run = spawnSync(timer, ['-f', '%e %U %S %M', '-o', result, ...command], {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  // 2 is Resetscope's "read with losses".
  if (run.error || (run.status !== 0 && run.status !== 2)) {
    fail(`${command.join(' ')} failed (${run.error ?? run.status}): ${run.stderr}`);
  }
  const figures = readFileSync(result, 'utf8').trim().split('\n').at(-1).split(' ').map(Number);
  const [seconds, user, system, kibibytes] = figures;
  rmSync(result);
  return { seconds, cpu: user + system, kibibytes };
}

function section(truth, bytes, samples) {
  const own = median(samples.get('resetscope').map((sample) => sample.seconds));
  const rows = tools.map((tool) => {
    const taken = samples.get(tool);
    const seconds = median(taken.map((sample) => sample.seconds));
    const spread = `${Math.min(...taken.map((s) => s.seconds)).toFixed(2)}–${Math.max(...taken.map((s) => s.seconds)).toFixed(2)}`;
    const cpu = median(taken.map((sample) => sample.cpu));
    const memory = median(taken.map((sample) => sample.kibibytes)) / 1024;
    const rate = (truth.packets / seconds / 1e6).toFixed(2);
    const throughput = Math.round(bytes / seconds / 1e6);
    const ratio = tool === 'resetscope' ? '1' : (seconds / own).toFixed(2);
    return `| ${tool} | ${taken.length} | ${seconds.toFixed(2)} | ${spread} | ${cpu.toFixed(2)} | ${rate} | ${throughput} | ${memory.toFixed(0)} | ${ratio} |`;
  });
  return [
    '',
    `## ${truth.packets.toLocaleString('en')} packets, ${(bytes / 1e9).toFixed(2)} GB, ` +
      `${(truth.tcpFlows + truth.udpFlows).toLocaleString('en')} flows, ` +
      `${truth.resetPackets.toLocaleString('en')} resets`,
    '',
    '| tool | runs | median s | min–max s | CPU s | Mpackets/s | MB/s | peak RSS MiB | time / resetscope |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...rows,
  ];
}

function heading() {
  const ram = Math.round(totalmem() / 2 ** 30);
  const command = ['npm run bench', ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : [])];
  return [
    '# Bench results',
    '',
    'Written by `scripts/bench.mjs`; not edited by hand.',
    '',
    `- Command: \`${command.join(' ')}\``,
    `- Machine: ${cpus().length} × ${cpus()[0].model.trim()}, ${ram} GiB, ${process.platform} ${release()}, Node ${process.version}`,
    `- Load average when it began: ${load.toFixed(1)}; above ${cpus().length - 1} other work slowed all tools, and CPU time tells more than wall time`,
    `- Captures: generated by test/bench, seed ${options.seed}; file in the page cache; output to /dev/null`,
    `- Tools: ${tools.map((tool) => `\`${TOOLS[tool]('FILE').map(shorten).join(' ')}\``).join(', ')}`,
    '- Peak RSS is that of the largest process (`/usr/bin/time`), threads included.',
  ];
}

function shorten(argument) {
  return argument === process.execPath ? 'node' : argument.replace(root, '');
}

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function isInstalled(tool) {
  const found = spawnSync('sh', ['-c', `command -v ${tool}`]).status === 0;
  if (!found) console.error(`${tool} is not installed: left out`);
  return found;
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
