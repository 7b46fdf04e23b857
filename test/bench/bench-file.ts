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
import { makeManyResets, STORM_VERSION, type StormOptions } from './many-resets.ts';

export interface BenchFile {
  readonly path: string;
  readonly report: GenerateReport;
}

export interface BenchPair extends BenchFile {
  readonly secondPath: string;
}

/** Generous, so that a full disk is said before minutes are spent. */
const BYTES_PER_PACKET = 1000;

export function ensureBenchFile(directory: string, options: GenerateOptions): BenchFile {
  const { path, report } = ensureFiles(directory, options, 1);
  return { path, report };
}

/** The same, and what a second capture point of the path saw of it. */
export function ensureBenchPair(directory: string, options: GenerateOptions): BenchPair {
  return ensureFiles(directory, options, 2);
}

/** A storm of resets: the path of its capture. */
export function ensureStormFile(directory: string, options: StormOptions): string {
  const path = join(directory, `storm-${options.resets}-${options.seed}-${STORM_VERSION}.pcap`);
  if (existsSync(path)) return path;
  mkdirSync(directory, { recursive: true });
  const part = `${path}.${process.pid}.part`;
  const file = openSync(part, 'w');
  try {
    makeManyResets(options, (bytes) => {
      for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
    });
    renameSync(part, path);
    return path;
  } finally {
    closeSync(file);
    rmSync(part, { force: true });
  }
}

function ensureFiles(directory: string, options: GenerateOptions, vantages: 1 | 2): BenchPair {
  const { packets, seed, concurrent, snap } = options;
  const cut = snap === undefined ? [] : [snap];
  const key = JSON.stringify([GENERATOR_VERSION, packets, seed, concurrent, ...cut]);
  const hash = createHash('sha256').update(key).digest('hex').slice(0, 10);
  const path = join(directory, `mix-${packets}-${hash}.pcap`);
  const secondPath = join(directory, `mix-${packets}-${hash}-second.pcap`);
  const reportPath = `${path}.json`;
  const needed = vantages === 1 ? [path, reportPath] : [path, reportPath, secondPath];
  if (needed.every((file) => existsSync(file))) {
    return { path, secondPath, report: JSON.parse(readFileSync(reportPath, 'utf8')) as GenerateReport };
  }
  mkdirSync(directory, { recursive: true });
  const disk = statfsSync(directory);
  const bytes = packets * vantages * Math.min(BYTES_PER_PACKET, snap ?? BYTES_PER_PACKET);
  if (disk.bavail * disk.bsize < bytes + 1e9) {
    throw new Error(`${directory}: not enough free space for a capture of ${packets} packets`);
  }
  const parts = [path, secondPath].slice(0, vantages).map((whole) => {
    const part = `${whole}.${process.pid}.part`;
    return { whole, part, file: openSync(part, 'w') };
  });
  const [write, writeSecond] = parts.map(({ file }) => (bytes: Uint8Array): void => {
    for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
  });
  try {
    const report = generate(options, write, writeSecond);
    writeFileSync(reportPath, `${JSON.stringify(report, undefined, 2)}\n`);
    for (const { part, whole } of parts) renameSync(part, whole);
    return { path, secondPath, report };
  } finally {
    for (const { file, part } of parts) {
      closeSync(file);
      rmSync(part, { force: true });
    }
  }
}
