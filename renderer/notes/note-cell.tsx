/** Notes and marks on the row of a list. */
import { Bookmark, StickyNote } from 'lucide-react';
import { sanitiseLines } from '../../shared/format/text.ts';
import { useNotesAbout } from './use-notes-about.ts';
import { noteLine } from './note-words.ts';
import './notes.css';

interface NoteCellProps {
  /** See noteKey. */
  readonly about: string;
}

export function NoteCell({ about }: NoteCellProps) {
  const notes = useNotesAbout(about);
  if (notes.length === 0) return null;
  const line = noteLine(notes);
  const isMarked = notes.some((note) => note.isMarked);
  return (
    <span className="note-cell" title={sanitiseLines(notes.map(({ text }) => text).join('\n'))}>
      {isMarked ? <Bookmark size={11} className="note-mark" aria-label="marked" /> : null}
      {line === '' ? null : <StickyNote size={11} className="note-sign" aria-label="note:" />}
      {line}
    </span>
  );
}

/** The column of notes of any list, which is there once there are notes. @param key of a row, see noteKey */
export function noteColumn<Row>(key: (row: Row) => string) {
  return {
    id: 'note',
    title: 'Note',
    about: 'Your notes and marks (Shift+N, Shift+M), and comments of the capture’s file',
    width: 48,
    min: 30,
    grow: 0.6,
    // Narrow rather than left out: what has a note is to be seen beside the pane, too.
    rank: 0,
    cell: (row: Row) => <NoteCell about={key(row)} />,
  };
}

export function withNoteColumn<C extends { readonly id: string }>(
  columns: readonly C[],
  hasNotes: boolean,
): readonly C[] {
  return hasNotes ? columns : columns.filter(({ id }) => id !== 'note');
}
