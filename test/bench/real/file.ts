/** Keeps captures of real traffic in .cache/bench, outside version control. Made once: traffic is never the same twice. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { captureTraffic, obstacles, TRAFFIC_VERSION, type TrafficReport } from './traffic.ts';

export interface RealFile {
  readonly path: string;
  readonly report: TrafficReport;
}

const BYTES_PER_PACKET = 1500;

export async function ensureRealFile(directory: string, packets: number): Promise<RealFile> {
  const path = join(directory, `real-${packets}-v${TRAFFIC_VERSION}.pcap`);
  const reportPath = `${path}.json`;
  if (existsSync(path) && existsSync(reportPath)) {
    return { path, report: JSON.parse(readFileSync(reportPath, 'utf8')) as TrafficReport };
  }
  const inTheWay = obstacles();
  if (inTheWay.length > 0) throw new Error(`no real traffic here: ${inTheWay.join('; ')}`);
  mkdirSync(directory, { recursive: true });
  const disk = statfsSync(directory);
  if (disk.bavail * disk.bsize < packets * BYTES_PER_PACKET + 1e9) {
    throw new Error(`${directory}: not enough free space for a capture of ${packets} packets`);
  }
  const part = `${path}.${process.pid}.part`;
  try {
    const report = await captureTraffic(part, packets);
    writeFileSync(reportPath, `${JSON.stringify(report, undefined, 2)}\n`);
    renameSync(part, path);
    return { path, report };
  } finally {
    rmSync(part, { force: true });
  }
}
