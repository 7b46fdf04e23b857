/** tshark judges the checksums of an anonymised capture as it judged those of the original, packet by packet. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { corpusFolder, fieldFolder } from '../support/capture-fixture.ts';
import { SCENARIOS } from '../golden/scenarios.ts';
import { bytesOf } from './anonymise-file.ts';
import { checksumStates } from './checksum-states.ts';

const PATIENCE_MS = 1_200_000;
const LAB_SHARE = 6;

interface Named {
  readonly name: string;
  readonly bytes: Uint8Array;
}

function otherwise(captures: readonly Named[]): string[] {
  const states = checksumStates(captures.map(({ bytes }) => bytes));
  const seen = new Set(states.flatMap(({ before }) => before.split(/[\t,]/u)));
  console.log(`${captures.length} captures, ${states.length} packets, states ${[...seen].sort().join(' ')}`);
  expect(states.length).toBeGreaterThan(captures.length);
  return states
    .filter(({ before, after }) => before !== after)
    .map(({ capture, frame, before, after }) => {
      const [was, is] = [before, after].map((text) => text.replaceAll('\t', '|'));
      return `${captures[capture].name} frame ${frame}: ${was} becomes ${is}`;
    });
}

const isCapture = (name: string): boolean => /\.(?:pcap|pcapng|trace|cap)(?:\.gz)?$/u.test(name);
const filesOf = (folder: string): Named[] =>
  readdirSync(folder)
    .filter(isCapture)
    .map((name) => ({ name: join(folder, name), bytes: bytesOf(join(folder, name)) }));

const lab = new URL('../fixtures/lab/', import.meta.url).pathname;
const fieldCases = fieldFolder();
const corpus = corpusFolder();

describe('checksums keep their state', () => {
  it(
    'in recorded scenarios',
    () => {
      const captures = SCENARIOS.map(({ name, capture }) => ({ name, bytes: capture() }));
      expect(otherwise(captures)).toEqual([]);
    },
    PATIENCE_MS,
  );

  it(
    'in a share of the lab',
    () => {
      const sets = readdirSync(lab).filter((_, i) => i % LAB_SHARE === 0);
      expect(otherwise(sets.flatMap((set) => filesOf(join(lab, set))))).toEqual([]);
    },
    PATIENCE_MS,
  );

  it.skipIf(fieldCases === undefined)(
    'in field cases',
    () => {
      expect(otherwise(filesOf(join(fieldCases ?? '', 'cases')))).toEqual([]);
    },
    PATIENCE_MS,
  );

  it.skipIf(corpus === undefined)(
    'in the corpus',
    () => {
      expect(otherwise(filesOf(corpus ?? ''))).toEqual([]);
    },
    PATIENCE_MS,
  );
});
