/** CPU time of analysing two captures of the same traffic in one process, joined and apart, in turn. */
import { spawnSync } from 'node:child_process';
import { warm } from '../captures.mjs';
import { BenchError, interleave } from '../measure.mjs';
import { count, median, spread, table } from '../numbers.mjs';

export async function join(bench) {
  const packets = Number(bench.options['join-packets'] ?? bench.sizeOf(1_000_000));
  const { path, secondPath } = await bench.captures.generated(packets, 'pair');
  const program = await bench.captures.program('run-join');
  warm(path, secondPath);
  const run = (how) => {
    const done = spawnSync(process.execPath, [program, how, path, secondPath], { encoding: 'utf8' });
    if (done.status !== 0) throw new BenchError(`${program} failed: ${done.stderr}`);
    return JSON.parse(done.stdout);
  };
  const rounds = Number(bench.options['join-runs']);
  const ones = new Map(['apart', 'joined'].map((how) => [how, { rounds, run: () => run(how) }]));
  const samples = interleave(`two captures of ${packets} packets`, ones);
  const [{ connections, matched, packets: read }] = samples.get('joined');
  const cpusOf = (how) => samples.get(how).map(({ cpu }) => cpu);
  const apart = median(cpusOf('apart'));
  const least = (how) => Math.min(...cpusOf(how));
  return [
    '',
    `## Two captures of the same traffic: ${count(read)} packets, ${count(connections)} connections joined`,
    '',
    `${count(matched)} packets of the first are matched with those of the second. Joining takes ` +
      `${(median(cpusOf('joined')) / apart).toFixed(2)} times the CPU time of reading and judging both apart, in one process and thread; by the ` +
      `least of each, which other work disturbs least, ${(least('joined') / least('apart')).toFixed(2)} times.`,
    ...table(
      ['-both captures', 'runs', 'median CPU s', 'min–max CPU s', 'median s', 'CPU / apart'],
      [...samples].map(([how, taken]) => [
        how,
        taken.length,
        median(cpusOf(how)).toFixed(2),
        spread(cpusOf(how)),
        median(taken.map((one) => one.seconds)).toFixed(2),
        (median(cpusOf(how)) / apart).toFixed(2),
      ]),
    ),
  ];
}
