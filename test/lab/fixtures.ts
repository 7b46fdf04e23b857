/**
 * Chooses a small part of a lab to keep with the source: the merged captures of every topology at every place, and of
 * the rest each scenario once, at places and on topologies in turn, and each way of making a capture worse several
 * times. What is chosen follows from names alone, never from how well it is judged. Topologies that are held out are left
 * out here as well: nobody is to look at them while weights are set.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { JOINED, readTruth, type TruthFile } from './cases.ts';
import type { CaptureTruth } from './output.ts';
import { DERIVATIONS } from './derived.ts';
import { JOINED_DERIVATIONS } from './derived-joined.ts';
import { PLACES } from './places.ts';
import { isHeldOut } from './plan.ts';

/** Sets kept of each way to make a capture worse. */
const OF_EACH_DERIVATION = 16;

/** Sets of several places: every so many scenarios one, and so many of each way to make one place worse. */
const EVERY_SCENARIO = 3;
const OF_EACH_JOINED = 3;
const MOST_OF_JOINED_BYTES = 40_000;

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
  for (const { from, to } of chooseJoined(lab)) {
    const { files, bytes, resets } = keepSet(join(lab, from), join(target, JOINED, to), PLACES);
    total.files += files;
    total.bytes += bytes;
    total.resets += resets;
  }
  return total;
}

/** Replaces only the captures of several places. */
export function writeJoinedFixtures(lab: string, target: string): void {
  rmSync(join(target, JOINED), { recursive: true, force: true });
  for (const { from, to } of chooseJoined(lab)) keepSet(join(lab, from), join(target, JOINED, to), PLACES);
}

/** Small sets with all their places: some as they were made, on topologies in turn, and some of each way to make one place worse. */
export function chooseJoined(lab: string): { from: string; to: string }[] {
  const isSmall = (name: string): boolean =>
    PLACES.every((place) => {
      const file = readTruth(join(lab, name))?.captures[place]?.file;
      return file !== undefined && statSync(join(lab, name, file)).size < MOST_OF_JOINED_BYTES;
    });
  const plain = readdirSync(lab)
    .filter((name) => name.split('--').length === 2 && !isHeldOut(name) && isSmall(name))
    .sort();
  const topologies = [...new Set(plain.map((name) => name.split('--')[0]))];
  const scenarios = [...new Set(plain.map((name) => name.split('--')[1]))];
  const asMade = scenarios.flatMap((scenario, at) => {
    if (at % EVERY_SCENARIO !== 0) return [];
    const there = topologies
      .map((topology) => `${topology}--${scenario}`)
      .filter((name) => plain.includes(name));
    return [there[(at / EVERY_SCENARIO) % there.length]];
  });
  const folder = join(lab, JOINED);
  const worse = existsSync(folder) ? readdirSync(folder).filter((name) => isSmall(join(JOINED, name))) : [];
  const chosen = JOINED_DERIVATIONS.flatMap((how) =>
    worse.filter((name) => !isHeldOut(name) && name.endsWith(`--${how}`)).slice(0, OF_EACH_JOINED),
  );
  return [
    ...asMade.map((name) => ({ from: name, to: name })),
    ...chosen.map((to) => ({ from: join(JOINED, to), to })),
  ];
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
  const captures: Record<string, CaptureTruth> = {};
  for (const [place, capture] of Object.entries(truth.captures)) {
    const { file } = capture;
    if (!places.includes(place)) continue;
    captures[place] = { ...capture, file: `${file}.gz` };
    write(`${file}.gz`, readFileSync(join(from, file)));
  }
  const resets = truth.resets.filter(({ place }) => places.includes(place));
  const failures = truth.failures?.filter(({ place }) => places.includes(place));
  const kept: TruthFile = { ...truth, captures, resets, failures };
  write('truth.json.gz', Buffer.from(JSON.stringify(kept)));
  return { files, bytes, resets: resets.length };
}
