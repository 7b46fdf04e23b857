/** Above the list of failures: filter, time, pane. */
import { PanelRight } from 'lucide-react';
import { useCallback } from 'react';
import { useApp, useAppState } from '../../core/app-context.ts';
import { FilterField } from '../../lists/filter-field.tsx';
import { TimeButton } from '../../lists/time-button.tsx';
import { IconButton } from '../../ui/button.tsx';

const CHIPS = [
  'matters:yes',
  'ending:no-answer',
  'ending:went-silent',
  'ending:stalled',
  'side:server',
  'recovered:no',
  'seconds:>5',
];

export function FailureToolbar({ onLeave }: { readonly onLeave: () => void }) {
  const { actions, feeds } = useApp();
  const filter = useAppState((state) => state.failureQuery.filter);
  const all = useAppState((state) => state.endings?.failures ?? 0);
  const isOpen = useAppState((state) => state.verdictOpen);
  const onFilter = useCallback(
    (next: string) => {
      actions.setFilter('failures', next);
    },
    [actions],
  );
  return (
    <div className="toolbar">
      <FilterField
        label="Filter failures"
        placeholder="Filter: address, name, ending:no-answer, side:server, seconds:>5 …"
        filter={filter}
        chips={CHIPS}
        onFilter={onFilter}
        feed={feeds.failures}
        all={all}
        onLeave={onLeave}
      />
      <TimeButton />
      <IconButton
        label={isOpen ? 'Hide the failure' : 'Show the failure'}
        pressed={isOpen}
        icon={<PanelRight size={15} aria-hidden="true" />}
        onClick={() => {
          actions.setVerdictOpen(!isOpen);
        }}
      />
    </div>
  );
}
