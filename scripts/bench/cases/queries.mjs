/** What answers cost the engine: lists, orders, filters, findings and overview, on many packets and on many resets. */
import { spawnSync } from 'node:child_process';
import { BenchError } from '../measure.mjs';
import { count, table } from '../numbers.mjs';

const PACKETS = 5_000_000;
const AIM_MS = 150;
const AIM_BLOCK_MS = 20;

export async function queries(bench) {
  const packets = bench.sizeOf(PACKETS);
  // The storm of resets has one size, which would be most of a quick look.
  const isWhole = packets === PACKETS;
  const captures = [[`${count(packets)} packets`, packets], ...(isWhole ? [['many resets', 'storm']] : [])];
  const program = await bench.captures.program('run-queries');
  return captures.flatMap(([title, what]) => {
    process.stderr.write(`queries: ${title} …\n`);
    const run = spawnSync(process.execPath, [program, bench.cache, String(what), String(bench.runs)], {
      encoding: 'utf8',
      maxBuffer: 64 << 20,
    });
    if (run.status !== 0) throw new BenchError(`${program} failed: ${run.stderr.slice(-500)}`);
    return section(title, JSON.parse(run.stdout));
  });
}

function section(title, rows) {
  const over = rows.filter(({ cold, block }) => cold > AIM_MS || block > AIM_BLOCK_MS).length;
  return [
    '',
    `## Answers: ${title}`,
    '',
    `CPU milliseconds of the engine’s thread: as if asked for the first time, asked again, and the longest block in which no other ` +
      `question is answered. ${over === 0 ? 'All' : `${rows.length - over} of ${rows.length}`} stay within ${AIM_MS} ms, and blocks within ${AIM_BLOCK_MS} ms.`,
    ...table(
      ['-what', 'first', 'again', 'longest block', 'of', '-'],
      rows.map(({ name, cold, warm, block, total }) => [
        name,
        cold.toFixed(1),
        warm.toFixed(1),
        block.toFixed(1),
        count(total),
        cold > AIM_MS || block > AIM_BLOCK_MS ? '**over**' : '',
      ]),
    ),
  ];
}
