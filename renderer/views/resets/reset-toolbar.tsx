/** Above the list of resets: filter, time, pane. */
import { useApp, useAppState } from '../../core/app-context.ts';
import { FollowButton } from '../../lists/follow-button.tsx';
import { PaneButton } from '../../lists/pane-button.tsx';
import { TimeButton } from '../../lists/time-button.tsx';
import { FilterField } from '../../filter/filter-field.tsx';

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
  const { actions } = useApp();
  const all = useAppState((state) => state.progress.resets);
  return (
    <div className="toolbar">
      <FilterField
        list="resets"
        placeholder="Filter: address, name, cause, origin:middlebox, idle:>60 …"
        chips={CHIPS}
        all={all}
        onLeave={onLeave}
      />
      <FollowButton
        list="resets"
        onSortByTime={() => {
          actions.lists.resets.sort({ sort: 'time', direction: 'ascending' });
        }}
      />
      <TimeButton />
      <PaneButton of="resets" name="the verdict" />
    </div>
  );
}
