/** Above the list of failures: filter, time, pane. */
import { useAppState } from '../../core/app-context.ts';
import { FilterField } from '../../filter/filter-field.tsx';
import { PaneButton } from '../../lists/pane-button.tsx';
import { TimeButton } from '../../lists/time-button.tsx';

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
  const all = useAppState((state) => state.endings?.failures ?? 0);
  return (
    <div className="toolbar">
      <FilterField
        list="failures"
        placeholder="Filter: address, name, ending:no-answer, side:server, seconds:>5 …"
        chips={CHIPS}
        all={all}
        onLeave={onLeave}
      />
      <TimeButton />
      <PaneButton of="failures" name="the failure" />
    </div>
  );
}
