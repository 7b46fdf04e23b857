/** Command line of the real traffic: `run-real DIRECTORY PACKETS`; prints path and report as JSON, or in one line what stands in the way. */
import { ensureRealFile } from './real/file.ts';

const [directory, packets] = process.argv.slice(2);
try {
  process.stdout.write(`${JSON.stringify(await ensureRealFile(directory, Number(packets)))}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
