/** The commands that keep notes and marks on what is selected. */
import type { App } from '../core/app-context.ts';
import { noteKey } from '../state/notes-slice.ts';
import { selectedTarget } from '../core/note-actions.ts';
import { targetText } from '../notes/note-words.ts';
import { focusedFinding } from './focused-finding.ts';
import type { Command, Section } from './command.ts';

export function noteCommands({ store, actions }: App): Command[] {
  const state = store.getState();
  const target = selectedTarget(state);
  const section: Section = 'Notes';
  const isMarked = (state.notesAbout.get(noteKey(target)) ?? []).some((note) => note.isMarked);
  const { undo, redo } = state.notes;
  return [
    {
      id: 'note',
      section,
      title: `Note on ${targetText(target)}…`,
      keys: 'shift+n',
      words: ['comment', 'annotate', 'write'],
      run: () => {
        actions.writeNote(focusedFinding(state) ?? target);
      },
    },
    {
      id: 'note-mark',
      section,
      title: isMarked ? `Take the mark from ${targetText(target)}` : `Mark ${targetText(target)}`,
      keys: 'shift+m',
      words: ['bookmark', 'star'],
      run: () => void actions.toggleNoteMark(focusedFinding(state) ?? target),
    },
    ...(undo === null
      ? []
      : [
          {
            id: 'note-undo',
            section,
            title: `Undo ${undo}`,
            keys: 'mod+z',
            run: () => void actions.undoNote(),
          },
        ]),
    ...(redo === null
      ? []
      : [
          {
            id: 'note-redo',
            section,
            title: `Do ${redo} again`,
            keys: 'mod+shift+z mod+y',
            run: () => void actions.redoNote(),
          },
        ]),
  ];
}
