/**
 * Chooses a small part of a lab to keep with the source: the merged captures of every topology at every place, and of
 * the rest each scenario once, at places and on topologies in turn, and each way of making a capture worse several
 * times. What is chosen follows from names alone, never from how well it is judged. Topologies that are held out are left
 * out here as well: nobody is to look at them while weights are set.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readTruth, type TruthFile } from './cases.ts';
import { DERIVATIONS } from './derived.ts';
import { PLACES } from './places.ts';
import { isHeldOut } from './plan.ts';

/** Sets kept of each way to make a capture worse. */
const OF_EACH_DERIVATION = 16;

export interface Chosen {
  readonly files: number;
  readonly bytes: number;
  readonly resets: number;
}

/** Replaces what is in `target`. */
export function writeFixtures(lab: string, target: string): Chosen {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const total = { files: 0, bytes: 0, resets: 0 };
  const keep = (name: string, places: readonly string[]): void => {
    const { files, bytes, resets } = keepSet(join(lab, name), join(target, name), places);
    total.files += files;
    total.bytes += bytes;
    total.resets += resets;
  };
  for (const topology of readdirSync(join(lab, 'merged')).sort())
    if (!isHeldOut(topology)) keep(`merged/${topology}`, PLACES);
  chooseSets(readdirSync(lab)).forEach((name, index) => {
    keep(name, [PLACES[index % PLACES.length]]);
  });
  return total;
}

/** @param names of a lab's folders: TOPOLOGY--SCENARIO or TOPOLOGY--SCENARIO--DERIVATION */
export function chooseSets(names: readonly string[]): string[] {
  const sets = names.filter((name) => name.includes('--') && !isHeldOut(name)).sort();
  const of = (part: number, name: string): string | undefined => name.split('--')[part];
  const chosen: string[] = [];
  const plain = sets.filter((name) => of(2, name) === undefined);
  [...new Set(plain.map((name) => of(1, name)))].forEach((scenario, index) => {
    const there = plain.filter((name) => of(1, name) === scenario);
    chosen.push(there[index % there.length]);
  });
  for (const how of DERIVATIONS) {
    const there = sets.filter((name) => of(2, name) === how);
    const count = Math.min(OF_EACH_DERIVATION, there.length);
    for (let i = 0; i < count; i++) chosen.push(there[Math.floor((i * there.length) / count)]);
  }
  return chosen;
}

/** Copies one set, compressed, with only those captures that were made at `places`. */
function keepSet(from: string, to: string, places: readonly string[]): Chosen {
  const truth = readTruth(from);
  if (truth === null) throw new Error(`${from} has no truth.json`);
  mkdirSync(to, { recursive: true });
  let bytes = 0;
  let files = 0;
  const write = (name: string, content: Uint8Array): void => {
    const packed = gzipSync(content, { level: 9 });
    writeFileSync(join(to, name), packed);
    bytes += packed.length;
    files++;
  };
  const captures: Record<string, { file: string; packets: number }> = {};
  for (const [place, { file, packets }] of Object.entries(truth.captures)) {
    if (!places.includes(place)) continue;
    captures[place] = { file: `${file}.gz`, packets };
    write(`${file}.gz`, readFileSync(join(from, file)));
  }
  const resets = truth.resets.filter(({ place }) => places.includes(place));
  const failures = truth.failures?.filter(({ place }) => places.includes(place));
  const kept: TruthFile = { ...truth, captures, resets, failures };
  write('truth.json.gz', Buffer.from(JSON.stringify(kept)));
  return { files, bytes, resets: resets.length };
}
