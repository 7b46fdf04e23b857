/** Runs programs and takes their wall time, CPU time and peak memory. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const TIMER = '/usr/bin/time';
/** What `timeout` ends with when it had to end the program. */
const TIMED_OUT = 124;

/** A case, or the whole bench, cannot go on; the message is for who started it. */
export class BenchError extends Error {}

export function demandTimer() {
  if (!existsSync(TIMER))
    throw new BenchError(`${TIMER} is needed to measure memory (Debian package "time")`);
}

/**
 * What the program prints is thrown away, warnings included: some peers write thousands of them.
 * @param {readonly string[]} command
 * @param {{ limitSeconds?: number, limitGib?: number }} limits a program that needs more is ended, and its figures are unknown; without
 *   `limitGib` it may have what memory there is
 * @returns {{ over: string | null, seconds: number, cpu: number, kibibytes: number }} `over` says which limit the program met
 */
export function measure(command, { limitSeconds = 1800, limitGib } = {}) {
  const work = mkdtempSync(join(tmpdir(), 'resetscope-bench-'));
  const result = join(work, 'figures');
  try {
    const inMemory = limitGib === undefined ? [] : ['prlimit', `--as=${limitGib * 2 ** 30}`];
    const limited = ['timeout', String(limitSeconds), ...inMemory, ...command];
    const run = spawnSync(TIMER, ['-f', '%e %U %S %M', '-o', result, ...limited], {
      // Some peers leave files where they stand.
      cwd: work,
      stdio: 'ignore',
    });
    if (run.status === TIMED_OUT) return { over: `${limitSeconds} s`, seconds: 0, cpu: 0, kibibytes: 0 };
    // 2 is Resetscope's "read with losses".
    const isWell = !run.error && (run.status === 0 || run.status === 2);
    if (!isWell && limitGib !== undefined)
      return { over: `${limitGib} GiB`, seconds: 0, cpu: 0, kibibytes: 0 };
    if (!isWell) throw new BenchError(`${command.slice(0, 8).join(' ')} failed: ${run.error ?? run.status}`);
    const figures = readFileSync(result, 'utf8').trim().split('\n').at(-1).split(' ').map(Number);
    const [seconds, user, system, kibibytes] = figures;
    return { over: null, seconds, cpu: user + system, kibibytes };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * In each round every one runs once, so that a noisy spell hits all of them.
 * @template Sample
 * @param {ReadonlyMap<string, { readonly rounds: number, readonly run: () => Sample }>} ones
 * @returns {Map<string, Sample[]>}
 */
export function interleave(what, ones) {
  const samples = new Map([...ones.keys()].map((name) => [name, []]));
  const most = Math.max(...[...ones.values()].map(({ rounds }) => rounds));
  for (let round = 0; round < most; round++) {
    for (const [name, { rounds, run }] of ones) {
      if (round >= rounds) continue;
      process.stderr.write(`${what}, round ${round + 1}: ${name} …\n`);
      samples.get(name).push(run());
    }
  }
  return samples;
}
