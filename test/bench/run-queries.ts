/**
 * Command line of the bench of answers: `run-queries DIRECTORY PACKETS|storm RUNS [PART OF NAMES]`; prints what each answer costs as JSON.
 */
import { ensureBenchFile, ensureStormFile } from './bench-file.ts';
import { benchQueries } from './queries.ts';

const STORM_RESETS = 150_000;

const [directory, what, runs = '3', only = ''] = process.argv.slice(2);
const file =
  what === 'storm'
    ? ensureStormFile(directory, { resets: STORM_RESETS, seed: 1 })
    : ensureBenchFile(directory, { packets: Number(what), seed: 1, concurrent: 2000 }).path;
process.stdout.write(`${JSON.stringify(await benchQueries(file, Number(runs), only))}\n`);
