/** Command line of the generator: `run-generate DIRECTORY PACKETS [SEED]`; prints path and report as JSON. */
import { ensureBenchFile } from './bench-file.ts';

const [directory, packets, seed = '1'] = process.argv.slice(2);
const file = ensureBenchFile(directory, { packets: Number(packets), seed: Number(seed), concurrent: 2000 });
process.stdout.write(`${JSON.stringify(file)}\n`);
