/** The list of connections that failed without a reset, and beside it the one selected. */
import { useFileNames } from '../../lists/use-files.ts';
import { useCallback, useMemo } from 'react';
import { CircleCheck, Radar } from 'lucide-react';
import { plural } from '../../../shared/format/count.ts';
import type { FailureRow } from '../../../shared/model/failure.ts';
import { useApp, useAppState } from '../../core/app-context.ts';
import { useClock } from '../../core/clock.ts';
import { ListAndPane } from '../../lists/list-and-pane.tsx';
import { ListView } from '../../lists/list-view.tsx';
import { Empty } from '../../ui/empty.tsx';
import { failureColumns } from './failure-columns.tsx';
import { FailurePane } from './failure-pane.tsx';
import { FailureToolbar } from './failure-toolbar.tsx';

export function FailuresView() {
  const selected = useAppState((state) => state.failure);
  const isOpen = useAppState((state) => state.openPanes.failures);
  return (
    <ListAndPane
      id="failures"
      list={<FailureList />}
      pane={isOpen && selected !== null ? <FailurePane id={selected} /> : null}
      paneName="the failure"
    />
  );
}

function FailureList() {
  const { actions } = useApp();
  const clock = useClock();
  const files = useFileNames();
  const frames = useAppState((state) => 10 ** String(state.progress.packets).length - 1);
  const columns = useMemo(() => failureColumns(clock, files, frames), [clock, files, frames]);
  const onOpen = useCallback(
    (row: FailureRow) => {
      actions.openFailure(row.id);
    },
    [actions],
  );
  return (
    <ListView
      list="failures"
      label="Failures"
      noun="failure"
      columns={columns}
      Toolbar={FailureToolbar}
      whenEmpty={<NoFailures />}
      toneOf={toneOf}
      onOpen={onOpen}
    />
  );
}

function toneOf(row: FailureRow): string {
  return row.matters ? 'does-matter' : '';
}

function NoFailures() {
  const phase = useAppState((state) => state.progress.phase);
  const connections = useAppState((state) => state.endings?.connections ?? 0);
  if (phase === 'following' || phase === 'reading') {
    return (
      <Empty icon={<Radar size={26} strokeWidth={1.4} />} title="No failure so far">
        Connections that fail without a reset are listed here as they are found.
      </Empty>
    );
  }
  return (
    <Empty icon={<CircleCheck size={26} strokeWidth={1.4} />} title="No failures">
      None of {plural(connections, 'connection')} failed without a reset, as far as this capture shows them.
    </Empty>
  );
}
