/** Where to save the captured packets, asked in the page where the host has no dialog of its own. */
import { useRef, useState } from 'react';
import type { RefObject } from 'react';
import { LIVE_LIMITS } from '../../../shared/contract/live-schemas.ts';
import { useApp, useAppState } from '../../core/app-context.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { nameStart } from '../../words/file-text.ts';
import { savedName } from '../../words/live-text.ts';

export function SaveDialog() {
  const { actions } = useApp();
  const isOpen = useAppState((state) => state.dialog === 'save');
  const field = useRef<HTMLInputElement>(null);
  return (
    <Dialog
      open={isOpen}
      onClose={() => {
        actions.setDialog(null);
      }}
      title="Save the captured packets"
      initialFocus={field}
    >
      <SaveForm field={field} />
    </Dialog>
  );
}

function SaveForm({ field }: { readonly field: RefObject<HTMLInputElement | null> }) {
  const { actions } = useApp();
  const live = useAppState((state) => state.live);
  const [path, setPath] = useState(() => (live.folder === null ? '' : `${live.folder}/${savedName(live)}`));
  const [error, setError] = useState<string | null>(null);
  const [isSaving, setIsSaving] = useState(false);
  const save = async (): Promise<void> => {
    setIsSaving(true);
    setError(await actions.saveCapture(path.trim()));
    setIsSaving(false);
  };
  return (
    <form
      className="dialog-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (path.trim() !== '' && !isSaving) void save();
      }}
    >
      <label className="option">
        <span>File on the machine that Resetscope runs on</span>
        <span className={`field-box ${error === null ? '' : 'is-wrong'}`}>
          <input
            ref={field}
            type="text"
            className="mono"
            spellCheck={false}
            autoComplete="off"
            maxLength={LIVE_LIMITS.pathLength}
            value={path}
            // The name is what people change, as in dialogs of the system; the folder may be long.
            onFocus={({ currentTarget }) => {
              currentTarget.setSelectionRange(nameStart(path), path.length);
            }}
            onChange={(event) => {
              setPath(event.target.value);
            }}
          />
        </span>
      </label>
      <p
        className={error === null ? 'field-hint' : 'field-hint tone-bad'}
        role={error === null ? undefined : 'alert'}
      >
        {error ?? 'All files of the ring become one pcapng file.'}
      </p>
      <div className="dialog-buttons">
        <span className="spring" />
        <Button
          onClick={() => {
            actions.setDialog(null);
          }}
        >
          Cancel
        </Button>
        <Button type="submit" look="primary" disabled={path.trim() === '' || isSaving}>
          {isSaving ? 'Saving…' : 'Save'}
        </Button>
      </div>
    </form>
  );
}
