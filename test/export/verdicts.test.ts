/** The verdict of each export is that of its capture: over the lab's captures, field cases and the corpus. They are read in place. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { corpusFolder, fieldFolder } from '../support/capture-fixture.ts';
import { exportEachReset, type ExportTally } from './export-all.ts';

/** Of one capture: floods are of one kind. */
const MOST_RESETS = 40;
/** Longer than any run of all that are there. */
const PATIENCE_MS = 1_200_000;

const scratch = mkdtempSync(join(tmpdir(), 'resetscope-export-'));
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

const isCapture = (name: string): boolean => /\.(?:pcap|pcapng|trace|cap)(?:\.gz)?$/u.test(name);
const lab = new URL('../fixtures/lab/', import.meta.url).pathname;
const fieldCases = fieldFolder();
const corpus = corpusFolder();

/** Each entry is a set of files that are opened together. */
async function tallyOf(sets: readonly (readonly string[])[]): Promise<ExportTally> {
  const tally: ExportTally = { resets: 0, failures: 0, changed: 0, written: 0, of: 0, widened: 0, wrong: [] };
  for (const set of sets) await exportEachReset(set, scratch, MOST_RESETS, tally);
  const { resets, failures, written, of, widened, changed } = tally;
  console.log(
    `${resets} resets and ${failures} failures, ${changed} came out otherwise, widened ${widened} times; ${written} of ${of} packets`,
  );
  return tally;
}

function filesOf(folder: string): string[][] {
  return readdirSync(folder)
    .filter(isCapture)
    .map((name) => [join(folder, name)]);
}

describe('exports keep their verdicts', () => {
  it(
    'of the lab',
    async () => {
      const sets = readdirSync(lab).map((name) =>
        readdirSync(join(lab, name))
          .filter(isCapture)
          .sort()
          .map((file) => join(lab, name, file)),
      );
      const tally = await tallyOf(sets.filter((set) => set.length > 0));
      expect(tally.resets).toBeGreaterThan(50);
      expect(tally.wrong).toEqual([]);
      expect(tally.changed).toBe(0);
    },
    PATIENCE_MS,
  );

  it.skipIf(fieldCases === undefined)(
    'of field cases',
    async () => {
      const tally = await tallyOf(filesOf(join(fieldCases ?? '', 'cases')));
      expect(tally.resets).toBeGreaterThan(20);
      expect(tally.wrong).toEqual([]);
      expect(tally.changed).toBe(0);
    },
    PATIENCE_MS,
  );

  it.skipIf(corpus === undefined)(
    'of the corpus',
    async () => {
      const tally = await tallyOf(filesOf(corpus ?? ''));
      expect(tally.resets).toBeGreaterThan(100);
      expect(tally.wrong).toEqual([]);
      expect(tally.changed).toBe(0);
    },
    PATIENCE_MS,
  );
});
