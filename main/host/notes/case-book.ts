/**
 * The notes of captures: kept in a folder of the user's under what identifies the capture, and on wish beside the capture's file as well.
 *
 * Every change reads the files anew under a lock, changes entries, and writes; so nothing is lost that another window or process
 * wrote meanwhile. Of a note that both changed, both texts stay. What lies beside a capture may come from another machine and is
 * merged in; another machine that shares the folder keeps its own in its own folder, whatever is written over beside.
 *
 * Invariant: a file that cannot be understood is never written.
 */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { Turns } from '../../../shared/base/turns.ts';
import { errorText } from '../../../shared/format/error.ts';
import { CASE_FORMAT, CASE_VERSION, type CaseFile } from '../../../shared/notes/case-file.ts';
import {
  isBlank,
  mergeCases,
  removedEntry,
  withEntries,
  type Change,
} from '../../../shared/notes/change-case.ts';
import type { CaptureIdentity } from '../../../shared/notes/identity.ts';
import { NOTE_BOUNDS, subjectKey, type Entry, type Subject } from '../../../shared/notes/note.ts';
import { besidePath, casePath } from './case-folder.ts';
import { CaseTrouble, readCase, writeCase } from './case-store.ts';
import { LockedError, withLock } from './lock.ts';

const OWN_MODE = 0o600;
/** Beside the capture it is handed on with it; the umask takes away what the user does not give. */
const BESIDE_MODE = 0o666;
const FOLDER_MODE = 0o700;
/** Steps that can be undone, of one set of captures; and sets that are remembered. */
const MAX_STEPS = 100;
const MAX_HISTORIES = 16;

/** A capture file that is looked at. */
export interface NotedFile {
  readonly path: string;
  readonly identity: CaptureIdentity;
}

export interface CaseState {
  readonly entries: readonly Entry[];
  readonly isBeside: boolean;
  /** Why they cannot be read whole, or not be changed; null where all is well. */
  readonly trouble: string | null;
}

/** A note as it is to be. */
export interface PutNote {
  /** null for a new one. */
  readonly id: string | null;
  /** That was looked at when it was changed; 0 for a new one. */
  readonly version: number;
  readonly about: Subject;
  readonly text: string;
  readonly isMarked: boolean;
}

interface Step {
  /** What was done, for people: "the note on packet 5". */
  readonly what: string;
  readonly changes: readonly { readonly file: NotedFile; readonly change: Change }[];
}

interface History {
  readonly done: Step[];
  readonly undone: Step[];
}

export class CaseBook {
  readonly #folder: string;
  readonly #now: () => number;
  readonly #turns = new Turns();
  readonly #histories = new Map<string, History>();

  constructor(folder: string, now: () => number = Date.now) {
    this.#folder = folder;
    this.#now = now;
  }

