// npm run bench:live [-- --seconds 5 --runs 3 --rates 50000,200000,0 --sizes 60,1514 --minutes M]
//
// Offered against captured packets a second, losses and CPU a packet, of `resetscope live` beside `tcpdump -w` and
// `dumpcap -w`, all on one link between two network namespaces, in turn. Root needed. Rate 0 is as fast as this machine
// sends. Writes test/bench/LIVE.md. With --minutes one long capture instead: its memory each ten seconds, and its losses.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism, cpus, loadavg, release, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { count, median, spread, table } from './bench/numbers.mjs';
import { versionOf } from './bench/peers.mjs';
import { ensureBuilt } from './build.mjs';
import { ensureNativeBuilt } from './build-native.mjs';
import { root } from './setup.mjs';

const FILTER = 'tcp port 443';
/** The kernel's buffer, the same for all: MiB. What `resetscope live` takes. */
const BUFFER_MIB = 32;
const CLOCK_TICKS = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
const INTERFACE = 'wire';
/** The recorder puts itself before the analysis, by which its thread is known. */
const RECORDER_NICENESS = -5;
/** The rate at which the aim holds: microseconds a packet above tcpdump's. */
const AIM = { rate: 200_000, microseconds: 1 };
const cli = join(root, 'dist/cli/index.js');

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    runs: { type: 'string', default: '3' },
    rates: { type: 'string', default: '50000,200000,0' },
    sizes: { type: 'string', default: '60,1514' },
    tools: { type: 'string', default: 'resetscope,tcpdump,dumpcap' },
    minutes: { type: 'string' },
    'no-write': { type: 'boolean', default: false },
  },
});

/** How each tool captures into a folder, and the line that says that it has begun. */
const TOOLS = {
  resetscope: (folder) => ({
    command: [
      // Through its first line, as it runs when installed.
      cli,
      ...['live', '-i', INTERFACE, '-f', FILTER, '-w', folder, '--json', '--no-witness'],
      ...['--ring-size', String(2 ** 30), '--ring-files', '16'],
    ],
    ready: /"phase":"capturing"/,
  }),
  tcpdump: (folder) => ({
    command: [
      ...['tcpdump', '-n', '-i', INTERFACE, '-Z', 'root', '-B', String(BUFFER_MIB * 1024)],
      ...['-w', join(folder, 'tcpdump.pcap'), FILTER],
    ],
    ready: /listening on/,
  }),
  dumpcap: (folder) => ({
    command: [
      ...['dumpcap', '-q', '-i', INTERFACE, '-f', FILTER, '-B', String(BUFFER_MIB)],
      ...['-w', join(folder, 'dumpcap.pcapng')],
    ],
    ready: /File:/,
  }),
};

if (process.getuid() !== 0) fail('bench:live makes network namespaces: run it as root');
await ensureBuilt({ targets: ['programs'] });
chmodSync(cli, 0o755);
const native = await ensureNativeBuilt();
if (!native.built) fail(`the capture helper is missing: ${native.reason}`);
const work = mkdtempSync(join(tmpdir(), 'resetscope-bench-live-'));
const flood = join(work, 'flood');
execFileSync('cc', ['-O2', '-Wall', '-o', flood, join(root, 'test/bench/live/flood.c')]);
const near = `rsbench${process.pid}-a`;
const far = `rsbench${process.pid}-b`;
const load = loadavg()[0];
try {
  makeLink();
  if (options.minutes === undefined) await compare();
  else await endure(Number(options.minutes));
} finally {
  for (const name of [near, far]) spawnSync('ip', ['netns', 'del', name]);
  rmSync(work, { recursive: true, force: true });
}

function makeLink() {
  for (const name of [near, far]) ip('netns', 'add', name);
  ip('link', 'add', INTERFACE, 'netns', near, 'type', 'veth', 'peer', 'name', INTERFACE, 'netns', far);
  for (const name of [near, far]) ip('-n', name, 'link', 'set', INTERFACE, 'up');
}

async function compare() {
  const tools = options.tools.split(',');
  const rows = [];
  for (const size of options.sizes.split(',').map(Number)) {
    for (const rate of options.rates.split(',').map(Number)) {
      const taken = new Map(tools.map((tool) => [tool, []]));
      for (let run = 0; run < Number(options.runs); run++) {
        for (const tool of tools) {
          process.stderr.write(`${size} bytes at ${rate || 'any'} packets/s, run ${run + 1}: ${tool} …\n`);
          taken.get(tool).push(await one(tool, rate, size));
        }
      }
      for (const [tool, samples] of taken) rows.push({ size, rate, tool, samples });
    }
  }
  await report(rows);
}

