/** The columns of a list of packets, as the capture and the user's choices have them. */
import { useFileNames } from '../lists/use-files.ts';
import { useMemo } from 'react';
import { useAppState } from '../core/app-context.ts';
import { useClock } from '../core/clock.ts';
import { withNoteColumn } from '../notes/note-cell.tsx';
import { useHasNotes } from '../notes/use-notes-about.ts';
import { packetColumns } from './packet-columns.tsx';
import type { PacketColumn } from './packet-columns.tsx';

export function usePacketColumns(isOfFlow: boolean): readonly PacketColumn[] {
  const clock = useClock();
  const files = useFileNames();
  // Widths follow the number of digits, not every packet that comes.
  const frames = useAppState((state) => 10 ** String(state.progress.packets).length - 1);
  const isRaw = useAppState((state) => state.rawNumbers);
  const hasNotes = useHasNotes();
  const marked = useAppState((state) => state.markedPackets);
  return useMemo(() => {
    const marks = new Set(marked);
    const columns = packetColumns({
      ...{ clock, files, frames, isOfFlow, isRaw },
      isMarked: (packet) => marks.has(packet),
    });
    return withNoteColumn(columns, hasNotes);
  }, [clock, files, frames, isOfFlow, isRaw, marked, hasNotes]);
}
