/**
 * Command line of the generator: `run-generate DIRECTORY PACKETS [SEED [pair]]`; prints path and report as JSON, with `pair` also the
 * path of the capture of a second point.
 */
import { ensureBenchFile, ensureBenchPair } from './bench-file.ts';

const [directory, packets, seed = '1', pair] = process.argv.slice(2);
const options = { packets: Number(packets), seed: Number(seed), concurrent: 2000 };
const file = pair === 'pair' ? ensureBenchPair(directory, options) : ensureBenchFile(directory, options);
process.stdout.write(`${JSON.stringify(file)}\n`);
