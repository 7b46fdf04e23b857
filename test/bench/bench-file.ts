/** Keeps generated captures in .cache/bench, outside version control, and makes them once. */
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
} from 'node:fs';
import { writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { GenerateOptions, GenerateReport } from './generate.ts';
import { generate, GENERATOR_VERSION } from './generate.ts';

export interface BenchFile {
  readonly path: string;
  readonly report: GenerateReport;
}

/** Generous, so that a full disk is said before minutes are spent. */
const BYTES_PER_PACKET = 1000;

export function ensureBenchFile(directory: string, options: GenerateOptions): BenchFile {
  const key = JSON.stringify([GENERATOR_VERSION, options.packets, options.seed, options.concurrent]);
  const hash = createHash('sha256').update(key).digest('hex').slice(0, 10);
  const path = join(directory, `mix-${options.packets}-${hash}.pcap`);
  const reportPath = `${path}.json`;
  if (existsSync(path) && existsSync(reportPath)) {
    return { path, report: JSON.parse(readFileSync(reportPath, 'utf8')) as GenerateReport };
  }
  mkdirSync(directory, { recursive: true });
  const disk = statfsSync(directory);
  if (disk.bavail * disk.bsize < options.packets * BYTES_PER_PACKET + 1e9) {
    throw new Error(`${directory}: not enough free space for a capture of ${options.packets} packets`);
  }
  const unfinished = `${path}.${process.pid}.part`;
  const file = openSync(unfinished, 'w');
  try {
    const report = generate(options, (bytes) => {
      for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
    });
    writeFileSync(reportPath, `${JSON.stringify(report, undefined, 2)}\n`);
    renameSync(unfinished, path);
    return { path, report };
  } finally {
    closeSync(file);
    rmSync(unfinished, { force: true });
  }
}
