/**
 * Answers `notes.*` in the host's process. The engine says by what captures are known again and where things are; what is kept, and
 * where, is decided here. What an engine tells may be a lie of what it parsed: it chooses among the user's notes at most, and names
 * no file that is not open.
 */
import { resolve } from 'node:path';
import * as v from 'valibot';
import { RpcError } from '../../../shared/contract/errors.ts';
import type { HostMethod } from '../../../shared/contract/methods.ts';
import type { NoteAnchor, NotedCapture, Notes, NoteTarget, PlacedNote } from '../../../shared/model/notes.ts';
import { identity } from '../../../shared/notes/identity.ts';
import { NOTE_BOUNDS, type Subject } from '../../../shared/notes/note.ts';
import type { Service, ServiceOf } from '../../../shared/rpc/service.ts';
import type { EngineControl } from '../host-contract.ts';
import type { CaseBook, CaseState, NotedFile } from './case-book.ts';
import { besidePath } from './case-folder.ts';
import { CaseTrouble } from './case-store.ts';

export interface NotesOptions {
  readonly engine: Pick<ServiceOf<EngineControl>, 'control.noted' | 'control.anchors' | 'control.notePlaces'>;
  readonly book: CaseBook;
  /** Whether a file was opened by this host. */
  readonly isOpen: (path: string) => boolean;
  /** Whether notes may be kept beside that capture. */
  readonly mayKeepBeside: (path: string) => Promise<boolean>;
  /** What to do about a refusal; it ends the sentence that says what was refused. */
  readonly cure: string;
}

type NotesMethod = Extract<HostMethod, `notes.${string}`>;

/** The capture that is shown: what its files are known by, or why nothing can be noted. */
interface Shown {
  readonly told: NotedCapture;
  /** By file of the analysis; undefined where a file has no identity. */
  readonly files: readonly (NotedFile | undefined)[];
  /** Of what can be undone. */
  readonly key: string;
}

const NOWHERE = { packet: -1, flow: -1, reset: -1 };

const ORDER: readonly Subject['kind'][] = ['filter', 'capture', 'finding', 'flow', 'reset', 'packet'];

