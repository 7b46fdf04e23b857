/** Where the time of a packet goes, by stage: the samples of V8's profiler, folded by the sources they fell into. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { warm } from '../captures.mjs';
import { foldBySource, foldByStage } from '../cpu-profile.mjs';
import { BenchError, measure } from '../measure.mjs';
import { count, median, table } from '../numbers.mjs';
import { profiledBuild, sourcesOf } from '../profiled-build.mjs';

const GENERATED = 5_000_000;
const REAL = 4_000_000;
const INTERVAL_MICROS = 200;
/** Sources shown by themselves, those with most samples first. */
const SHOWN = 12;

const STAGES = [
  ['taking bytes from the reader', /^main\/(capture|host)\//],
  ['records', /^main\/engine\/read\//],
  ['pipeline: the way of ordinary segments, rows of the index', /^main\/engine\/(pipeline|store)\//],
  ['decoding layer by layer', /^main\/engine\/decode\//],
  ['lookup, tracking', /^main\/engine\/flow\//],
  ['hints of applications', /^main\/engine\/(stream|dissect)\//],
  ['judging, endings, findings', /^main\/engine\/(reset|endings|findings|join|select|answers|retention)\//],
  ['report, JSON', /^(main\/cli|shared)\//],
  ['other sources of ours', /^main\//],
  ['garbage collection', /^\(garbage collector\)$/],
  ['waiting', /^\(idle\)$/],
  ['Node and V8', /^\(/],
];
const WAITING = 'waiting';

export async function stages(bench) {
  const nodeArguments = await profiledBuild(bench.root, '.cache/bench/profiled', bench.cli);
  const sourceOf = sourcesOf(bench.root);
  const made = await bench.captures.generated(bench.sizeOf(GENERATED));
  const real = await bench.captures.real(bench.sizeOf(REAL));
  const files = [
    { name: 'generated', path: made.path, packets: made.report.packets },
    { name: 'real', path: real.path, packets: real.report.packets },
  ].map(({ name, path, packets }) => {
    warm(path);
    process.stderr.write(`stages: ${name} …\n`);
    const command = [process.execPath, ...nodeArguments([], 'analyze', '--json', path)];
    const seconds = median(Array.from({ length: bench.runs }, () => measure(command).cpu));
    const spent = foldBySource(profileOf(nodeArguments, path), 2 * INTERVAL_MICROS, sourceOf);
    return { name, packets, spent, sums: foldByStage(spent, STAGES), seconds };
  });
  const each = (microseconds, { packets }) => ((microseconds * 1000) / packets).toFixed(0);
  const names = [...new Set(files.flatMap(({ sums }) => [...sums.keys()]))];
  const busy = ({ sums }) =>
    [...sums].filter(([stage]) => stage !== WAITING).reduce((sum, [, micros]) => sum + micros, 0);
  return [
    '',
    '## Stages: nanoseconds a packet',
    '',
    `\`analyze --json\` of ${files.map(({ name, packets }) => `${count(packets)} packets (${name})`).join(' and ')}: the main thread, sampled each ` +
      `${INTERVAL_MICROS} µs by V8’s profiler (\`--cpu-prof\`), which makes it some per cent slower. A sample counts for the source in which ` +
      'its function was written, also where the compiler put that function into another; what is one function is in one stage, ' +
      'whatever it does. Samples are of the clock: waits inside of a function count as well, and on a busy machine what is long between two ' +
      'samples is left out. The CPU time of the whole ' +
      'process, V8’s own threads and those that read included, was taken without the profiler.',
    ...table(
      ['-stage', ...files.map(({ name }) => name)],
      [
        ...names.map((stage) => [stage, ...files.map((file) => each(file.sums.get(stage) ?? 0, file))]),
        ['main thread without waiting', ...files.map((file) => each(busy(file), file))],
        ['CPU time of the process', ...files.map((file) => each(file.seconds * 1e6, file))],
      ],
    ),
    ...files.flatMap((file) => [
      ...table(
        [`-source (${file.name})`, 'ns a packet'],
        [...file.spent]
          .filter(([source]) => source !== '(idle)')
          .toSorted(([, a], [, b]) => b - a)
          .slice(0, SHOWN)
          .map(([source, micros]) => [`\`${source}\``, each(micros, file)]),
      ),
    ]),
  ];
}

/** The profile of the main thread. */
function profileOf(nodeArguments, path) {
  const folder = mkdtempSync(join(tmpdir(), 'resetscope-profile-'));
  try {
    const flags = ['--cpu-prof', '--cpu-prof-dir', folder, '--cpu-prof-interval', String(INTERVAL_MICROS)];
    const args = nodeArguments(flags, 'analyze', '--json', path);
    const { status } = spawnSync(process.execPath, args, { stdio: 'ignore' });
    if (status !== 0) throw new BenchError(`analyze --json ${path} ended with ${status} under the profiler`);
    // CPU.DATE.TIME.PROCESS.THREAD.SEQUENCE.cpuprofile; the main thread is 0.
    const name = readdirSync(folder).find((file) => file.split('.').at(-3) === '0');
    if (name === undefined) throw new BenchError('the profiler left no profile of the main thread');
    return JSON.parse(readFileSync(join(folder, name), 'utf8'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
