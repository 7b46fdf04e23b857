/** Of every reset at hand a program can be made, in both languages and for both sides, that the language takes; or it is said why not. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Analysis } from '../../main/host/analysis.ts';
import { SCENARIOS } from '../golden/scenarios.ts';
import { analyzeBytes } from '../support/analyze.ts';
import { corpusFolder, fieldFolder } from '../support/capture-fixture.ts';
import { noPrograms, problemsOf, programsOf } from './programs.ts';

async function programsOfFiles(folder: string): Promise<ReturnType<typeof noPrograms>> {
  const programs = noPrograms();
  for (const name of readdirSync(folder).filter((one) => /\.pcap/u.test(one))) {
    const analysis = new Analysis();
    await analysis.run([join(folder, name)], {});
    programsOf(analysis.session, programs);
    await analysis.close();
  }
  return programs;
}

describe('programs that reproduce', () => {
  it('the golden captures', () => {
    const programs = noPrograms();
    for (const { capture } of SCENARIOS) programsOf(analyzeBytes(capture()), programs);
    expect(problemsOf(programs)).toEqual([]);
    expect(programs.made).toBeGreaterThan(100);
    for (const why of programs.refused) expect(why).toMatch(/\.$/u);
  });

  const cases = join(fieldFolder() ?? '', 'cases');
  it.skipIf(fieldFolder() === undefined || !existsSync(cases))('the field cases', async () => {
    const programs = await programsOfFiles(cases);
    expect(problemsOf(programs)).toEqual([]);
    expect(programs.made).toBeGreaterThan(50);
  });

  it.skipIf(corpusFolder() === undefined)('the corpus', async () => {
    const programs = await programsOfFiles(corpusFolder() ?? '');
    expect(problemsOf(programs)).toEqual([]);
    expect(programs.made).toBeGreaterThan(50);
  });
});