export function notesService(options: NotesOptions): Pick<Service, NotesMethod> {
  const { engine, book } = options;

  const look = async (signal: AbortSignal): Promise<Shown> => {
    const told = await engine['control.noted']({}, signal);
    const files = told.files.map(({ path, ...known }): NotedFile | undefined => {
      const parsed = v.safeParse(identity, known);
      return parsed.success ? { path, identity: parsed.output } : undefined;
    });
    return { told, files, key: files.map((file) => file?.identity.sha256 ?? '').join(' ') };
  };

  /** @throws RpcError where nothing can be noted */
  const ready = async (signal: AbortSignal): Promise<Shown> => {
    const shown = await look(signal);
    if (shown.told.why !== null) throw new RpcError('bad-request', shown.told.why);
    return shown;
  };

  const fileOf = (shown: Shown, file: number): NotedFile => {
    const noted = shown.files.at(file);
    if (noted === undefined) {
      throw new RpcError(
        'bad-request',
        'That file cannot be told from others: it holds no packets, or has changed since it was read.',
      );
    }
    return noted;
  };

  const answer = async (shown: Shown, signal: AbortSignal): Promise<Notes> => {
    const states = await Promise.all(
      shown.files.map(async (file) => (file === undefined ? undefined : await book.read(file))),
    );
    const kept = states.flatMap((state, file) => (state?.entries ?? []).map((entry) => ({ entry, file })));
    const frames = kept.map(({ entry: { about }, file }) => ({
      file,
      frame: 'frame' in about ? about.frame : 0,
    }));
    const places = await engine['control.notePlaces']({ frames }, signal);
    const own = kept.map(({ entry, file }, i): PlacedNote => {
      const { id, version, changedMs, about, text, isMarked } = entry;
      return {
        ...(places.at(i) ?? NOWHERE),
        id,
        version,
        changedMs,
        about,
        file,
        text,
        isMarked,
        isFromFile: false,
      };
    });
    const said = new Set(own.map(({ file, packet, text }) => JSON.stringify([file, packet, text])));
    const comments = shown.told.comments
      // A copy that we wrote ourselves says again what is kept.
      .filter(({ file, packet, text }) => !said.has(JSON.stringify([file, packet, text])))
      .map(({ frame, text, ...place }): PlacedNote => ({
        ...place,
        id: '',
        version: 0,
        changedMs: 0,
        about: { kind: 'packet', frame },
        text,
        isMarked: false,
        isFromFile: true,
      }));
    return {
      why: shown.told.why,
      notes: [...own, ...comments].sort(inOrder),
      moreComments: shown.told.moreComments,
      files: states.flatMap((state, file) => stateOf(state, file, shown.files[file])),
      ...book.history(shown.key),
    };
  };

  const changed = async (signal: AbortSignal, change: (shown: Shown) => Promise<unknown>): Promise<Notes> => {
    const shown = await ready(signal);
    try {
      await change(shown);
    } catch (error) {
      if (error instanceof CaseTrouble) throw new RpcError('failed', error.message);
      throw error;
    }
    return answer(shown, signal);
  };

  const subjects = async (
    shown: Shown,
    targets: readonly NoteTarget[],
    signal: AbortSignal,
  ): Promise<{ file: NotedFile; about: Subject }[]> => {
    const anchors = await engine['control.anchors']({ targets }, signal);
    return targets.map((target, i) => {
      const anchor = anchors.at(i);
      if (anchor === undefined || anchor === null)
        throw new RpcError('not-found', `That ${target.kind} is not in this capture, or was let go.`);
      return { file: fileOf(shown, anchor.file), about: subjectOf(target, anchor) };
    });
  };

  return {
    'notes.read': async (_params, signal) => answer(await look(signal), signal),
    'notes.put': ({ id, version, target, text, isMarked }, signal) =>
      changed(signal, async (shown) => {
        const [{ file, about }] = await subjects(shown, [target], signal);
        await book.put(shown.key, file, { id, version, about, text, isMarked });
      }),
    'notes.mark': ({ targets, isMarked }, signal) =>
      changed(signal, async (shown) => {
        await book.mark(shown.key, await subjects(shown, targets, signal), isMarked);
      }),
    'notes.remove': ({ notes }, signal) =>
      changed(signal, async (shown) => {
        const from = notes.map(({ file, id }) => ({ file: fileOf(shown, file), id }));
        await book.remove(shown.key, from);
      }),
    'notes.undo': (_params, signal) => changed(signal, ({ key }) => book.undo(key)),
    'notes.redo': (_params, signal) => changed(signal, ({ key }) => book.redo(key)),
    'notes.keepBeside': ({ file, isWanted }, signal) =>
      changed(signal, async (shown) => {
        const noted = fileOf(shown, file);
        const path = resolve(noted.path);
        if (!options.isOpen(path)) throw new RpcError('bad-request', `${path} is not open`);
        if (!(await options.mayKeepBeside(path)))
          throw new RpcError('bad-request', `keeping notes beside ${path} was not allowed${options.cure}`);
        await book.keepBeside(noted, isWanted);
      }),
  };
}

function subjectOf(target: NoteTarget, { frame, client, server }: NoteAnchor): Subject {
  switch (target.kind) {
    case 'capture':
      return { kind: 'capture' };
    case 'filter':
      return { kind: 'filter', filter: target.filter };
    case 'finding':
      return { kind: 'finding', key: target.key, frame };
    case 'flow': {
      const end = (text: string): string => text.slice(0, NOTE_BOUNDS.endLength);
      return { kind: 'flow', frame, client: end(client), server: end(server) };
    }
    case 'packet':
    case 'reset':
      return { kind: target.kind, frame };
  }
}

function stateOf(state: CaseState | undefined, file: number, noted: NotedFile | undefined): Notes['files'] {
  if (state === undefined || noted === undefined) return [];
  const { isBeside, trouble } = state;
  return [{ file, isBeside, besidePath: besidePath(noted.path), trouble }];
}

/** Filters and what is about all of the capture first, then along the capture; of one packet the user's own first. */
function inOrder(a: PlacedNote, b: PlacedNote): number {
  const [x, y] = [a, b].map(({ about }) => Math.min(ORDER.indexOf(about.kind), 2));
  const frame = ({ about }: PlacedNote): number => ('frame' in about ? about.frame : 0);
  return (
    x - y ||
    a.file - b.file ||
    frame(a) - frame(b) ||
    Number(a.isFromFile) - Number(b.isFromFile) ||
    ORDER.indexOf(a.about.kind) - ORDER.indexOf(b.about.kind) ||
    a.changedMs - b.changedMs
  );
}
