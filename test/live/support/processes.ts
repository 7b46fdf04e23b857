/** Who was started by whom, and who is left. */
import { readFileSync } from 'node:fs';
import { childrenOf, type ProcessLine } from '../../e2e/support/children.ts';
import { until } from '../../support/patience.ts';

/** All that a process started, and what those started. */
export async function descendantsOf(pid: number): Promise<ProcessLine[]> {
  const children = await childrenOf(pid);
  const deeper = await Promise.all(children.map((child) => descendantsOf(child.pid)));
  return [...children, ...deeper.flat()];
}

/** The process that captures for `pid`. */
export async function capturerOf(pid: number, name = 'resetscope-capd'): Promise<number> {
  let found: number | undefined;
  await until(async () => {
    const all = await descendantsOf(pid);
    // The helper's janitor has the same command line; it is the helper's child.
    found = all.find(({ command }) => command.includes(`${name} `))?.pid;
    return found !== undefined;
  }, `a process of ${name}`);
  return found as number;
}

/** Nobody may be left of these; waits a moment for those that are just ending. */
export async function expectGone(processes: readonly ProcessLine[]): Promise<void> {
  for (const { pid, command } of processes)
    await until(() => !isAlive(pid), `${command} (${pid}) to be gone`);
}

/** One that ended, and that nobody asked about yet, is not. */
function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/su.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
