/** The note on one thing is written, marked, or removed. */
import { useId, useRef, useState } from 'react';
import type { RefObject } from 'react';
import { errorText } from '../../shared/format/error.ts';
import type { NoteTarget } from '../../shared/model/notes.ts';
import { NOTE_BOUNDS } from '../../shared/notes/note.ts';
import { useApp, useAppState } from '../core/app-context.ts';
import { ownNotes } from '../core/note-actions.ts';
import { noteKey } from '../state/notes-slice.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { targetText } from './note-words.ts';
import './notes.css';

export function NoteDialog() {
  const { actions } = useApp();
  const isOpen = useAppState((state) => state.dialog === 'note');
  const target = useAppState((state) => state.noteTarget);
  const first = useRef<HTMLTextAreaElement>(null);
  if (target === null) return null;
  return (
    <Dialog
      open={isOpen}
      initialFocus={first}
      onClose={() => {
        actions.setDialog(null);
      }}
      title={`Note on ${targetText(target)}`}
      look="note-dialog"
    >
      <NoteForm key={noteKey(target)} target={target} first={first} />
    </Dialog>
  );
}

interface NoteFormProps {
  readonly target: NoteTarget;
  readonly first: RefObject<HTMLTextAreaElement | null>;
}

function NoteForm({ target, first }: NoteFormProps) {
  const { actions, store } = useApp();
  // What another window writes meanwhile does not take away what is typed: it stays beside it as a note of its own.
  const [own] = useState(() => ownNotes(store.getState(), target).at(0) ?? null);
  const [text, setText] = useState(own?.text ?? '');
  const [isMarked, setIsMarked] = useState(own?.isMarked ?? false);
  const [error, setError] = useState<string | null>(null);
  const id = useId();
  const save = async (): Promise<void> => {
    // A mark that was on its way when this was opened becomes part of the note.
    const mark = own === null ? ownNotes(store.getState(), target).find((one) => one.text === '') : undefined;
    const refusal = await actions.saveNote(
      target,
      own ?? mark ?? null,
      text.trim(),
      isMarked || mark?.isMarked === true,
    );
    setError(refusal);
    if (refusal === null) actions.setDialog(null);
  };
  const onSave = (): void => {
    save().catch((reason: unknown) => {
      setError(errorText(reason));
    });
  };
  return (
    <form
      className="note-form"
      onSubmit={(event) => {
        event.preventDefault();
        onSave();
      }}
    >
      <textarea
        ref={first}
        aria-label="Note"
        aria-describedby={error === null ? undefined : id}
        value={text}
        rows={6}
        maxLength={NOTE_BOUNDS.textLength}
        placeholder="What is to be known about it"
        onChange={(event) => {
          setText(event.target.value);
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          onSave();
        }}
      />
      {error === null ? null : (
        <p id={id} className="tone-bad" role="alert">
          {error}
        </p>
      )}
      <footer className="note-form-end">
        <label className="note-check">
          <input
            type="checkbox"
            checked={isMarked}
            onChange={(event) => {
              setIsMarked(event.target.checked);
            }}
          />
          Marked
        </label>
        <span className="spring" />
        {own === null ? null : (
          <Button
            onClick={() => {
              void actions.removeNotes([own]);
              actions.setDialog(null);
            }}
          >
            Remove
          </Button>
        )}
        <Button look="primary" type="submit" title="Save (Ctrl+Enter)">
          Save
        </Button>
      </footer>
    </form>
  );
}
