/** A frame by its number. `g` leads here from the list. */
import { useState } from 'react';
import { useApp, useAppState } from '../core/app-context.ts';

export function GoToFrame() {
  const { actions } = useApp();
  const files = useAppState((state) => state.summary?.files.length ?? 1);
  const [text, setText] = useState('');
  return (
    <form
      className="field-box go-to-frame"
      onSubmit={(event) => {
        event.preventDefault();
        const list = event.currentTarget.closest('.list-pane')?.querySelector<HTMLElement>('[role="grid"]');
        void actions.goToFrame(text).then((isThere) => {
          if (!isThere) return;
          setText('');
          list?.focus();
        });
      }}
    >
      <input
        data-go-to-frame
        type="text"
        inputMode="numeric"
        autoComplete="off"
        spellCheck={false}
        aria-label={files > 1 ? 'Go to frame, as file:frame' : 'Go to frame'}
        placeholder={files > 1 ? '1:frame' : 'Frame'}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.preventDefault();
          setText('');
          event.currentTarget.closest('.list-pane')?.querySelector<HTMLElement>('[role="grid"]')?.focus();
        }}
      />
      {text === '' ? <kbd aria-hidden="true">g</kbd> : null}
    </form>
  );
}
