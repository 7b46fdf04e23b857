/** The lab's command line; started by scripts/lab.mjs. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { writeFixtures, writeJoinedFixtures } from './fixtures.ts';
import { LiveCompanion } from '../live/companion.ts';
import type { PlaceReport } from '../live/compare.ts';
import { summarize } from '../live/summary.ts';
import { choosePlans, SHORT_RENUMBERED_SHARE, type TopologyPlan } from './plan.ts';
import { ProcessGroup, run } from './processes.ts';
import type { Scenario } from './scenario.ts';
import { SCENARIOS } from './scenarios/index.ts';
import { type RunReport, runTopology } from './topology-run.ts';
import { KernelTrace } from './trace.ts';

const TOPOLOGIES_AT_ONCE = 2;

/** @param root the repository's folder; returns the exit code */
export async function main(argv: readonly string[], root: string): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      out: { type: 'string', default: join(root, '.cache/lab') },
      only: { type: 'string' },
      topology: { type: 'string' },
      short: { type: 'boolean', default: false },
      seed: { type: 'string', default: '1' },
      // Leaves the witnesses' captures and the kernel's words behind, in .work.
      keep: { type: 'boolean', default: false },
      // Replaces test/fixtures/lab by a part of this lab.
      fixtures: { type: 'boolean', default: false },
      // … or only its captures of several places.
      'joined-fixtures': { type: 'boolean', default: false },
      // The product captures live meanwhile; what it says is held against the truth.
      live: { type: 'boolean', default: false },
    },
  });
  const missing = whatIsMissing();
  if (missing !== null) {
    console.log(`lab skipped: ${missing}`);
    return 0;
  }
  const out = resolve(values.out);
  const programs = join(root, 'test/lab/programs');
  const prefix = `rslab${process.pid}`;
  const group = new ProcessGroup();
  const unlock = acquireLock(join(root, '.cache'));
  await removeAbandonedNamespaces();
  rmSync(out, { recursive: true, force: true });
  mkdirSync(join(out, '.work'), { recursive: true });
  const trace = await KernelTrace.start(prefix);
  const cleanUp = async (): Promise<void> => {
    await trace?.stop();
    await group.endAll();
    await removeNamespaces(prefix);
    unlock();
  };
  const interrupted = (signal: NodeJS.Signals): void => {
    console.error(`${signal}: cleaning up`);
    void cleanUp().finally(() => process.exit(130));
  };
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    const wireProgram = compileWire(programs, join(out, '.work'));
    const seed = Number(values.seed);
    const plans = choosePlans(seed, values.short).filter(
      ({ plan }) => values.topology === undefined || plan.name === values.topology,
    );
    const chosen = choose(values.only, values.short);
    const live: PlaceReport[] = [];
    const options = {
      out,
      prefix,
      programs,
      wireProgram,
      short: values.short,
      group,
      trace,
      ...(values.live ? { companion: liveCompanions(root, out, group, live) } : {}),
    };
    const started = Date.now();
    const atOnce = values.short ? plans.length : TOPOLOGIES_AT_ONCE;
    const reports = await inParallel(plans, atOnce, async ({ plan, isWhole }) => {
      const fitting = chosen.filter(
        (s: Scenario, index) =>
          (s.on === undefined || s.on(plan)) && (isWhole || (index + seed) % SHORT_RENUMBERED_SHARE === 0),
      );
      const report = await runTopology(plan, fitting, options).catch((error: Error): RunReport => ({
        topology: plan.name,
        scenarios: 0,
        resets: 0,
        failures: [`${plan.name}: ${error.message}`],
      }));
      console.log(
        `${report.topology}: ${report.scenarios} captured scenarios, ${report.resets} resets, ` +
          `${((Date.now() - started) / 1000).toFixed(0)} s`,
      );
      return report;
    });
    if (!values.keep) rmSync(join(out, '.work'), { recursive: true, force: true });
    const { lines, failures } = values.live ? summarize(live, trace !== null) : { lines: [], failures: [] };
    for (const line of lines) console.log(line);
    const code = sayWhatFailed([...reports.flatMap((report) => report.failures), ...failures]);
    if (code === 0 && values.fixtures) {
      const { files, bytes, resets } = writeFixtures(out, join(root, 'test/fixtures/lab'));
      console.log(`fixtures: ${files} files, ${(bytes / 1e6).toFixed(2)} MB, ${resets} resets`);
    }
    if (code === 0 && values['joined-fixtures']) writeJoinedFixtures(out, join(root, 'test/fixtures/lab'));
    return code;
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    await cleanUp();
  }
}

