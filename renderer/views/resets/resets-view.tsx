/** The list of resets, and the verdict on the one selected beside it. */
import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { FilterX, Radar } from 'lucide-react';
import { plural } from '../../../shared/format/count.ts';
import type { ResetRow } from '../../../shared/model/rows.ts';
import { useApp, useAppState } from '../../core/app-context.ts';
import { ListTimeline } from '../../timeline/list-timeline.tsx';
import { OutOfRange } from '../../timeline/out-of-range.tsx';
import { useClock } from '../../core/clock.ts';
import { ListAndPane } from '../../lists/list-and-pane.tsx';
import { RowList } from '../../lists/row-list.tsx';
import { useNewest } from '../../lists/use-newest.ts';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { VerdictPane } from '../verdict/verdict-pane.tsx';
import { ListPane } from '../../lists/list-pane.tsx';
import { ListStatus } from '../../lists/list-status.tsx';
import { ResetToolbar } from './reset-toolbar.tsx';
import { resetColumns } from './reset-columns.tsx';

export function ResetsView() {
  const selected = useAppState((state) => state.reset);
  const isOpen = useAppState((state) => state.verdictOpen);
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
  const { actions, feeds } = useApp();
  const clock = useClock();
  const query = useAppState((state) => state.resetQuery);
  const selected = useAppState((state) => state.reset);
  const cursor = useAppState((state) => state.resetCursor);
  const files = useAppState((state) => state.summary?.files.length ?? 1);
  const columns = useMemo(() => resetColumns(clock, files), [clock, files]);

  const onOpen = useCallback(
    (row: ResetRow) => {
      actions.openVerdict(row.id);
    },
    [actions],
  );
  const newest = useNewest('resets');
  return (
    <ListPane Toolbar={ResetToolbar} below={<ListTimeline list="resets" />}>
      <RowList
        label="Resets"
        feed={feeds.resets}
        columns={columns}
        sorting={{ sort: query.sort, direction: query.direction, onSort: actions.sortResets }}
        idOf={(row) => row.id}
        selected={selected}
        cursor={cursor}
        toneOf={toneOf}
        onCursor={actions.selectReset}
        onOpen={onOpen}
        locate={actions.locateReset}
        newest={newest}
        noun="reset"
      />
      <ResetListEmpty filter={query.filter} />
    </ListPane>
  );
}

function toneOf(row: ResetRow): string {
  return row.matters ? 'does-matter' : '';
}

function ResetListEmpty({ filter }: { readonly filter: string }) {
  const { actions, feeds } = useApp();
  const phase = useAppState((state) => state.progress.phase);
  const failures = useAppState((state) => state.endings?.failures ?? 0);
  const isNarrowed = useAppState((state) => state.range !== null);
  const { shown } = useSyncExternalStore(feeds.resets.subscribe, feeds.resets.getState);
  if (shown?.total !== 0) return <ListStatus feed={feeds.resets} />;
  if (isNarrowed) return <OutOfRange noun="reset" />;
  if (filter === '' && phase === 'following') {
    return (
      <Empty icon={<Radar size={26} strokeWidth={1.4} />} title="No reset so far">
        Resets are listed here as they come.
      </Empty>
    );
  }
  if (filter === '') {
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
  return (
    <Empty
      icon={<FilterX size={26} strokeWidth={1.4} />}
      title="No reset passes this filter"
      actions={
        <Button
          onClick={() => {
            actions.filterResets('');
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
