/** Run by scripts/build.mjs: writes the sample captures into a folder. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SAMPLE_NAMES } from '../../shared/model/sample.ts';
import { SAMPLE_CAPTURES } from './sample-captures.ts';

export function writeSamples(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const name of SAMPLE_NAMES) writeFileSync(join(folder, `${name}.pcap`), SAMPLE_CAPTURES[name]());
}
