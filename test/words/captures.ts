/** Captures at hand whose words are read: those kept with the source, made by code, and shared ones where there are any. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { corpusFolder, faultsFolder, fieldFolder } from '../support/capture-fixture.ts';
import { SCENARIOS } from '../golden/scenarios.ts';

export interface Capture {
  readonly name: string;
  bytes(): Uint8Array;
}

const CAPTURE = /\.(?:pcap|pcapng|cap|trace)(?:\.gz)?$/u;
const LAB = new URL('../fixtures/lab/', import.meta.url).pathname;

/** Kept with the source, and so the same everywhere. */
export function ownCaptures(): Capture[] {
  const made = SCENARIOS.map(({ name, capture }) => ({ name, bytes: capture }));
  return [...made, ...capturesIn(LAB)];
}

export function sharedCaptures(): Capture[] {
  return [corpusFolder(), fieldFolder(), faultsFolder()].flatMap((folder) =>
    folder === undefined ? [] : capturesIn(folder),
  );
}

function capturesIn(folder: string): Capture[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => CAPTURE.test(name))
    .sort()
    .map((name) => ({
      name,
      bytes: () => {
        const bytes = readFileSync(join(folder, name));
        return name.endsWith('.gz') ? gunzipSync(bytes) : bytes;
      },
    }));
}
