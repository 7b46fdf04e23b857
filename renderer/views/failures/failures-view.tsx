/** The list of connections that failed without a reset, and beside it the one selected. */
import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { CircleCheck, FilterX, Radar } from 'lucide-react';
import { plural } from '../../../shared/format/count.ts';
import type { FailureRow } from '../../../shared/model/failure.ts';
import { useApp, useAppState } from '../../core/app-context.ts';
import { ListTimeline } from '../../timeline/list-timeline.tsx';
import { OutOfRange } from '../../timeline/out-of-range.tsx';
import { useClock } from '../../core/clock.ts';
import { ListAndPane } from '../../lists/list-and-pane.tsx';
import { ListPane } from '../../lists/list-pane.tsx';
import { ListStatus } from '../../lists/list-status.tsx';
import { RowList } from '../../lists/row-list.tsx';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { failureColumns } from './failure-columns.tsx';
import { FailurePane } from './failure-pane.tsx';
import { FailureToolbar } from './failure-toolbar.tsx';

export function FailuresView() {
  const selected = useAppState((state) => state.failure);
  const isOpen = useAppState((state) => state.verdictOpen);
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
  const { actions, feeds } = useApp();
  const clock = useClock();
  const query = useAppState((state) => state.failureQuery);
  const selected = useAppState((state) => state.failure);
  const cursor = useAppState((state) => state.failureCursor);
  const files = useAppState((state) => state.summary?.files.length ?? 1);
  const columns = useMemo(() => failureColumns(clock, files), [clock, files]);
  const onOpen = useCallback(
    (row: FailureRow) => {
      actions.openFailure(row.id);
    },
    [actions],
  );
  return (
    <ListPane Toolbar={FailureToolbar} below={<ListTimeline list="failures" />}>
      <RowList
        label="Failures"
        feed={feeds.failures}
        columns={columns}
        sorting={{ sort: query.sort, direction: query.direction, onSort: actions.sortFailures }}
        idOf={(row) => row.id}
        selected={selected}
        cursor={cursor}
        toneOf={(row) => (row.matters ? 'does-matter' : '')}
        onCursor={actions.selectFailure}
        onOpen={onOpen}
        locate={actions.locateFailure}
        noun="failure"
      />
      <FailureListEmpty filter={query.filter} />
    </ListPane>
  );
}

function FailureListEmpty({ filter }: { readonly filter: string }) {
  const { actions, feeds } = useApp();
  const phase = useAppState((state) => state.progress.phase);
  const connections = useAppState((state) => state.endings?.connections ?? 0);
  const isNarrowed = useAppState((state) => state.range !== null);
  const { shown } = useSyncExternalStore(feeds.failures.subscribe, feeds.failures.getState);
  if (shown?.total !== 0) return <ListStatus feed={feeds.failures} />;
  if (isNarrowed) return <OutOfRange noun="failure" />;
  if (filter !== '') {
    return (
      <Empty
        icon={<FilterX size={26} strokeWidth={1.4} />}
        title="No failure passes this filter"
        actions={
          <Button
            onClick={() => {
              actions.filterFailures('');
            }}
          >
            Show all
          </Button>
        }
      >
        <code>{filter}</code>
      </Empty>
    );
  }
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
