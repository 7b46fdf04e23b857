/** The list of flows. */
import { withNoteColumn } from '../../notes/note-cell.tsx';
import { useHasNotes } from '../../notes/use-notes-about.ts';
import { useCallback, useMemo } from 'react';
import { FilterX, ListTree, Unplug } from 'lucide-react';
import type { FlowRow } from '../../../shared/model/rows.ts';
import { useApp, useAppState } from '../../core/app-context.ts';
import { useClock } from '../../core/clock.ts';
import { FollowButton } from '../../lists/follow-button.tsx';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { useFileNames } from '../../lists/use-files.ts';
import { ListView } from '../../lists/list-view.tsx';
import { FilterField } from '../../filter/filter-field.tsx';
import { TimeButton } from '../../lists/time-button.tsx';
import { flowColumns } from './flow-columns.tsx';

export function FlowsView() {
  const { actions } = useApp();
  const clock = useClock();
  const showResets = useCallback(
    (row: FlowRow) => {
      actions.filterResets(`flow:${row.id}`);
    },
    [actions],
  );
  const files = useFileNames();
  const hasNotes = useHasNotes();
  const columns = useMemo(
    () => withNoteColumn(flowColumns(clock, files, showResets), hasNotes),
    [clock, files, showResets, hasNotes],
  );
  const onOpen = useCallback(
    (row: FlowRow) => {
      actions.showPackets(row.id);
    },
    [actions],
  );
  return (
    <ListView
      list="flows"
      label="Flows"
      noun="flow"
      columns={columns}
      Toolbar={FlowToolbar}
      whenEmpty={
        <Empty icon={<FilterX size={26} strokeWidth={1.4} />} title="No flows">
          This capture holds no TCP or UDP, so far as it is read.
        </Empty>
      }
      toneOf={toneOf}
      onOpen={onOpen}
    />
  );
}

function toneOf(row: FlowRow): string {
  return row.resets > 0 ? 'has-resets' : '';
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
          actions.lists.flows.sort({ sort: 'start', direction: 'ascending' });
        }}
      />
      <TimeButton />
    </div>
  );
}
