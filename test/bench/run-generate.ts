/**
 * Command line of the generator: `run-generate DIRECTORY PACKETS [SEED [pair | snap BYTES]]`; prints path and report as JSON, with `pair`
 * also the path of the capture of a second point. `snap` cuts packets.
 */
import { ensureBenchFile, ensureBenchPair } from './bench-file.ts';

const [directory, packets, seed = '1', how, bytes] = process.argv.slice(2);
const options = { packets: Number(packets), seed: Number(seed), concurrent: 2000 };
const cut = how === 'snap' ? { snap: Number(bytes) } : {};
const file =
  how === 'pair' ? ensureBenchPair(directory, options) : ensureBenchFile(directory, { ...options, ...cut });
process.stdout.write(`${JSON.stringify(file)}\n`);
