/** A fleet as agents write it: what two hosts captured of the same connections, one of which a device between them reset. */
import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Captures } from './captures.ts';
import { DIST } from './places.ts';

const PROGRAM = join(DIST, 'cli/index.js');

/** @returns its folder, which is named `fleet`; whoever asked removes what it lies in */
export async function writeFleet({ forgedEnds, mixed }: Captures): Promise<string> {
  const folder = join(mkdtempSync(join(tmpdir(), 'resetscope-e2e-fleet-')), 'fleet');
  await write(folder, forgedEnds[0], 'client-host', 'berlin');
  await write(folder, forgedEnds[1], 'server-host', 'tokyo');
  await write(folder, mixed, 'gateway', 'tokyo');
  return folder;
}

async function write(folder: string, capture: string, host: string, site: string): Promise<void> {
  const words = ['analyze', capture, '--parquet', folder, '--cases', '--as-host', host, '--site', site];
  await promisify(execFile)(process.execPath, [PROGRAM, ...words], { maxBuffer: 64 * 1024 * 1024 });
}
