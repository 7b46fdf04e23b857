/**
 * Puts the files that somebody opens together in the order in which they were captured, and tells captures of one place from those of
 * another: these make timelines of their own, which may be joined.
 */
import { promises } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileErrorOf } from './capture-file-error.ts';
import { peekFile, type FilePeek } from './peek.ts';
import { compareNames, rotatedSetOf } from './rotated-name.ts';
import { type TrafficSample, isSameTraffic, sampleTraffic } from './traffic-sample.ts';

const SECOND = 1_000_000_000n;

/** The last packets of a file may be written a little out of order. */
const OVERLAP_NS = 1n * SECOND;

/** Longest pause after which a file still continues another: by time alone, and where their names say so too. */
const GAP_NS = 600n * SECOND;
const ROTATED_GAP_NS = 86_400n * SECOND;

/** Files at the begin and at the end of a timeline that are looked into before another one is added by its time alone. */
const LOOKED_AT = 2;

export interface TimelinePlan {
  /** Files of one timeline are parts of one capture, in the order of their first packets; timelines are in that of the paths. */
  readonly timelines: readonly (readonly string[])[];
  /** Bytes on disk of all files in the timelines. */
  readonly sizeBytes: number;
  /** Files that could not be opened or read; they are in no timeline. */
  readonly unreadable: readonly { readonly path: string; readonly message: string }[];
}

/** What `continues` wants to know of the files. */
export type FileEnds = Pick<FilePeek, 'path' | 'firstNs' | 'lastNs' | 'linkTypes'>;

const sets = new WeakMap<FileEnds, string | undefined>();

/** What rotatedSetOf() says of a file, which is held against the last one of each timeline. */
function setOf(file: FileEnds): string | undefined {
  if (!sets.has(file)) sets.set(file, rotatedSetOf(file.path));
  return sets.get(file);
}

/**
 * Whether `next` goes on where `previous` ends: same link types, and either close in time or, by their names,
 * parts of one rotated capture. Where the end of `previous` is unknown the names alone decide.
 */
export function continues(previous: FileEnds, next: FileEnds): boolean {
  if (previous.firstNs === undefined || next.firstNs === undefined) return false;
  const types = new Set(previous.linkTypes);
  if (types.size !== new Set(next.linkTypes).size) return false;
  if (!next.linkTypes.every((type) => types.has(type))) return false;

  const previousSet = setOf(previous);
  const nextSet = setOf(next);
  const sameSet = previousSet !== undefined && previousSet === nextSet;
  // Two rotated captures, say of both ends of a path, are often taken at the same time.
  if (!sameSet && previousSet !== undefined && nextSet !== undefined) return false;
  if (previous.lastNs === undefined) return sameSet && next.firstNs >= previous.firstNs;
  const gap = next.firstNs - previous.lastNs;
  return gap >= -OVERLAP_NS && gap <= (sameSet ? ROTATED_GAP_NS : GAP_NS);
}

/**
 * Never rejects; a file without a packet makes a timeline of its own, at the end.
 * @param comparing files are of one timeline only where their names say so: clocks of two machines may be so far apart that captures of
 *   the same time seem to follow each other
 */
export async function planTimelines(paths: readonly string[], comparing = false): Promise<TimelinePlan> {
  const peeks: FilePeek[] = [];
  const unreadable: { path: string; message: string }[] = [];
  for (const path of withoutRepeats(paths)) {
    try {
      peeks.push(await peekFile(path));
    } catch (error) {
      unreadable.push({ path, message: fileErrorOf(error, path).message });
    }
  }
  const timelines: FilePeek[][] = [];
  const samples = new Samples();
  for (const peek of peeks.filter(hasPackets).sort(byFirstPacket)) {
    const known = timelines.filter((timeline) => {
      const last = timeline[timeline.length - 1];
      return continues(last, peek) && (!comparing || sameRotatedSet(last, peek));
    });
    const timeline =
      known.find((one) => sameRotatedSet(one[one.length - 1], peek)) ??
      (await samples.lastOther(known, peek));
    if (timeline === undefined) timelines.push([peek]);
    else timeline.push(peek);
  }
  // As they were given: whoever names the client's capture before the server's looks for its packets under the first number.
  const given = new Map(peeks.map((peek, at) => [peek, at]));
  const placeOf = (timeline: readonly FilePeek[]): number =>
    Math.min(...timeline.map((peek) => given.get(peek) ?? Infinity));
  timelines.sort((a, b) => placeOf(a) - placeOf(b));
  for (const peek of peeks) if (!hasPackets(peek)) timelines.push([peek]);
  return {
    timelines: timelines.map((timeline) => timeline.map((peek) => peek.path)),
    sizeBytes: peeks.reduce((sum, peek) => sum + peek.sizeBytes, 0),
    unreadable,
  };
}

/** Looks into files, each once. */
class Samples {
  readonly #known = new Map<string, Promise<TrafficSample | undefined>>();

  /** The last of the timelines that does not hold the packets of the file already. */
  async lastOther(timelines: readonly FilePeek[][], peek: FilePeek): Promise<FilePeek[] | undefined> {
    for (const timeline of [...timelines].reverse()) {
      const firsts = timeline.slice(0, LOOKED_AT);
      const lasts = timeline.slice(firsts.length).slice(-LOOKED_AT);
      if (!(await this.#areSome(firsts.concat(lasts), peek))) return timeline;
    }
    return undefined;
  }

  async #areSome(files: readonly FilePeek[], peek: FilePeek): Promise<boolean> {
    const own = await this.#of(peek.path);
    for (const { path } of files) {
      const other = await this.#of(path);
      if (own !== undefined && other !== undefined && isSameTraffic(own, other)) return true;
    }
    return false;
  }

  #of(path: string): Promise<TrafficSample | undefined> {
    let known = this.#known.get(path);
    if (known === undefined) {
      // Whatever keeps the file from being read will be told when it is.
      known = sampleTraffic(path).catch(() => undefined);
      this.#known.set(path, known);
    }
    return known;
  }
}

/**
 * The files on disk that belong to the same rotated capture as `path`, by their names, in the order of the names.
 * Just `path` where it is not named like a rotated file, or the directory cannot be listed.
 */
export async function expandRotatedSet(path: string): Promise<string[]> {
  const set = rotatedSetOf(path);
  if (set === undefined) return [path];
  const directory = dirname(path);
  let names: string[];
  try {
    const entries = await promises.readdir(directory, { withFileTypes: true });
    names = entries.filter((entry) => entry.isFile() || entry.isSymbolicLink()).map((entry) => entry.name);
  } catch {
    return [path];
  }
  const siblings = names
    .filter((name) => rotatedSetOf(join(directory, name)) === set)
    .sort(compareNames)
    .map((name) => join(directory, name));
  return siblings.length > 0 ? siblings : [path];
}

function withoutRepeats(paths: readonly string[]): string[] {
  return [...new Map(paths.map((path) => [resolve(path), path])).values()];
}

function hasPackets(peek: FilePeek): boolean {
  return peek.firstNs !== undefined;
}

function sameRotatedSet(a: FilePeek, b: FilePeek): boolean {
  return setOf(a) !== undefined && setOf(a) === setOf(b);
}

function byFirstPacket(a: FilePeek, b: FilePeek): number {
  const order = (a.firstNs ?? 0n) - (b.firstNs ?? 0n);
  if (order !== 0n) return order < 0n ? -1 : 1;
  return compareNames(a.path, b.path);
}
