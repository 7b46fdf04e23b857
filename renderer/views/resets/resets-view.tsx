/** The list of resets, and the verdict on the one selected beside it. */
import { withNoteColumn } from '../../notes/note-cell.tsx';
import { useHasNotes } from '../../notes/use-notes-about.ts';
import { useFileNames } from '../../lists/use-files.ts';
import { useCallback, useMemo } from 'react';
import { FilterX, Radar } from 'lucide-react';
import { plural } from '../../../shared/format/count.ts';
import type { ResetRow } from '../../../shared/model/rows.ts';
import { useApp, useAppState } from '../../core/app-context.ts';
import { useClock } from '../../core/clock.ts';
import { ListAndPane } from '../../lists/list-and-pane.tsx';
import { ListView } from '../../lists/list-view.tsx';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { VerdictPane } from '../verdict/verdict-pane.tsx';
import { ResetToolbar } from './reset-toolbar.tsx';
import { resetColumns } from './reset-columns.tsx';

export function ResetsView() {
  const selected = useAppState((state) => state.reset);
  const isOpen = useAppState((state) => state.openPanes.resets);
  return (
    <ListAndPane
      id="resets"
      list={<ResetList />}
      pane={isOpen && selected !== null ? <VerdictPane id={selected} /> : null}
      paneName="the verdict"
    />
  );
}

function ResetList() {
  const { actions } = useApp();
  const clock = useClock();
  const files = useFileNames();
  const frames = useAppState((state) => 10 ** String(state.progress.packets).length - 1);
  const hasNotes = useHasNotes();
  const columns = useMemo(
    () => withNoteColumn(resetColumns(clock, files, frames), hasNotes),
    [clock, files, frames, hasNotes],
  );
  const onOpen = useCallback(
    (row: ResetRow) => {
      actions.openVerdict(row.id);
    },
    [actions],
  );
  return (
    <ListView
      list="resets"
      label="Resets"
      noun="reset"
      columns={columns}
      Toolbar={ResetToolbar}
      whenEmpty={<NoResets />}
      toneOf={toneOf}
      onOpen={onOpen}
    />
  );
}

function toneOf(row: ResetRow): string {
  return row.matters ? 'does-matter' : '';
}

function NoResets() {
  const { actions } = useApp();
  const phase = useAppState((state) => state.progress.phase);
  const failures = useAppState((state) => state.endings?.failures ?? 0);
  if (phase === 'following') {
    return (
      <Empty icon={<Radar size={26} strokeWidth={1.4} />} title="No reset so far">
        Resets are listed here as they come.
      </Empty>
    );
  }
  return (
    <Empty
      icon={<FilterX size={26} strokeWidth={1.4} />}
      title="No resets"
      actions={
        failures === 0 ? undefined : (
          <Button
            onClick={() => {
              actions.filterFailures('');
            }}
          >
            Show the failures
          </Button>
        )
      }
    >
      No packet of this capture carries the RST flag, so far as it is read.
      {failures === 0 ? '' : ` ${plural(failures, 'connection')} failed without one.`}
    </Empty>
  );
}
