/** Notes on the capture that is shown, as the host keeps them, and the one that is being written. */
import { NO_NOTES, type Notes, type NoteTarget, type PlacedNote } from '../../shared/model/notes.ts';

export interface NotesState {
  readonly notes: Notes;
  /** The same by what they are about, see noteKey. */
  readonly notesAbout: ReadonlyMap<string, readonly PlacedNote[]>;
  /** What the dialog of a note is about; null where none is written. */
  readonly noteTarget: NoteTarget | null;
  /** Why the notes could not be asked for; null otherwise. */
  readonly notesError: string | null;
}

export const NOTES_START: NotesState = {
  notes: NO_NOTES,
  notesAbout: new Map(),
  noteTarget: null,
  notesError: null,
};

/** By what the page knows the same thing, whichever list shows it. */
export function noteKey(target: NoteTarget): string {
  switch (target.kind) {
    case 'packet':
    case 'flow':
    case 'reset':
      return `${target.kind} ${target.id}`;
    case 'finding':
      return `finding ${target.key}`;
    case 'capture':
      return `capture ${target.file}`;
    case 'filter':
      return `filter ${target.filter}`;
  }
}

/** The state after the host answered. */
export function withNotes(notes: Notes): Pick<NotesState, 'notes' | 'notesAbout' | 'notesError'> {
  const about = new Map<string, PlacedNote[]>();
  for (const note of notes.notes) {
    for (const key of keysOf(note)) {
      const others = about.get(key);
      if (others === undefined) about.set(key, [note]);
      else others.push(note);
    }
  }
  return { notes, notesAbout: about, notesError: null };
}

/** A reset is a packet, too: a note on the one shows on the other. */
function keysOf({ about, file, packet, flow, reset }: PlacedNote): readonly string[] {
  switch (about.kind) {
    case 'packet':
    case 'reset':
      return [...(packet < 0 ? [] : [`packet ${packet}`]), ...(reset < 0 ? [] : [`reset ${reset}`])];
    case 'flow':
      return flow < 0 ? [] : [`flow ${flow}`];
    case 'finding':
      return [`finding ${about.key}`];
    case 'capture':
      return [`capture ${file}`];
    case 'filter':
      return [`filter ${about.filter}`];
  }
}

/** Numbers of the packets that are marked, ascending. */
export function markedIn({ notes }: Notes): readonly number[] {
  const marked = notes.filter(
    ({ isMarked, packet, about }) => isMarked && packet >= 0 && isOfPacket(about.kind),
  );
  return [...new Set(marked.map(({ packet }) => packet))].sort((a, b) => a - b);
}

function isOfPacket(kind: PlacedNote['about']['kind']): boolean {
  return kind === 'packet' || kind === 'reset';
}

/** Whether the host keeps notes of what is shown now. */
export function canNote({ notes }: NotesState): boolean {
  return notes.why === null && notes.files.length > 0;
}
