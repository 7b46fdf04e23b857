/** Asks for the notes when a capture has been read or another one is shown, and when somebody comes back to this window. */
import { errorText } from '../../shared/format/error.ts';
import type { Disposable } from '../../shared/base/disposable.ts';
import { toDisposable } from '../../shared/base/disposable.ts';
import { NOTE_BOUNDS } from '../../shared/notes/note.ts';
import type { Link } from './link.ts';
import { markedIn, NOTES_START, withNotes } from './notes-slice.ts';
import type { AppStore } from './store.ts';

export function keepNotesInStep(store: AppStore, link: Link): Disposable {
  let asked = 0;

  async function read(isEnd: boolean): Promise<void> {
    const number = ++asked;
    const { capture } = store.getState().progress;
    const isOld = (): boolean => number !== asked || store.getState().progress.capture !== capture;
    try {
      let notes = await link.call('notes.read', {});
      if (isOld()) return;
      // What was marked while the capture was read is kept from now on.
      const marked = markedIn(notes);
      const early = isEnd ? store.getState().markedPackets.filter((one) => !marked.includes(one)) : [];
      if (early.length > 0 && notes.why === null) {
        const targets = early.slice(0, NOTE_BOUNDS.entries).map((id) => ({ kind: 'packet' as const, id }));
        notes = await link.call('notes.mark', { targets, isMarked: true });
        if (isOld()) return;
      }
      const isKept = notes.why === null && notes.files.length > 0;
      store.setState({ ...withNotes(notes), ...(isKept ? { markedPackets: markedIn(notes) } : {}) });
    } catch (error) {
      if (!isOld()) store.setState({ notesError: errorText(error) });
    }
  }

  const stop = store.subscribe(({ progress }, { progress: before }) => {
    const isOther = progress.capture !== before.capture || progress.phase === 'empty';
    if (isOther && store.getState().notes !== NOTES_START.notes) store.setState(NOTES_START);
    if (progress.phase === 'empty' || (!isOther && progress.phase === before.phase)) return;
    void read(!isOther);
  });
  // Another window or program may have kept some meanwhile.
  const onFocus = (): void => {
    if (store.getState().progress.phase !== 'empty') void read(false);
  };
  window.addEventListener('focus', onFocus);
  return toDisposable(() => {
    asked++;
    stop();
    window.removeEventListener('focus', onFocus);
  });
}
