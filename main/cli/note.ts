/** `resetscope note`: keeps one note. */
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { NoteTarget } from '../../shared/model/notes.ts';
import { findingKey } from '../../shared/notes/finding-key.ts';
import { NOTE_BOUNDS, subjectKey, type Subject } from '../../shared/notes/note.ts';
import type { Session } from '../engine/session.ts';
import type { Analysis } from '../host/analysis.ts';
import { anchorOf } from '../host/notes/noted-capture.ts';
import { frameAt } from '../host/frame-at.ts';
import { EXIT_OK, EXIT_USAGE } from './exit-codes.ts';
import { FrameTrouble, framePlace, resetPlace } from './frame-place.ts';
import type { CliIo } from './io.ts';
import { tell, withNotes } from './note-files.ts';

export interface NoteOptions {
  /** See framePlace. */
  readonly packet?: string;
  readonly flow?: number;
  /** See framePlace. */
  readonly reset?: string;
  readonly finding?: number;
  readonly mark?: boolean;
  readonly remove?: boolean;
}

/** @param words the captures, and behind them the text: the last word is that unless a file is called so, or it is the only one */
export async function note(words: readonly string[], options: NoteOptions, io: CliIo): Promise<number> {
  const hasText = words.length > 1 && !existsSync(words[words.length - 1]);
  const files = hasText ? words.slice(0, -1) : words;
  const text = hasText ? words[words.length - 1] : undefined;
  const { mark = false, remove = false } = options;
  const refuse = (why: string): number => {
    tell(io, why);
    return EXIT_USAGE;
  };
  const refusal = refusalOf(text, mark, remove);
  if (refusal !== null) return refuse(refusal);
  const signal = new AbortController().signal;
  return withNotes(files, [], io, async (notes, analysis) => {
    const target = targetOf(options, analysis);
    if (typeof target === 'string') return refuse(`${files.join(', ')}: ${target}`);
    const place = placeOf(target, analysis);
    const file = files[place.file];
    const before = await notes['notes.read']({}, signal);
    if (before.why !== null) return refuse(`${file}: ${before.why}`);
    const own = before.notes.filter(
      (one) => !one.isFromFile && one.file === place.file && subjectKey(one.about) === place.key,
    );
    if (remove) {
      if (own.length === 0) return refuse(`${file}: there is no note of yours on it`);
      await notes['notes.remove']({ notes: own }, signal);
      return EXIT_OK;
    }
    const now = own.at(0);
    await notes['notes.put'](
      {
        id: now?.id ?? null,
        version: now?.version ?? 0,
        target,
        text: text ?? now?.text ?? '',
        isMarked: mark || now?.isMarked === true,
      },
      signal,
    );
    return EXIT_OK;
  });
}

function refusalOf(text: string | undefined, mark: boolean, remove: boolean): string | null {
  if (remove) return text === undefined && !mark ? null : '--remove takes neither a text nor --mark';
  if (text === undefined) return mark ? null : 'say what to note, or --mark, or --remove';
  if (text.trim() === '') return 'a note has a text; --remove removes one';
  if (text.length > NOTE_BOUNDS.textLength)
    return `a note has ${NOTE_BOUNDS.textLength} characters at most; this one has ${text.length}`;
  return null;
}

/** @returns a text for what is not there */
function targetOf(options: NoteOptions, { session }: Analysis): NoteTarget | string {
  const { packet, flow, reset, finding } = options;
  try {
    if (packet !== undefined) return packetNamed(packet, session);
    if (reset !== undefined) return { kind: 'reset', id: resetPlace(session, reset).reset };
  } catch (error) {
    if (error instanceof FrameTrouble) return error.message;
    throw error;
  }
  if (flow !== undefined) {
    return session.flows.flowOf(flow as Parameters<typeof session.flows.flowOf>[0]) < 0
      ? `there is no connection number ${flow}`
      : { kind: 'flow', id: flow };
  }
  if (finding !== undefined) {
    const { list, total } = session.findings(session.resetIds(), Math.max(1, finding));
    const found = finding === 0 ? undefined : list.at(finding - 1);
    if (found === undefined) return `there is no finding number ${finding}; there are ${total}`;
    return { kind: 'finding', key: findingKey(found), reset: found.examples[0] };
  }
  if (session.files.length > 1)
    return 'a note on a whole capture names one file; say by --packet, --flow, --reset or --finding what it is on';
  return { kind: 'capture', file: 0 };
}

/** @throws FrameTrouble */
function packetNamed(text: string, session: Session): NoteTarget | string {
  const paths = session.files.map(({ path }) => path);
  const { file, frame } = framePlace(text, paths);
  const id = frameAt(session.packets, file, frame);
  if (id >= 0) return { kind: 'packet', id };
  return `there is no frame ${frame}${paths.length > 1 ? ` in ${basename(paths[file])}` : ''}`;
}

/** Where the note is kept: its file, and by what it is known there. */
function placeOf(target: NoteTarget, { session }: Analysis): { readonly file: number; readonly key: string } {
  const { file, frame } = anchorOf(session, target) ?? { file: 0, frame: 0 };
  if (target.kind === 'capture') return { file, key: 'capture' };
  if (target.kind === 'finding') return { file, key: `finding ${target.key}` };
  return { file, key: subjectKey({ kind: target.kind, frame } as Subject) };
}
