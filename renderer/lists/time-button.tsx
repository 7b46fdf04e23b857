/** Switches the times of everything that is shown: since the first packet, from the selected reset, UTC, local. */
import { Clock3 } from 'lucide-react';
import { useApp, useAppState } from '../core/app-context.ts';
import type { TimeStyle } from '../words/values.ts';
import { TIME_NAMES, TIME_STYLES } from '../words/values.ts';
import { IconButton } from '../ui/button.tsx';

export function TimeButton() {
  const { actions } = useApp();
  const style = useAppState((state) => state.timeStyle);
  return (
    <IconButton
      label={`Times: ${TIME_NAMES[style]}. Change to ${TIME_NAMES[nextStyle(style)]}`}
      icon={<Clock3 size={15} aria-hidden="true" />}
      onClick={() => {
        actions.setTimeStyle(nextStyle(style));
      }}
    />
  );
}

function nextStyle(style: TimeStyle): TimeStyle {
  return TIME_STYLES[(TIME_STYLES.indexOf(style) + 1) % TIME_STYLES.length];
}
