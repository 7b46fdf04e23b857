/** What a user can do about notes and marks. */
import { errorText } from '../../shared/format/error.ts';
import type { Notes, NoteTarget, PlacedNote } from '../../shared/model/notes.ts';
import type { Link } from '../state/link.ts';
import { canNote, markedIn, noteKey, withNotes } from '../state/notes-slice.ts';
import type { AppState, AppStore } from '../state/store.ts';

/** What Shift+N and Shift+M are about: what is selected, else the capture as a whole. */
export function selectedTarget(state: AppState): NoteTarget {
  const { view, packet, reset, flow, failure, packetsFlow } = state;
  const one = (kind: 'packet' | 'flow' | 'reset', id: number | null): NoteTarget =>
    id === null ? { kind: 'capture', file: 0 } : { kind, id };
  switch (view) {
    case 'packets':
      return one('packet', packet);
    case 'resets':
      return one('reset', reset);
    case 'flows':
      return one('flow', flow);
    case 'failures':
      return one('flow', failure);
    case 'connection':
      return packet === null ? one('flow', packetsFlow) : one('packet', packet);
    case 'overview':
    case 'endpoints':
    case 'warnings':
    case 'catch':
    case 'notes':
    case 'fleet':
      return { kind: 'capture', file: 0 };
  }
}

/** The user's own notes on just that; others that show there are about something else. */
export function ownNotes(state: Pick<AppState, 'notesAbout'>, target: NoteTarget): readonly PlacedNote[] {
  const all = state.notesAbout.get(noteKey(target)) ?? [];
  return all.filter(({ about, isFromFile }) => !isFromFile && about.kind === target.kind);
}

export function createNoteActions(
  store: AppStore,
  link: Link,
  { notice }: { notice: (text: string) => void },
) {
  /** @returns why it was refused, for people; null where it was done */
  async function change(answer: Promise<Notes>): Promise<string | null> {
    try {
      const notes = await answer;
      store.setState({ ...withNotes(notes), markedPackets: markedIn(notes) });
      return null;
    } catch (error) {
      return errorText(error);
    }
  }

  async function told(answer: Promise<Notes>): Promise<void> {
    const refusal = await change(answer);
    if (refusal !== null) notice(refusal);
  }

  function whyNot(): string | null {
    const { notes, notesError } = store.getState();
    if (canNote(store.getState())) return null;
    return notesError ?? notes.why ?? 'Notes can be kept once the capture is read.';
  }

  return {
    /** Opens the dialog of the note on it. */
    writeNote(target: NoteTarget = selectedTarget(store.getState())): void {
      const why = whyNot();
      if (why === null) store.setState({ dialog: 'note', noteTarget: target });
      else notice(why);
    },

    saveNote(
      target: NoteTarget,
      own: PlacedNote | null,
      text: string,
      isMarked: boolean,
    ): Promise<string | null> {
      return change(
        link.call('notes.put', {
          id: own?.id ?? null,
          version: own?.version ?? 0,
          target,
          text,
          isMarked,
        }),
      );
    },

    async removeNotes(notes: readonly PlacedNote[]): Promise<void> {
      await told(link.call('notes.remove', { notes: notes.map(({ file, id }) => ({ file, id })) }));
    },

    /** Marks it, or takes its mark away. */
    async toggleNoteMark(target: NoteTarget = selectedTarget(store.getState())): Promise<void> {
      const why = whyNot();
      if (why !== null) {
        notice(why);
        return;
      }
      const all = store.getState().notesAbout.get(noteKey(target)) ?? [];
      // A reset's mark may stand on its packet: then that is what is taken away.
      const others =
        target.kind === 'reset' || target.kind === 'packet' ? all : ownNotes(store.getState(), target);
      const marked = others.filter(({ isMarked }) => isMarked);
      const targets = marked.length === 0 ? [target] : marked.flatMap((note) => targetsOf(note));
      await told(link.call('notes.mark', { targets, isMarked: marked.length === 0 }));
    },

    async markPackets(packets: readonly number[], isMarked: boolean): Promise<void> {
      const targets = packets.map((id) => ({ kind: 'packet' as const, id }));
      await told(link.call('notes.mark', { targets, isMarked }));
    },

    async undoNote(): Promise<void> {
      const { undo } = store.getState().notes;
      if (undo === null) notice('There is nothing to undo.');
      else await told(link.call('notes.undo', {}));
    },

    async redoNote(): Promise<void> {
      const { redo } = store.getState().notes;
      if (redo === null) notice('There is nothing to do again.');
      else await told(link.call('notes.redo', {}));
    },

    async keepNotesBeside(file: number, isWanted: boolean): Promise<void> {
      await told(link.call('notes.keepBeside', { file, isWanted }));
    },

    /** Keeps a filter with the capture, under a name. */
    keepFilter(filter: string, name: string): Promise<string | null> {
      const target = { kind: 'filter', filter } as const;
      const own = ownNotes(store.getState(), target).at(0);
      return change(
        link.call('notes.put', {
          id: own?.id ?? null,
          version: own?.version ?? 0,
          target,
          text: name,
          isMarked: false,
        }),
      );
    },
  };
}

/** What a note is about, by the numbers of the page; none where that is not in the capture. */
export function targetsOf({ about, file, packet, flow, reset }: PlacedNote): readonly NoteTarget[] {
  switch (about.kind) {
    case 'packet':
      return packet < 0 ? [] : [{ kind: 'packet', id: packet }];
    case 'reset':
      return reset < 0 ? [] : [{ kind: 'reset', id: reset }];
    case 'flow':
      return flow < 0 ? [] : [{ kind: 'flow', id: flow }];
    case 'finding':
      return reset < 0 ? [] : [{ kind: 'finding', key: about.key, reset }];
    case 'capture':
      return [{ kind: 'capture', file }];
    case 'filter':
      return [about];
  }
}
