/**
 * Anonymised captures are judged as they were: over the recorded scenarios, the lab's captures, joined sets among them, field cases and
 * the corpus.
 */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { corpusFolder, fieldFolder } from '../support/capture-fixture.ts';
import { SCENARIOS } from '../golden/scenarios.ts';
import { anonymisedFiles, verdictsOf } from './anonymise-file.ts';

/** Longer than any run of all that are there. */
const PATIENCE_MS = 1_200_000;

/** Captures of which a verdict comes out otherwise, and why. */
const EXPLAINED: Readonly<Record<string, string>> = {};

const scratch = mkdtempSync(join(tmpdir(), 'resetscope-anonymise-'));
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

const isCapture = (name: string): boolean => /\.(?:pcap|pcapng|trace|cap)(?:\.gz)?$/u.test(name);
const lab = new URL('../fixtures/lab/', import.meta.url).pathname;
const fieldCases = fieldFolder();
const corpus = corpusFolder();

/** Lines of the one that are not in the other. */
function missing(lines: readonly string[], others: readonly string[]): string[] {
  const known = new Set(others);
  return lines.filter((line) => !known.has(line));
}

async function otherwise(sets: readonly (readonly string[])[]): Promise<string[]> {
  const wrong: string[] = [];
  let said = 0;
  for (const set of sets) {
    const before = await verdictsOf(set);
    const after = await verdictsOf(anonymisedFiles(set, scratch));
    said += before.length;
    const name = set.map((path) => path.split('/').slice(-2).join('/')).join(' ');
    const gone = missing(before, after);
    const come = missing(after, before);
    if (gone.length + come.length > 0 || before.length !== after.length)
      wrong.push([name, ...gone.map((line) => `- ${line}`), ...come.map((line) => `+ ${line}`)].join('\n  '));
  }
  console.log(`${sets.length} sets, ${said} verdicts, failures and endings; ${wrong.length} otherwise`);
  expect(said).toBeGreaterThan(sets.length);
  return wrong.filter((text) => !Object.keys(EXPLAINED).some((name) => text.includes(name)));
}

function filesOf(folder: string): string[][] {
  return readdirSync(folder)
    .filter(isCapture)
    .map((name) => [join(folder, name)]);
}

describe('anonymised captures keep their verdicts', () => {
  it(
    'of recorded scenarios',
    async () => {
      const sets = SCENARIOS.map((scenario) => {
        const path = join(scratch, `${scenario.name}.${scenario.extension ?? 'pcap'}`);
        writeFileSync(path, scenario.capture());
        return [path];
      });
      expect(await otherwise(sets)).toEqual([]);
    },
    PATIENCE_MS,
  );

  it(
    'of the lab',
    async () => {
      const sets = readdirSync(lab).map((name) =>
        readdirSync(join(lab, name))
          .filter(isCapture)
          .sort()
          .map((file) => join(lab, name, file)),
      );
      expect(await otherwise(sets.filter((set) => set.length > 0))).toEqual([]);
    },
    PATIENCE_MS,
  );

  it.skipIf(fieldCases === undefined)(
    'of field cases',
    async () => {
      expect(await otherwise(filesOf(join(fieldCases ?? '', 'cases')))).toEqual([]);
    },
    PATIENCE_MS,
  );

  it.skipIf(corpus === undefined)(
    'of the corpus',
    async () => {
      expect(await otherwise(filesOf(corpus ?? '').filter(([path]) => basename(path) !== ''))).toEqual([]);
    },
    PATIENCE_MS,
  );
});