function liveCompanions(root: string, out: string, group: ProcessGroup, reports: PlaceReport[]) {
  const cli = join(root, 'dist/cli/index.js');
  return (plan: TopologyPlan): LiveCompanion =>
    new LiveCompanion(plan, group, cli, join(out, '.live'), (report) => reports.push(report));
}

function sayWhatFailed(failures: readonly string[]): number {
  for (const failure of failures) console.error(`FAILED ${failure}`);
  return failures.length === 0 ? 0 : 1;
}

async function inParallel<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const queue = [...items];
  const results: R[] = [];
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) results.push(await work(item));
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}

/** Null if the lab can run here. */
function whatIsMissing(): string | null {
  if (process.platform !== 'linux') return 'it needs Linux network namespaces';
  if (process.getuid?.() !== 0) return 'it needs to be root to make network namespaces';
  for (const program of ['ip', 'nft', 'tcpdump', 'gcc', 'ss', '/usr/bin/python3'])
    if (!isThere(program)) return `it needs ${program}`;
  return null;
}

function isThere(programOrFile: string): boolean {
  if (programOrFile.startsWith('/')) return existsSync(programOrFile);
  try {
    execFileSync('sh', ['-c', `command -v ${programOrFile}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The scenarios this run is about, less those whose programs are not installed, which are named. */
function choose(only: string | undefined, short: boolean): Scenario[] {
  const wanted = SCENARIOS.filter((s) =>
    only === undefined ? !short || s.short === true : s.name.includes(only),
  );
  return wanted.filter((scenario) => {
    const missing = (scenario.needs ?? []).filter((need) => !isThere(need));
    if (missing.length > 0) console.log(`skipped ${scenario.name}: no ${missing.join(', ')} here`);
    return missing.length === 0;
  });
}

function compileWire(programs: string, folder: string): string {
  const target = join(folder, 'wire');
  const sources = ['wire.c', 'packet.c', 'rule.c', 'device.c', 'renumber.c'].map((name) =>
    join(programs, name),
  );
  execFileSync('gcc', ['-O2', '-Wall', '-Wextra', '-Werror', '-o', target, ...sources]);
  return target;
}

/** Two labs at once would share addresses, and the kernel's trace could not tell them apart. */
function acquireLock(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'lab.lock');
  if (existsSync(file)) {
    const owner = Number(readFileSync(file, 'utf8'));
    if (existsSync(`/proc/${owner}`)) throw new Error(`a lab is running already: process ${owner}`);
    rmSync(file);
  }
  writeFileSync(file, String(process.pid), { flag: 'wx' });
  return () => rmSync(file, { force: true });
}

/** Only those of this run: its prefix holds the process id. */
async function removeNamespaces(prefix: string): Promise<void> {
  for (const name of await namespaces())
    if (name.startsWith(`${prefix}-`)) await run('ip', 'netns', 'del', name).catch(() => undefined);
}

/** Those of a lab that was killed and could not clean up: its process is no more. */
async function removeAbandonedNamespaces(): Promise<void> {
  for (const name of await namespaces()) {
    const owner = /^rslab(\d+)-/.exec(name);
    if (owner !== null && !existsSync(`/proc/${owner[1]}`))
      await run('ip', 'netns', 'del', name).catch(() => undefined);
  }
}

async function namespaces(): Promise<string[]> {
  const listed = await run('ip', 'netns', 'list').catch(() => '');
  return listed.split('\n').flatMap((line) => (line === '' ? [] : [line.split(' ')[0]]));
}
