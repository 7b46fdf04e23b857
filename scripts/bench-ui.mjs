// npm run bench:ui [-- --packets 1000000,5000000 --runs 5 --parts rows,scroll,answers,bytes,lists,ladder]
//
// What the user waits for: first rows after opening, frames while scrolling, the page's memory, and how soon the engine
// answers filters, orders and totals. Drives Chromium before the loopback server over generated captures, which are kept in
// .cache/bench (4 GB for 5 million packets). Writes test/bench/UI.md.
import { spawnSync } from 'node:child_process';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { bundle } from '../test/bench/bundle.mjs';
import { ensureBuilt } from './build.mjs';
import { root } from './setup.mjs';

const cache = join(root, '.cache/bench');
/** A copy, so that a build meanwhile does not change what is measured. */
const dist = join(cache, 'dist-ui');

const { values: options } = parseArgs({
  options: {
    packets: { type: 'string', default: '1000000,5000000' },
    runs: { type: 'string', default: '5' },
    parts: { type: 'string', default: '' },
    'no-write': { type: 'boolean', default: false },
  },
});

const load = loadavg()[0];
await ensureBuilt();
rmSync(dist, { recursive: true, force: true });
cpSync(join(root, 'dist'), dist, { recursive: true });
const run = await bundle(root, 'test/bench/ui/run.ts', join(cache, 'bin'), ['playwright-core']);
const done = spawnSync(process.execPath, [run, cache, dist, options.packets, options.runs, options.parts], {
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
});
rmSync(dist, { recursive: true, force: true });
if (done.status !== 0) {
  console.error('the bench did not come to its end');
  process.exit(1);
}
const report = [...heading(), ...sections(JSON.parse(done.stdout))].join('\n');
console.log(report);
if (!options['no-write']) {
  const path = join(root, 'test/bench/UI.md');
  const style = await resolveConfig(path);
  writeFileSync(path, await format(report, { ...style, parser: 'markdown' }));
}

function heading() {
  const ram = Math.round(totalmem() / 2 ** 30);
  const command = ['npm run bench:ui', ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : [])];
  return [
    '# What the user waits for',
    '',
    'Written by `scripts/bench-ui.mjs`; not edited by hand.',
    '',
    `- Command: \`${command.join(' ')}\``,
    `- Machine: ${cpus().length} × ${cpus()[0].model.trim()}, ${ram} GiB, ${process.platform} ${release()}, Node ${process.version}; ` +
      'browser, server and engine share it',
    `- Load average when it began: ${load.toFixed(1)}; above ${cpus().length - 1} other work slowed everything, and CPU time tells more than wall time`,
    '- CPU is that of the engine’s main thread for one answer, or of the page’s main thread for one frame on average.',
    '- Each question is asked as if for the first time: what the engine keeps of earlier answers is pushed out before.',
    '- Frames: Chromium draws in software and as fast as it can; a frame is all from one to the next.',
    '- "others waited": the longest that another question had to wait meanwhile, where that was more than 20 ms.',
  ];
}

function sections(figures) {
  const groups = new Map();
  for (const figure of figures) groups.set(figure.group, [...(groups.get(figure.group) ?? []), figure]);
  return [...groups].flatMap(([group, ones]) => [
    '',
    `## ${group}`,
    '',
    '| what | median | min–max | CPU ms | target | | of |',
    '| --- | ---: | ---: | ---: | ---: | --- | --- |',
    ...ones.map(row),
  ]);
}

function row({ name, unit, runs, cpu, target, of = '' }) {
  const middle = median(runs);
  const text = (number) =>
    Number(number.toPrecision(number >= 100 ? 6 : 3)).toLocaleString('en', {
      maximumFractionDigits: number < 100 ? 1 : 0,
    });
  const range = runs.length > 1 ? `${text(Math.min(...runs))}–${text(Math.max(...runs))}` : '';
  const verdict = target === undefined ? '' : middle <= target ? 'ok' : '**over**';
  const cell = name.replaceAll('|', '\\|');
  return `| ${cell} | ${text(middle)} ${unit} | ${range} | ${cpu === undefined ? '' : text(median(cpu))} | ${target === undefined ? '' : `≤ ${target}`} | ${verdict} | ${of} |`;
}

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
