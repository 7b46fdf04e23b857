/**
 * Changes a case. Every change is one of entries, by id and version: so two windows that keep notes of one capture do not lose
 * each other's, whichever writes last.
 *
 * Invariants: a version never falls; there are at most NOTE_BOUNDS.entries entries and NOTE_BOUNDS.removed removed ones.
 */
import { err, ok, type Result } from '../base/result.ts';
import type { CaseFile } from './case-file.ts';
import { NOTE_BOUNDS, type Entry } from './note.ts';

/** What becomes of an entry: the id, what it was made from (undefined for a new one), and what it is to be. */
export interface Change {
  readonly before: Entry | undefined;
  readonly after: Entry;
}

/** Puts entries in the place of those with their ids. The removed ones that are oldest make room. */
export function withEntries(file: CaseFile, changed: readonly Entry[]): Result<CaseFile> {
  const entries = new Map(file.entries.map((one) => [one.id, one]));
  for (const one of changed) entries.set(one.id, one);
  const all = [...entries.values()];
  const kept = all.filter(({ isRemoved }) => !isRemoved);
  if (kept.length > NOTE_BOUNDS.entries) {
    return err(
      `a capture holds ${NOTE_BOUNDS.entries} notes, marks and filters at most; remove some to make room`,
    );
  }
  const removed = all.filter(({ isRemoved }) => isRemoved);
  if (removed.length <= NOTE_BOUNDS.removed) return ok({ ...file, entries: all });
  const newest = removed.sort((a, b) => b.changedMs - a.changedMs).slice(0, NOTE_BOUNDS.removed);
  return ok({ ...file, entries: [...kept, ...newest] });
}

/** The entry as it is when it is gone: nothing of its text is kept. */
export function removedEntry(one: Entry, nowMs: number): Entry {
  return { ...one, version: one.version + 1, changedMs: nowMs, text: '', isMarked: false, isRemoved: true };
}

/** Whether nothing is left that anybody would want to keep. */
export function isBlank({ about, text, isMarked }: Pick<Entry, 'about' | 'text' | 'isMarked'>): boolean {
  return about.kind !== 'filter' && text === '' && !isMarked;
}

/**
 * Two files of one capture as one. Of entries with the same id the newer one stays; where both were changed from the same, the later one.
 * The order of the two does not matter.
 */
export function mergeCases(a: CaseFile, b: CaseFile): CaseFile {
  const entries = new Map(a.entries.map((one) => [one.id, one]));
  for (const one of b.entries) {
    const other = entries.get(one.id);
    if (other === undefined || isNewer(one, other)) entries.set(one.id, one);
  }
  const names = [...new Set([...a.names, ...b.names])].slice(0, NOTE_BOUNDS.names);
  const sorted = [...entries.values()].sort((x, y) => y.changedMs - x.changedMs || compare(x.id, y.id));
  const kept = sorted.filter(({ isRemoved }) => !isRemoved).slice(0, NOTE_BOUNDS.entries);
  const removed = sorted.filter(({ isRemoved }) => isRemoved).slice(0, NOTE_BOUNDS.removed);
  return { ...a, names, entries: [...kept, ...removed] };
}

function isNewer(a: Entry, b: Entry): boolean {
  if (a.version !== b.version) return a.version > b.version;
  if (a.changedMs !== b.changedMs) return a.changedMs > b.changedMs;
  return compare(JSON.stringify(a), JSON.stringify(b)) > 0;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