  async read(file: NotedFile): Promise<CaseState> {
    const troubles: string[] = [];
    const quietly = async (work: () => Promise<CaseFile | undefined>): Promise<CaseFile | undefined> => {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof CaseTrouble)) throw error;
        troubles.push(error.message);
        return undefined;
      }
    };
    const kept = await quietly(() => this.#readKept(file));
    const beside = await quietly(() => this.#readBeside(file));
    const both = kept !== undefined && beside !== undefined ? mergeCases(kept, beside) : (kept ?? beside);
    return {
      entries: (both?.entries ?? []).filter(({ isRemoved }) => !isRemoved),
      isBeside: beside !== undefined,
      trouble: troubles.length === 0 ? null : troubles.join('\n'),
    };
  }

  /** @param key of the history that it can be undone in @throws CaseTrouble */
  async put(key: string, file: NotedFile, note: PutNote): Promise<void> {
    await this.#change(key, `the note on ${subjectText(note.about)}`, [file], ({ entries }) => {
      const current = note.id === null ? undefined : entries.find(({ id }) => id === note.id);
      // Both texts stay where another window changed it since: ours becomes a note of its own.
      const isSame = current !== undefined && !current.isRemoved && current.version === note.version;
      const { about, text, isMarked } = note;
      if (isSame && isBlank(note)) return [this.#removed(current)];
      if (isSame) return [{ before: current, after: this.#next(current, { text, isMarked }) }];
      return isBlank(note) ? [] : [{ before: undefined, after: this.#fresh(about, text, isMarked) }];
    });
  }

  /** Marks what is spoken of, or takes its marks away. @throws CaseTrouble */
  async mark(
    key: string,
    subjects: readonly { readonly file: NotedFile; readonly about: Subject }[],
    isMarked: boolean,
  ): Promise<void> {
    const files = [...new Set(subjects.map(({ file }) => file))];
    const what =
      subjects.length === 1
        ? `the mark on ${subjectText(subjects[0].about)}`
        : `the marks on ${subjects.length} packets`;
    await this.#change(key, what, files, ({ entries }, marked) => {
      const bySubject = new Map<string, Entry[]>();
      for (const one of entries) {
        if (one.isRemoved) continue;
        const subject = subjectKey(one.about);
        bySubject.set(subject, [...(bySubject.get(subject) ?? []), one]);
      }
      return subjects.flatMap(({ file, about }): Change[] => {
        if (file !== marked) return [];
        const own = bySubject.get(subjectKey(about)) ?? [];
        if (!isMarked) {
          return own.filter((one) => one.isMarked).map((one) => this.#withMark(one, false));
        }
        if (own.some((one) => one.isMarked)) return [];
        if (own.length > 0) return [this.#withMark(own[0], true)];
        return [{ before: undefined, after: this.#fresh(about, '', true) }];
      });
    });
  }

  /** @param notes ids, with the files that hold them @throws CaseTrouble */
  async remove(
    key: string,
    notes: readonly { readonly file: NotedFile; readonly id: string }[],
  ): Promise<void> {
    const files = [...new Set(notes.map(({ file }) => file))];
    const what =
      notes.length === 1 ? 'the note that was removed' : `the ${notes.length} notes that were removed`;
    await this.#change(key, what, files, ({ entries }, from) => {
      const ids = new Set(notes.flatMap(({ file, id }) => (file === from ? [id] : [])));
      return entries
        .filter(({ id, isRemoved }) => ids.has(id) && !isRemoved)
        .map((one) => this.#removed(one));
    });
  }

  /** What would be undone and done again, for people; null for nothing. */
  history(key: string): { readonly undo: string | null; readonly redo: string | null } {
    const history = this.#histories.get(key);
    return { undo: history?.done.at(-1)?.what ?? null, redo: history?.undone.at(-1)?.what ?? null };
  }

  /** @returns whether there was anything to undo @throws CaseTrouble, also where it was changed elsewhere since */
  undo(key: string): Promise<boolean> {
    return this.#turns.take(async () => {
      const { done, undone } = this.#history(key);
      return this.#goBack(done, undone);
    });
  }

  /** @returns whether there was anything to do again @throws CaseTrouble, as undo */
  redo(key: string): Promise<boolean> {
    return this.#turns.take(async () => {
      const { done, undone } = this.#history(key);
      return this.#goBack(undone, done);
    });
  }

  /** Keeps the notes beside the capture's file as well, or no longer: then that file is removed. @throws CaseTrouble */
  async keepBeside(file: NotedFile, isWanted: boolean): Promise<void> {
    await this.#turns.take(() =>
      this.#locked(file, async (kept, beside) => {
        const path = besidePath(file.path);
        if (isWanted) await writeCase(path, kept, BESIDE_MODE);
        else if (beside !== undefined) {
          // It may hold what only it had.
          await writeCase(casePath(this.#folder, file.identity), kept, OWN_MODE);
          await rm(path, { force: true }).catch((error: unknown) => {
            throw new CaseTrouble(`${path} cannot be removed: ${errorText(error)}`);
          });
        }
      }),
    );
  }

  /** @param decide what changes in the case of one of the files */
  #change(
    key: string,
    what: string,
    files: readonly NotedFile[],
    decide: (kept: CaseFile, file: NotedFile) => readonly Change[],
  ): Promise<void> {
    return this.#turns.take(async () => {
      const changes: { file: NotedFile; change: Change }[] = [];
      for (const file of files) {
        const made = await this.#apply(file, (kept) => decide(kept, file));
        changes.push(...made.map((change) => ({ file, change })));
      }
      if (changes.length === 0) return;
      const history = this.#history(key);
      history.undone.length = 0;
      remember(history.done, { what, changes });
    });
  }

  /** @throws CaseTrouble; a step that somebody else built upon is given up, all others can be tried again */
  async #goBack(from: Step[], to: Step[]): Promise<boolean> {
    const step = from.at(-1);
    if (step === undefined) return false;
    const back: { file: NotedFile; change: Change }[] = [];
    for (const file of new Set(step.changes.map((one) => one.file))) {
      const its = step.changes.filter((one) => one.file === file).map(({ change }) => change);
      const made = await this.#apply(file, ({ entries }) => {
        const current = new Map(entries.map((one) => [one.id, one]));
        return its.map(({ before, after }): Change => {
          const now = current.get(after.id);
          if (now === undefined || !isAlike(now, after)) {
            from.pop();
            throw new CaseTrouble(`${step.what} was changed elsewhere since: it stays as it is`);
          }
          if (before === undefined) return this.#removed(now);
          const { text, isMarked, isRemoved } = before;
          return { before: now, after: { ...this.#next(now, { text, isMarked }), isRemoved } };
        });
      });
      back.push(...made.map((change) => ({ file, change })));
    }
    from.pop();
    remember(to, { what: step.what, changes: back });
    return true;
  }

  async #apply(file: NotedFile, decide: (kept: CaseFile) => readonly Change[]): Promise<readonly Change[]> {
    return this.#locked(file, async (kept, beside) => {
      const changes = decide(kept);
      if (changes.length === 0) return [];
      const changed = withEntries(
        kept,
        changes.map(({ after }) => after),
      );
      if (!changed.ok) throw new CaseTrouble(changed.error);
      await writeCase(casePath(this.#folder, file.identity), changed.value, OWN_MODE);
      if (beside !== undefined) await writeCase(besidePath(file.path), changed.value, BESIDE_MODE);
      return changes;
    });
  }

  /** @param work is given what is kept and what lies beside, as one, and what lies beside alone */
  async #locked<T>(
    file: NotedFile,
    work: (kept: CaseFile, beside: CaseFile | undefined) => Promise<T>,
  ): Promise<T> {
    const path = casePath(this.#folder, file.identity);
    try {
      await mkdir(this.#folder, { recursive: true, mode: FOLDER_MODE });
    } catch (error) {
      throw new CaseTrouble(`${this.#folder}: notes cannot be kept there: ${errorText(error)}`);
    }
    try {
      return await withLock(`${path}.lock`, async () => {
        const kept = (await this.#readKept(file)) ?? this.#empty(file);
        const beside = await this.#readBeside(file);
        const both = beside === undefined ? kept : mergeCases(kept, beside);
        return work(named(both, file.path), beside);
      });
    } catch (error) {
      if (error instanceof LockedError) throw new CaseTrouble(`${path}: ${error.message}`);
      if (error instanceof CaseTrouble) throw error;
      throw new CaseTrouble(`${path}: the notes cannot be changed: ${errorText(error)}`);
    }
  }

  async #readKept({ identity }: NotedFile): Promise<CaseFile | undefined> {
    const path = casePath(this.#folder, identity);
    const kept = await readCase(path);
    if (kept !== undefined && kept.capture.sha256 !== identity.sha256)
      throw new CaseTrouble(`${path} holds the notes of another capture; it is left as it is`);
    return kept;
  }

  async #readBeside({ path: capture, identity }: NotedFile): Promise<CaseFile | undefined> {
    const path = besidePath(capture);
    const beside = existsSync(path) ? await readCase(path) : undefined;
    if (beside !== undefined && beside.capture.sha256 !== identity.sha256)
      throw new CaseTrouble(`${path} holds the notes of another capture; it is left as it is`);
    return beside;
  }

  #empty({ identity }: NotedFile): CaseFile {
    return { format: CASE_FORMAT, version: CASE_VERSION, capture: identity, names: [], entries: [] };
  }

  #fresh(about: Subject, text: string, isMarked: boolean): Entry {
    return { id: randomUUID(), version: 1, changedMs: this.#now(), about, text, isMarked, isRemoved: false };
  }

  #next(one: Entry, to: Pick<Entry, 'text' | 'isMarked'>): Entry {
    return { ...one, ...to, version: one.version + 1, changedMs: this.#now() };
  }

  #removed(one: Entry): Change {
    return { before: one, after: removedEntry(one, this.#now()) };
  }

  #withMark(one: Entry, isMarked: boolean): Change {
    const after = this.#next(one, { text: one.text, isMarked });
    return isBlank(after) ? this.#removed(one) : { before: one, after };
  }

  #history(key: string): History {
    const history = this.#histories.get(key) ?? { done: [], undone: [] };
    this.#histories.delete(key);
    this.#histories.set(key, history);
    for (const oldest of this.#histories.keys()) {
      if (this.#histories.size <= MAX_HISTORIES) break;
      this.#histories.delete(oldest);
    }
    return history;
  }
}

/** Whether an entry is as a step left it, whatever was done and undone since. */
function isAlike(a: Entry, b: Entry): boolean {
  return a.text === b.text && a.isMarked === b.isMarked && a.isRemoved === b.isRemoved;
}

function remember(steps: Step[], step: Step): void {
  steps.push(step);
  if (steps.length > MAX_STEPS) steps.shift();
}

function named(file: CaseFile, path: string): CaseFile {
  const name = basename(path).slice(0, NOTE_BOUNDS.nameLength);
  const names = [name, ...file.names.filter((other) => other !== name)].slice(0, NOTE_BOUNDS.names);
  return { ...file, names };
}

/** "packet 5", "the connection 10.0.0.1:40000 → 10.0.0.9:443": what a note is about, for people. */
export function subjectText(about: Subject): string {
  switch (about.kind) {
    case 'capture':
      return 'the capture';
    case 'packet':
      return `packet ${about.frame}`;
    case 'flow':
      return `the connection ${about.client} → ${about.server}`;
    case 'reset':
      return `the reset in packet ${about.frame}`;
    case 'finding':
      return 'the finding';
    case 'filter':
      return 'the filter';
  }
}
