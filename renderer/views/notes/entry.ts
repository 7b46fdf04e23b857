/** Notes, as the registry of views lists them. */
import { StickyNote } from 'lucide-react';
import type { ViewEntry } from '../../core/view-entry.ts';
import { NotesView } from './notes-view.tsx';
import './notes-view.css';

export const NOTES: ViewEntry<'notes'> = {
  id: 'notes',
  Component: NotesView,
  way: {
    title: 'Notes',
    key: '9',
    Icon: StickyNote,
    count: ({ notes }) => notes.notes.length + notes.moreComments,
  },
};
