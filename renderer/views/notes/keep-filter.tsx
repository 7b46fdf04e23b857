/** Keeps the filter of the list of packets with the capture, so that whoever gets the notes has it, too. */
import { useState } from 'react';
import { sanitiseText } from '../../../shared/format/text.ts';
import { useApp, useAppState } from '../../core/app-context.ts';
import { canNote } from '../../state/notes-slice.ts';
import { Button } from '../../ui/button.tsx';

const MAX_NAME = 80;
const MAX_TOLD = 200;

export function KeepFilter() {
  const { actions } = useApp();
  const filter = useAppState((state) => state.packetQuery.filter);
  const isOffered = useAppState((state) => canNote(state) && !state.notesAbout.has(`filter ${filter}`));
  const [name, setName] = useState('');
  const [error, setError] = useState<string | null>(null);
  if (filter === '' || !isOffered) return null;
  return (
    <form
      className="notes-keep"
      onSubmit={(event) => {
        event.preventDefault();
        void actions.keepFilter(filter, name.trim()).then(setError);
      }}
    >
      <span>
        The packets are filtered by <code className="mono">{sanitiseText(filter, MAX_TOLD)}</code>
      </span>
      <span className="field-box">
        <input
          aria-label="Name of the filter"
          placeholder="What it shows"
          value={name}
          maxLength={MAX_NAME}
          onChange={(event) => {
            setName(event.target.value);
          }}
        />
      </span>
      <Button type="submit">Keep this filter</Button>
      {error === null ? null : (
        <span className="tone-bad" role="alert">
          {error}
        </span>
      )}
    </form>
  );
}
