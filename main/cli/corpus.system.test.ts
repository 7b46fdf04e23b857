/** The contract of `--json` on real captures. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { runCli } from '../../test/support/run-cli.ts';
import { ANALYSIS_SCHEMA } from './schema.ts';

const corpus =
  process.env.RESETSCOPE_CORPUS ?? new URL('../../../shared/corpus/zeek', import.meta.url).pathname;
const captures = existsSync(corpus) ? readdirSync(corpus).filter((name) => /\.pcap/u.test(name)) : [];

describe.skipIf(captures.length === 0)('the corpus as JSON', () => {
  it.each(captures.length === 0 ? ['nothing'] : captures)('%s', async (name) => {
    const run = await runCli(['analyze', join(corpus, name), '--json']);
    const analysis = v.parse(ANALYSIS_SCHEMA, JSON.parse(run.stdout));
    const lossy = analysis.files[0].warnings.some((warning) => warning.lossy);
    expect(run.exitCode).toBe(lossy ? 2 : 0);
    for (const reset of analysis.resets) {
      expect(reset.frame).toBeLessThanOrEqual(analysis.files[reset.file].packets);
      for (const { frames } of reset.evidence) {
        for (const frame of frames) expect(frame).toBeLessThanOrEqual(analysis.files[reset.file].packets);
      }
      if (reset.origin.kind === 'middlebox') {
        const against = reset.evidence.filter(({ favours }) => favours === 'middlebox');
        expect(against, `an accusation needs grounds: ${reset.origin.label}`).not.toEqual([]);
      }
    }
  });
});
