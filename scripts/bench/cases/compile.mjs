/** How often V8 optimises the functions that packets run through, and throws their code away: once and never is best. */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BenchError } from '../measure.mjs';
import { count, table } from '../numbers.mjs';
import { profiledBuild } from '../profiled-build.mjs';
import { readTraces, reasons, restless } from '../v8-traces.mjs';

const PACKETS = 1_000_000;
const SHOWN = 25;

export async function compile(bench) {
  const nodeArguments = await profiledBuild(bench.root, '.cache/bench/profiled', bench.cli);
  const { path, report } = await bench.captures.generated(bench.sizeOf(PACKETS));
  process.stderr.write('compile …\n');
  const functions = readTraces(traced(nodeArguments, path));
  const all = [...functions.values()];
  const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
  const twice = restless(functions);
  return [
    '',
    `## Compiling: what V8 optimises in ${count(report.packets)} packets`,
    '',
    `${count(sum(all.map(({ optimised }) => optimised)))} optimisations of ${count(functions.size)} functions, ` +
      `${count(sum(all.map(({ onStack }) => onStack)))} of loops that were running (OSR), ` +
      `${count(sum(all.map(({ deoptimised }) => deoptimised.length)))} deoptimisations (\`--trace-opt --trace-deopt\`), all threads and Node’s own functions included. ` +
      `${count(twice.length)} functions were optimised more than once or deoptimised${twice.length > SHOWN ? `, of which ${SHOWN} follow` : ''}. ` +
      'Functions of one name are counted as one.',
    ...table(
      ['-function', 'optimised', 'OSR', 'deoptimised', '-why'],
      twice
        .slice(0, SHOWN)
        .map(({ name, optimised, onStack, deoptimised }) => [
          `\`${name}\``,
          optimised,
          onStack,
          deoptimised.length,
          reasons(deoptimised),
        ]),
    ),
  ];
}

/** Traces go where the report goes: to a file, for there may be many. */
function traced(nodeArguments, path) {
  const folder = mkdtempSync(join(tmpdir(), 'resetscope-traces-'));
  try {
    const to = join(folder, 'traces');
    const out = openSync(to, 'w');
    const args = nodeArguments(['--trace-opt', '--trace-deopt'], 'analyze', path);
    const { status } = spawnSync(process.execPath, args, { stdio: ['ignore', out, 'ignore'] });
    closeSync(out);
    if (status !== 0) throw new BenchError(`analyze ${path} ended with ${status} while it was traced`);
    return readFileSync(to, 'utf8');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
