/** The list of flows. */
import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { FilterX, ListTree, Unplug } from 'lucide-react';
import type { FlowRow } from '../../../shared/model/rows.ts';
import { useApp, useAppState } from '../../core/app-context.ts';
import { useClock } from '../../core/clock.ts';
import { RowList } from '../../lists/row-list.tsx';
import { FollowButton } from '../../lists/follow-button.tsx';
import { useNewest } from '../../lists/use-newest.ts';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { FilterField } from '../../filter/filter-field.tsx';
import { ListPane } from '../../lists/list-pane.tsx';
import { ListStatus } from '../../lists/list-status.tsx';
import { TimeButton } from '../../lists/time-button.tsx';
import { flowColumns } from './flow-columns.tsx';

export function FlowsView() {
  const { actions, feeds } = useApp();
  const clock = useClock();
  const query = useAppState((state) => state.flowQuery);
  const selected = useAppState((state) => state.flow);
  const cursor = useAppState((state) => state.flowCursor);
  const showResets = useCallback(
    (row: FlowRow) => {
      actions.filterResets(`flow:${row.id}`);
    },
    [actions],
  );
  const columns = useMemo(() => flowColumns(clock, showResets), [clock, showResets]);
  const onOpen = useCallback(
    (row: FlowRow) => {
      actions.showPackets(row.id);
    },
    [actions],
  );
  const newest = useNewest('flows');
  return (
    <ListPane Toolbar={FlowToolbar}>
      <RowList
        label="Flows"
        feed={feeds.flows}
        columns={columns}
        sorting={{ sort: query.sort, direction: query.direction, onSort: actions.sortFlows }}
        idOf={(row) => row.id}
        selected={selected}
        cursor={cursor}
        toneOf={(row) => (row.resets > 0 ? 'has-resets' : '')}
        onCursor={actions.selectFlow}
        onOpen={onOpen}
        newest={newest}
        noun="flow"
      />
      <FlowListEmpty filter={query.filter} />
    </ListPane>
  );
}

const CHIPS = [
  'resets:>0',
  'ending:no-answer',
  'retransmissions:>0',
  'app:tls',
  'app:http',
  'proto:udp',
  'duration:>60s',
  'rtt:>200ms',
];

function FlowToolbar({ onLeave }: { readonly onLeave: () => void }) {
  const { actions } = useApp();
  const all = useAppState((state) => state.progress.flows);
  const selected = useAppState((state) => state.flow);
  return (
    <div className="toolbar">
      <FilterField
        list="flows"
        placeholder="Filter: address, name, app:tls, resets:>0, rtt:>200ms …"
        chips={CHIPS}
        all={all}
        onLeave={onLeave}
      />
      {selected === null ? null : (
        <>
          <Button
            look="quiet"
            icon={<ListTree size={14} aria-hidden="true" />}
            onClick={() => {
              actions.showPackets(selected);
            }}
          >
            Packets
          </Button>
          <Button
            look="quiet"
            icon={<Unplug size={14} aria-hidden="true" />}
            onClick={() => {
              actions.filterResets(`flow:${selected}`);
            }}
          >
            Its resets
          </Button>
        </>
      )}
      <FollowButton
        list="flows"
        onSortByTime={() => {
          actions.sortFlows({ sort: 'start', direction: 'ascending' });
        }}
      />
      <TimeButton />
    </div>
  );
}

function FlowListEmpty({ filter }: { readonly filter: string }) {
  const { actions, feeds } = useApp();
  const { shown } = useSyncExternalStore(feeds.flows.subscribe, feeds.flows.getState);
  if (shown?.total !== 0) return <ListStatus feed={feeds.flows} />;
  return (
    <Empty
      icon={<FilterX size={26} strokeWidth={1.4} />}
      title={filter === '' ? 'No flows' : 'No flow passes this filter'}
      actions={
        filter === '' ? undefined : (
          <Button
            onClick={() => {
              actions.setFilter('flows', '');
            }}
          >
            Show all
          </Button>
        )
      }
    >
      {filter === '' ? 'This capture holds no TCP or UDP, so far as it is read.' : <code>{filter}</code>}
    </Empty>
  );
}
