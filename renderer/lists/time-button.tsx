/** Switches the times of all lists between the time of day and the time since the first packet. */
import { Clock3 } from 'lucide-react';
import { useApp, useAppState } from '../core/app-context.ts';
import { IconButton } from '../ui/button.tsx';

export function TimeButton() {
  const { actions } = useApp();
  const style = useAppState((state) => state.timeStyle);
  return (
    <IconButton
      label={style === 'relative' ? 'Show times of day (UTC)' : 'Show seconds since the first packet'}
      pressed={style === 'absolute'}
      icon={<Clock3 size={15} aria-hidden="true" />}
      onClick={() => {
        actions.setTimeStyle(style === 'relative' ? 'absolute' : 'relative');
      }}
    />
  );
}
