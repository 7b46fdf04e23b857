/** In the place of a list of which nothing lies in the selected time. */
import { CalendarX2 } from 'lucide-react';
import { useApp, useAppState } from '../core/app-context.ts';
import { useClock } from '../core/clock.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { timeText } from '../words/values.ts';

/** @param noun one of what the list holds */
export function OutOfRange({ noun }: { readonly noun: string }) {
  const { actions } = useApp();
  const clock = useClock();
  const range = useAppState((state) => state.range);
  if (range === null) return null;
  return (
    <Empty
      icon={<CalendarX2 size={26} strokeWidth={1.4} />}
      title={`No ${noun} in the selected time`}
      actions={
        <Button
          onClick={() => {
            actions.setRange(null);
          }}
        >
          Show all of the time
        </Button>
      }
    >
      Only {timeText(clock, range.fromNs)} to {timeText(clock, range.toNs)} is shown, as selected in the
      timeline.
    </Empty>
  );
}