/** One tool, one flood. CPU is counted from its begin to when the tool has nothing more to do. */
async function one(tool, rate, size) {
  const folder = mkdtempSync(join(work, 'capture-'));
  const child = await start(tool, folder);
  await sleep(500);
  const before = cpuSeconds(child.pid);
  const sent = await runFlood(rate, Number(options.seconds), size);
  await sleep(1500);
  const after = cpuSeconds(child.pid);
  await stop(child);
  const captured = packetsIn(folder);
  rmSync(folder, { recursive: true });
  return {
    offered: sent.sent / sent.seconds,
    captured: captured / sent.seconds,
    sent: sent.sent,
    lost: sent.sent - captured,
    microseconds: (1e6 * (after.all - before.all)) / captured,
    ...partsOf(before, after, child.pid, captured),
  };
}

async function endure(minutes) {
  const folder = mkdtempSync(join(work, 'capture-'));
  const child = await start('resetscope', folder);
  const rate = Number(options.rates.split(',')[0]);
  const size = Number(options.sizes.split(',')[0]);
  const flooding = runFlood(rate, minutes * 60, size);
  const begun = Date.now();
  const memory = [];
  while (Date.now() - begun < minutes * 60_000) {
    await sleep(10_000);
    const mebibytes = residentMebibytes(child.pid);
    memory.push(mebibytes);
    process.stderr.write(`${Math.round((Date.now() - begun) / 1000)} s: ${mebibytes.toFixed(0)} MiB\n`);
  }
  const { sent } = await flooding;
  await sleep(2000);
  const last = await stop(child);
  const half = memory.slice(memory.length >> 1);
  console.log(
    `${minutes} minutes at ${rate} packets/s of ${size} bytes: ${sent} sent, ` +
      `${Math.max(...memory).toFixed(0)} MiB at most, second half ${Math.min(...half).toFixed(0)}–${Math.max(...half).toFixed(0)} MiB\n${last}`,
  );
}

/** Resolves when the tool says that it captures. */
function start(tool, folder) {
  const { command, ready } = TOOLS[tool](folder);
  const child = spawn('ip', ['netns', 'exec', far, ...command], { stdio: ['ignore', 'pipe', 'pipe'] });
  return new Promise((resolve, reject) => {
    let said = '';
    child.lastLines = '';
    const look = (text) => {
      said = (said + text).slice(-4096);
      child.lastLines = said.trim().split('\n').slice(-2).join('\n');
      if (ready.test(said)) resolve(child);
    };
    child.stdout.setEncoding('utf8').on('data', look);
    child.stderr.setEncoding('utf8').on('data', look);
    child.on('error', reject);
    child.on('close', (code) => reject(new Error(`${tool} ended with ${code}: ${said}`)));
  });
}

async function stop(child) {
  const gone = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGINT');
  await gone;
  return child.lastLines;
}

async function runFlood(rate, seconds, size) {
  const child = spawn('ip', ['netns', 'exec', near, flood, INTERFACE, ...[rate, seconds, size].map(String)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part) => (text += part));
  await new Promise((resolve) => child.once('close', resolve));
  return JSON.parse(text);
}

/** User and system time of a process by thread, of those below it, and of all. `ip netns exec` becomes the tool itself. */
function cpuSeconds(pid) {
  const own = statOf(`/proc/${pid}/stat`).seconds;
  const threads = new Map(
    readdirSync(`/proc/${pid}/task`).map((thread) => [
      Number(thread),
      statOf(`/proc/${pid}/task/${thread}/stat`),
    ]),
  );
  const below = childrenOf(pid).reduce((sum, child) => sum + cpuSeconds(child).all, 0);
  return { threads, below, all: own + below };
}

/** Microseconds a packet: the analysis runs in the first thread; what is below the process is the helper, and now and then `ss`. */
function partsOf(before, after, pid, packets) {
  const spent = (wanted) =>
    [...after.threads]
      .filter(([thread, { niceness }]) => wanted(thread, niceness))
      .reduce((sum, [thread, { seconds }]) => sum + seconds - (before.threads.get(thread)?.seconds ?? 0), 0);
  return {
    helper: (1e6 * (after.below - before.below)) / packets,
    recorder: (1e6 * spent((thread, niceness) => thread !== pid && niceness === RECORDER_NICENESS)) / packets,
    analysis: (1e6 * spent((thread) => thread === pid)) / packets,
  };
}

