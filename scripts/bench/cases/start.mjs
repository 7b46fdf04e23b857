/** What a command costs before it does anything: a capture of a hundred packets beside Node that does nothing. */
import { spawnSync } from 'node:child_process';
import { BenchError, interleave } from '../measure.mjs';
import { median, spread, table } from '../numbers.mjs';

const PACKETS = 100;
const LEAST_ROUNDS = 20;
const AIM = 1.5;

export async function start(bench) {
  const { path } = await bench.captures.generated(PACKETS);
  const nothing = 'node -e 0';
  const analyze = 'resetscope analyze';
  const commands = {
    [nothing]: [process.execPath, '-e', '0'],
    [analyze]: [bench.cli, 'analyze', path],
    'resetscope analyze --json': [bench.cli, 'analyze', '--json', path],
    'resetscope --version': [bench.cli, '--version'],
  };
  const rounds = Math.max(LEAST_ROUNDS, Number(bench.options['start-runs']));
  const ones = new Map(
    Object.entries(commands).map(([name, command]) => [name, { rounds, run: () => millisecondsOf(command) }]),
  );
  const samples = interleave('start', ones);
  const base = median(samples.get(nothing));
  const ratio = median(samples.get(analyze)) / base;
  return [
    '',
    `## Start: a capture of ${PACKETS} packets`,
    '',
    `\`${analyze}\` takes ${ratio.toFixed(2)} times as long as \`${nothing}\` (aim: at most ${AIM}${ratio > AIM ? '; **missed**' : ''}).`,
    ...table(
      ['-command', 'runs', 'median ms', 'min–max ms', '/ node', 'least / least of node'],
      [...samples].map(([name, taken]) => [
        name,
        taken.length,
        median(taken).toFixed(1),
        spread(taken, 1),
        (median(taken) / base).toFixed(2),
        (Math.min(...taken) / Math.min(...samples.get(nothing))).toFixed(2),
      ]),
    ),
  ];
}

/** Finer than the hundredths of `time`. */
function millisecondsOf([program, ...args]) {
  const beganNs = process.hrtime.bigint();
  const { status, error } = spawnSync(program, args, { stdio: 'ignore' });
  const ms = Number(process.hrtime.bigint() - beganNs) / 1e6;
  if (error || status !== 0) throw new BenchError(`${program} ${args.join(' ')} failed: ${error ?? status}`);
  return ms;
}
