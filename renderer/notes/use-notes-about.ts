/** The notes that show on something, the user's and those of the capture's file. */
import type { PlacedNote } from '../../shared/model/notes.ts';
import { useAppState } from '../core/app-context.ts';

const NONE: readonly PlacedNote[] = [];

/** @param key see noteKey */
export function useNotesAbout(key: string): readonly PlacedNote[] {
  return useAppState((state) => state.notesAbout.get(key)) ?? NONE;
}
