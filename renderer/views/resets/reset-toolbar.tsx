/** Above the list of resets: filter, time, pane. */
import { PanelRight } from 'lucide-react';
import { useCallback } from 'react';
import { useApp, useAppState } from '../../core/app-context.ts';
import { IconButton } from '../../ui/button.tsx';
import { FollowButton } from '../../lists/follow-button.tsx';
import { TimeButton } from '../../lists/time-button.tsx';
import { FilterField } from '../../lists/filter-field.tsx';

const CHIPS = [
  'matters:yes',
  'origin:middlebox',
  'origin:endpoint',
  'origin:unknown',
  'cause:idle',
  'conf:>0.9',
  'unacked:>0',
];

export function ResetToolbar({ onLeave }: { readonly onLeave: () => void }) {
  const { actions, feeds } = useApp();
  const filter = useAppState((state) => state.resetQuery.filter);
  const all = useAppState((state) => state.progress.resets);
  const isOpen = useAppState((state) => state.verdictOpen);
  const onFilter = useCallback(
    (next: string) => {
      actions.setFilter('resets', next);
    },
    [actions],
  );
  return (
    <div className="toolbar">
      <FilterField
        label="Filter resets"
        placeholder="Filter: address, name, cause, origin:middlebox, idle:>60 …"
        filter={filter}
        chips={CHIPS}
        onFilter={onFilter}
        feed={feeds.resets}
        all={all}
        onLeave={onLeave}
      />
      <FollowButton
        list="resets"
        onSortByTime={() => {
          actions.sortResets({ sort: 'time', direction: 'ascending' });
        }}
      />
      <TimeButton />
      <IconButton
        label={isOpen ? 'Hide the verdict' : 'Show the verdict'}
        pressed={isOpen}
        icon={<PanelRight size={15} aria-hidden="true" />}
        onClick={() => {
          actions.setVerdictOpen(!isOpen);
        }}
      />
    </div>
  );
}