function statOf(path) {
  const stat = readFileSync(path, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { seconds: (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS, niceness: Number(fields[16]) };
}

function childrenOf(pid) {
  return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
}

function residentMebibytes(pid) {
  // A child that has just ended has no memory, and soon no file.
  const status = existsSync(`/proc/${pid}/status`) ? readFileSync(`/proc/${pid}/status`, 'utf8') : '';
  const own = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
  return childrenOf(pid).reduce((sum, child) => sum + residentMebibytes(child), own);
}

function packetsIn(folder) {
  const files = readdirSync(folder, { recursive: true }).filter((name) => /\.pcap(ng)?$/.test(name));
  return files.reduce((sum, name) => {
    const text = execFileSync('capinfos', ['-Mc', '-T', '-r', join(folder, name)], { encoding: 'utf8' });
    return sum + Number(text.trim().split('\t').at(-1));
  }, 0);
}

async function report(rows) {
  const memory = Math.round(totalmem() / 2 ** 30);
  const versions = [
    ['tcpdump', '--version'],
    ['dumpcap', '--version'],
  ].map(versionOf);
  const lines = [
    '# Live capture bench',
    '',
    'Written by `scripts/bench-live.mjs`; not edited by hand.',
    '',
    `- Command: \`npm run bench:live${process.argv.length > 2 ? ` -- ${process.argv.slice(2).join(' ')}` : ''}\``,
    `- Machine: ${availableParallelism()} × ${cpus()[0].model.trim()}, ${memory} GiB, ${process.platform} ${release()}, Node ${process.version}; the sender runs on it too`,
    `- Versions: ${versions.join(', ')}`,
    `- Load average when it began: ${load.toFixed(1)}`,
    `- TCP segments of 1,000 flows over a veth link between two namespaces, ${options.seconds} s each, tools in turn, medians; filter \`${FILTER}\`, kernel buffer ${BUFFER_MIB} MiB for all`,
    '- CPU is user and system time of the tool and its children, divided by the packets captured; for Resetscope that is helper, recorder (what Node does for the capture) and the whole analysis with V8’s own threads, which compile it in that time',
    ...aimsReached(rows),
    ...table(
      [
        ...['bytes', 'rate', '-tool', 'runs', 'offered/s', 'captured/s', 'lost', 'CPU µs/packet', 'min–max'],
        ...['above tcpdump', 'of it helper', 'of it recorder', 'of it analysis'],
      ],
      rows.map((row) => rowOf(row, rows)),
    ),
  ].join('\n');
  console.log(lines);
  if (options['no-write']) return;
  const path = join(root, 'test/bench/LIVE.md');
  writeFileSync(path, await format(lines, { ...(await resolveConfig(path)), parser: 'markdown' }));
}

function middle({ samples }, figure) {
  return median(samples.map((sample) => sample[figure]));
}

function rowOf(row, rows) {
  const { size, rate, tool, samples } = row;
  const all = samples.map(({ microseconds }) => microseconds);
  const sum = (figure) => samples.reduce((total, sample) => total + sample[figure], 0);
  const above = aboveTcpdump(row, rows);
  const isOurs = tool === 'resetscope';
  return [
    size,
    rate || 'max',
    tool,
    samples.length,
    Math.round(middle(row, 'offered')),
    Math.round(middle(row, 'captured')),
    `${count(sum('lost'))} (${((100 * sum('lost')) / sum('sent')).toFixed(2)} %)`,
    middle(row, 'microseconds').toFixed(2),
    spread(all),
    above === undefined || tool === 'tcpdump' ? '–' : above.toFixed(2),
    ...['helper', 'recorder', 'analysis'].map((part) => (isOurs ? middle(row, part).toFixed(2) : '–')),
  ];
}

function aboveTcpdump({ size, rate, ...row }, rows) {
  const peer = rows.find((other) => other.tool === 'tcpdump' && other.size === size && other.rate === rate);
  return peer === undefined ? undefined : middle(row, 'microseconds') - middle(peer, 'microseconds');
}

function aimsReached(rows) {
  return rows
    .filter(({ tool, rate }) => tool === 'resetscope' && rate === AIM.rate)
    .map((row) => ({ size: row.size, above: aboveTcpdump(row, rows) }))
    .filter(({ above }) => above !== undefined)
    .map(
      ({ size, above }) =>
        `- At ${count(AIM.rate)} packets/s of ${size} bytes Resetscope takes ${above.toFixed(2)} µs a packet more than tcpdump, analysis included (aim: at most ${AIM.microseconds}${above > AIM.microseconds ? '; **missed**' : ''})`,
    );
}

function ip(...args) {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'inherit'] });
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
