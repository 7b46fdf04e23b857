/** Many files of ten packets each, opened together: time and memory by their number. */
import { warm } from '../captures.mjs';
import { interleave, measure } from '../measure.mjs';
import { count, median, table } from '../numbers.mjs';

const KINDS = {
  parts: 'parts of one capture, by their names',
  files: 'captures of their own, by their names; their times follow each other',
};

export async function files(bench) {
  const sizes = bench.options.files.split(',').map(Number);
  const ones = new Map();
  for (const kind of Object.keys(KINDS)) {
    const paths = await bench.captures.files(kind, Math.max(...sizes));
    warm(...paths);
    for (const size of sizes) {
      const run = () => measure([bench.cli, 'analyze', ...paths.slice(0, size)]);
      ones.set(JSON.stringify([kind, size]), { rounds: bench.runs, run });
    }
  }
  const samples = interleave('many files', ones);
  const rows = [...samples].map(([key, taken]) => {
    const [kind, size] = JSON.parse(key);
    const cpu = median(taken.map((one) => one.cpu));
    return [
      kind,
      count(size),
      taken.length,
      median(taken.map(({ seconds }) => seconds)).toFixed(2),
      cpu.toFixed(2),
      ((1000 * cpu) / size).toFixed(2),
      (median(taken.map(({ kibibytes }) => kibibytes)) / 1024).toFixed(0),
    ];
  });
  return [
    '',
    '## Many files of ten packets',
    '',
    `${Object.entries(KINDS)
      .map(([kind, what]) => `\`${kind}\` are ${what}`)
      .join('; ')}. CPU time a file tells whether time grows with their number alone.`,
    ...table(['-names', 'files', 'runs', 'median s', 'CPU s', 'CPU ms a file', 'peak RSS MiB'], rows),
  ];
}
