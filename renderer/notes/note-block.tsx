/** The notes on what is shown, and the way to write one. */
import { Bookmark, FileText, Pencil, StickyNote } from 'lucide-react';
import type { NoteTarget } from '../../shared/model/notes.ts';
import { sanitiseLines } from '../../shared/format/text.ts';
import { useApp } from '../core/app-context.ts';
import { noteKey } from '../state/notes-slice.ts';
import { IconButton } from '../ui/button.tsx';
import { targetText } from './note-words.ts';
import { useNotesAbout } from './use-notes-about.ts';
import './notes.css';

/** Nothing where there is no note. */
export function NoteBlock({ target }: { readonly target: NoteTarget }) {
  const { actions } = useApp();
  const notes = useNotesAbout(noteKey(target));
  const told = notes.filter(({ text, isMarked }) => text !== '' || isMarked);
  if (told.length === 0) return null;
  return (
    <ul className="note-block" aria-label={`Notes on ${targetText(target)}`}>
      {told.map((note, i) => (
        <li key={note.isFromFile ? `file ${i}` : note.id} className={note.isFromFile ? 'is-from-file' : ''}>
          {note.isFromFile ? (
            <FileText size={13} aria-label="From the file:" />
          ) : note.isMarked ? (
            <Bookmark size={13} className="note-mark" aria-label="Marked" />
          ) : (
            <StickyNote size={13} className="note-sign" aria-hidden="true" />
          )}
          <span className="note-text">{note.text === '' ? 'Marked' : sanitiseLines(note.text)}</span>
          {note.isFromFile || note.about.kind !== target.kind ? null : (
            <IconButton
              label="Change the note"
              keys="shift+n"
              icon={<Pencil size={13} aria-hidden="true" />}
              onClick={() => {
                actions.writeNote(target);
              }}
            />
          )}
        </li>
      ))}
    </ul>
  );
}

/** Writes a note on it. */
export function NoteButton({ target }: { readonly target: NoteTarget }) {
  const { actions } = useApp();
  return (
    <IconButton
      label={`Note on ${targetText(target)}`}
      keys="shift+n"
      icon={<StickyNote size={15} aria-hidden="true" />}
      onClick={(event) => {
        // It may stand in a row that opens.
        event.stopPropagation();
        actions.writeNote(target);
      }}
    />
  );
}
