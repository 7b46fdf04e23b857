/** `resetscope note`: keeps one note. */
import type { NoteTarget } from '../../shared/model/notes.ts';
import { findingKey } from '../../shared/notes/finding-key.ts';
import { NOTE_BOUNDS, subjectKey, type Subject } from '../../shared/notes/note.ts';
import type { Analysis } from '../host/analysis.ts';
import { anchorOf } from '../host/notes/noted-capture.ts';
import { frameAt } from '../host/frame-at.ts';
import { EXIT_OK, EXIT_USAGE } from './exit-codes.ts';
import type { CliIo } from './io.ts';
import { tell, withNotes } from './note-files.ts';

export interface NoteOptions {
  readonly packet?: number;
  readonly flow?: number;
  readonly reset?: number;
  readonly finding?: number;
  readonly mark?: boolean;
  readonly remove?: boolean;
}

export async function note(
  file: string,
  text: string | undefined,
  options: NoteOptions,
  io: CliIo,
): Promise<number> {
  const { mark = false, remove = false } = options;
  const refusal = refusalOf(text, mark, remove);
  if (refusal !== null) {
    tell(io, refusal);
    return EXIT_USAGE;
  }
  const signal = new AbortController().signal;
  return withNotes([file], [], io, async (notes, analysis) => {
    const target = targetOf(options, analysis);
    if (typeof target === 'string') {
      tell(io, `${file}: ${target}`);
      return EXIT_USAGE;
    }
    const before = await notes['notes.read']({}, signal);
    if (before.why !== null) {
      tell(io, `${file}: ${before.why}`);
      return EXIT_USAGE;
    }
    const key = keyOf(target, analysis);
    const own = before.notes.filter(({ about, isFromFile }) => !isFromFile && subjectKey(about) === key);
    if (remove) {
      if (own.length === 0) {
        tell(io, `${file}: there is no note of yours on it`);
        return EXIT_USAGE;
      }
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
  if (packet !== undefined) {
    const id = frameAt(session.packets, 0, packet);
    return id < 0 ? `there is no frame ${packet}` : { kind: 'packet', id };
  }
  if (flow !== undefined) {
    return session.flows.flowOf(flow as Parameters<typeof session.flows.flowOf>[0]) < 0
      ? `there is no connection number ${flow}`
      : { kind: 'flow', id: flow };
  }
  if (reset !== undefined) {
    const id = [...session.resetSightings()].find((one) => session.resetRow(one).frame === reset);
    return id === undefined ? `frame ${reset} is no reset` : { kind: 'reset', id };
  }
  if (finding !== undefined) {
    const { list, total } = session.findings(session.resetIds(), Math.max(1, finding));
    const found = finding === 0 ? undefined : list.at(finding - 1);
    if (found === undefined) return `there is no finding number ${finding}; there are ${total}`;
    return { kind: 'finding', key: findingKey(found), reset: found.examples[0] };
  }
  return { kind: 'capture', file: 0 };
}

function keyOf(target: NoteTarget, { session }: Analysis): string {
  if (target.kind === 'capture') return 'capture';
  if (target.kind === 'finding') return `finding ${target.key}`;
  const { frame } = anchorOf(session, target) ?? { frame: 0 };
  return subjectKey({ kind: target.kind, frame } as Subject);
}
