/**
 * Command line of the bench of joining: `run-join joined|apart FILE…` analyses the files in this process and prints as JSON what it took
 * and what was found.
 */
import { Analysis } from '../../main/host/analysis.ts';

const [how, ...paths] = process.argv.slice(2);
const begin = process.cpuUsage();
const beganMs = performance.now();
const analysis = new Analysis();
await analysis.run(paths, { join: how === 'joined' });
const { user, system } = process.cpuUsage(begin);
const report = analysis.session.join.report();
process.stdout.write(
  `${JSON.stringify({
    cpu: (user + system) / 1e6,
    seconds: (performance.now() - beganMs) / 1000,
    packets: analysis.session.packets.count,
    connections: report?.connections ?? 0,
    matched: report?.pairs.reduce((sum, { matched }) => sum + matched, 0) ?? 0,
  })}\n`,
);
await analysis.close();
