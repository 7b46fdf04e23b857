/** The notes that show on something, the user's and those of the capture's file. */
import type { PlacedNote } from '../../shared/model/notes.ts';
import { useAppState } from '../core/app-context.ts';

const NONE: readonly PlacedNote[] = [];

/** Whether the capture has notes: lists have no room to spare for a column of none. */
export function useHasNotes(): boolean {
  return useAppState((state) => state.notesAbout.size > 0);
}

/** @param key see noteKey */
export function useNotesAbout(key: string): readonly PlacedNote[] {
  return useAppState((state) => state.notesAbout.get(key)) ?? NONE;
}
